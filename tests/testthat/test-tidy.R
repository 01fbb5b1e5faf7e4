test_that("the tables agree with broom's of the same mixture from mclust", {
  skip_if_not_installed("broom")
  skip_if_not_installed("mclust")
  mclustBIC <- mclust::mclustBIC # nolint: object_name_linter. Mclust() looks for it.
  for (model in c("V", "E")) {
    other <- mclust::Mclust(faithful$waiting, G = 2, modelNames = model, verbose = FALSE,
                            control = mclust::emControl(tol = c(1e-14, 1e-14)))
    fit <- gmm1d(faithful$waiting, k = 2, variance = if (model == "V") "free" else "equal")
    theirs <- as.data.frame(broom::tidy(other))
    expect_identical(names(tidy(fit))[seq_along(theirs)], names(theirs))
    expect_equal(tidy(fit)[names(theirs)], theirs, tolerance = 1e-5, ignore_attr = TRUE)

    theirs <- as.data.frame(broom::glance(other))
    shared <- setdiff(names(theirs), "hypvol")
    expect_identical(names(glance(fit))[seq_along(shared)], shared)
    theirs$BIC <- -theirs$BIC
    expect_equal(glance(fit)[shared], theirs[shared], tolerance = 1e-8)

    theirs <- as.data.frame(broom::augment(other, data = faithful))
    ours <- augment(fit, data = faithful)
    expect_identical(names(ours)[seq_along(theirs)], names(theirs))
    expect_equal(ours[names(theirs)], theirs, tolerance = 1e-4)
  }
})

test_that("tidy() agrees with coef() and confint()", {
  fit <- gmm1d(faithful$waiting, k = 2)
  for (method in c("wald", "profile")) {
    rows <- tidy(fit, conf.int = TRUE, conf.level = 0.9, conf.method = method)
    limits <- confint(fit, level = 0.9, method = method)
    expect_identical(c(rows$proportion, rows$mean, rows$sd), unname(coef(fit)))
    expect_identical(unname(limits), cbind(
      c(rows$proportion.conf.low, rows$mean.conf.low, rows$sd.conf.low),
      c(rows$proportion.conf.high, rows$mean.conf.high, rows$sd.conf.high)
    ))
  }
  expect_error(tidy(fit, conf.int = NA), class = "gmm1d_error_type")
  expect_error(tidy(fit, conf.int = TRUE, conf.level = 2), class = "gmm1d_error_range")
})

test_that("sizes add up to the number of values, also with weights", {
  w <- rep(1:4, 68)
  for (fit in list(gmm1d(c(NA, faithful$waiting), k = 3), gmm1d(faithful$waiting, k = 2, w))) {
    expect_equal(sum(tidy(fit)$size), fit$n)
  }
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_equal(tidy(fit)$size, as.vector(table(predict(fit))))
})

test_that("the table of many fits has the rows of each", {
  fits <- suppressWarnings(gmm1d_each(list(a = faithful$waiting, b = 1, c = faithful$eruptions),
                                      k = 2))
  for (intervals in c(FALSE, TRUE)) {
    rows <- tidy(fits, conf.int = intervals)
    expect_identical(rows$group, c("a", "a", "b", "c", "c"))
    for (name in c("a", "c")) {
      expect_equal(rows[rows$group == name, -1], tidy(fits[[name]], conf.int = intervals),
                   ignore_attr = "row.names")
    }
    expect_true(all(is.na(rows[rows$group == "b", -1])))
  }
})

test_that("augment() adds predictions to the given data", {
  fit <- gmm1d(~waiting, data = faithful, k = 2)
  added <- function(rows) rows[c(".class", ".uncertainty", ".posterior1", ".posterior2")]
  rows <- augment(fit)
  expect_identical(rows$waiting, faithful$waiting)
  expect_identical(as.integer(rows$.class), predict(fit))
  expect_identical(rows$.uncertainty, predict(fit, type = "uncertainty"))
  expect_identical(unname(as.matrix(rows[4:5])), unname(predict(fit, type = "posterior")))
  expect_identical(augment(fit, data = faithful)[names(faithful)], faithful)
  expect_identical(added(augment(fit, data = faithful)), added(rows))
  expect_identical(added(augment(gmm1d(faithful$waiting, k = 2), data = faithful)), added(rows))

  new <- augment(fit, newdata = data.frame(waiting = c(60, NA), other = c("a", "b")))
  expect_identical(new$other, c("a", "b"))
  expect_identical(is.na(new$.class), c(FALSE, TRUE))
  expect_identical(is.na(new$.posterior2), c(FALSE, TRUE))
  expect_identical(names(augment(fit, newdata = 60))[1], "waiting")
  expect_identical(levels(augment(fit, newdata = 60)$.class), c("1", "2"))
})

test_that("augment() says which data are missing", {
  expect_error(augment(gmm1d(squash(faithful$waiting), k = 2)), class = "gmm1d_error_argument")
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_error(augment(fit, data = iris), class = "gmm1d_error_shape")
  expect_error(augment(fit, data = faithful, newdata = 1), class = "gmm1d_error_argument")
  fits <- gmm1d_each(list(squash(faithful$waiting)), k = 2)
  expect_error(augment(fits), class = "gmm1d_error_argument")
})

test_that("augment() of many fits has the rows of each", {
  fits <- suppressWarnings(gmm1d_each(list(a = faithful$waiting, b = NA_real_, c = c(1, 2, 5)),
                                      k = 1:2))
  rows <- augment(fits)
  expect_identical(rows$group, rep(c("a", "b", "c"), c(272, 1, 3)))
  one <- augment(fits[["a"]])
  expect_equal(rows[rows$group == "a", seq_along(one) + 1], one, ignore_attr = "names")
  expect_true(is.na(rows$.class[rows$group == "b"]))
})

test_that("augment() of groups adds to the rows of their data, in any order of these", {
  frame <- data.frame(id = 1:272, wait = faithful$waiting, early = rep(c("b", "a"), 136),
                      day = factor(rep(c(2, 1, 3, NA), 68)))[withr::with_seed(1, sample(272)), ]
  frame$wait[5] <- NA
  frame$wait[frame$early == "b" & frame$day %in% "2"] <- 1
  fits <- quietly(gmm1d_each(wait ~ early + day, frame, k = 2))
  wide <- augment(fits, frame)
  expect_identical(wide[names(frame)], frame)
  for (i in which(!is.na(glance(fits)$k))) {
    is_here <- frame$early %in% glance(fits)$early[i] & frame$day %in% glance(fits)$day[i]
    expect_identical(wide$.posterior1[is_here], augment(fits[[i]])$.posterior1)
  }
  failed <- frame$wait %in% 1
  expect_true(all(is.na(wide$.class[failed])))
  grouped <- gmm1d_each(iris, Sepal.Length, by = Species, k = 2)
  expect_identical(augment(grouped, iris)$.class, augment(grouped)$.class)
  expect_error(augment(grouped, iris[-1, ]), "group setosa has 50 values, not 49",
               class = "gmm1d_error_shape")
  expect_error(augment(grouped, iris$Species), class = "gmm1d_error_type")
  expect_error(augment(grouped, faithful), "no `Species`", class = "gmm1d_error_argument")
})

test_that("glance() is a row that agrees with the extractors", {
  fit <- gmm1d(c(NA, faithful$waiting), k = 1:3, variance = c("free", "equal"))
  row <- glance(fit)
  expect_identical(nrow(row), 1L)
  expect_equal(row$logLik, as.numeric(logLik(fit)))
  expect_equal(c(row$AIC, row$BIC), c(AIC(fit), BIC(fit)))
  expect_identical(row[c("model", "G", "k", "variance", "nobs", "n_missing", "df")],
                   list2DF(list(model = "E", G = fit$k, k = fit$k, variance = "equal",
                                nobs = 272, n_missing = 1, df = fit$df)))
})

test_that("new values for a fit by formula are its variable, and are returned", {
  data <- data.frame(depth = quakes$depth)
  fit <- gmm1d(~ log(depth), data, k = 2)
  new <- c(50, 100, NA, 500)
  expect_identical(augment(fit, newdata = new), augment(fit, newdata = data.frame(depth = new)))
  expect_identical(augment(fit, data = data$depth), augment(fit, data = data))
  expect_identical(augment(fit, data = data)[-1L], augment(fit)[-1L])
  ratio <- gmm1d(~ I(mag / stations), quakes, k = 2)
  expect_error(augment(ratio, newdata = new), class = "gmm1d_error_argument")
})

test_that("standard errors are beside the estimates, or each parameter has its own row", {
  fit <- gmm1d(~waiting, data = faithful, k = 2)
  errors <- unname(sqrt(diag(vcov(fit))))
  wide <- tidy(fit)
  expect_equal(c(wide$proportion.std.error, wide$mean.std.error, wide$sd.std.error), errors)

  for (method in c("wald", "profile")) {
    rows <- tidy(fit, conf.int = TRUE, conf.level = 0.9, conf.method = method, type = "parameters")
    expect_identical(names(rows),
                     c("term", "component", "estimate", "std.error", "conf.low", "conf.high"))
    expect_identical(rows$term, names(coef(fit)))
    expect_identical(rows$component, rep(1:2, 3))
    expect_identical(rows$estimate, unname(coef(fit)))
    expect_equal(rows$std.error, errors)
    limits <- confint(fit, level = 0.9, method = method)
    expect_identical(cbind(rows$conf.low, rows$conf.high), unname(limits))
  }
  names(fit) <- c("short", "long")
  expect_identical(tidy(fit, type = "parameters")$label, rep(c("short", "long"), 3))
})

test_that("noise has its own row in both tables, with the standard error of its proportion", {
  fit <- gmm1d(c(faithful$waiting, seq(0, 200, 5)), k = 2, noise = TRUE)
  of_noise <- sqrt(diag(vcov(fit)))[["lambda0"]]
  wide <- tidy(fit, conf.int = TRUE)
  expect_equal(wide$proportion.std.error[1], of_noise)
  expect_identical(wide$mean.std.error[1], NA_real_)
  rows <- tidy(fit, conf.int = TRUE, type = "parameters")
  expect_identical(rows$component, c(1:2, 1:2, 1:2, 0L))
  expect_equal(rows[7, "std.error"], of_noise)
  expect_identical(wide$proportion.conf.low[1], rows$conf.low[7])
})

test_that("fixed parameters have no standard error", {
  fit <- gmm1d(faithful$waiting, fixed = list(mu = c(55, 80)))
  expect_identical(is.na(tidy(fit, type = "parameters")$std.error),
                   rep(c(FALSE, TRUE, FALSE), each = 2))
  expect_identical(tidy(fit)$mean.std.error, c(NA_real_, NA_real_))
  expect_identical(tidy(gmm1d(faithful$waiting, k = 1))$proportion.std.error, NA_real_)
})

test_that("if the information is singular, tables warn once and lack only the standard errors", {
  start <- list(lambda = c(0.5, 0.5), mu = c(70, 70), sigma = c(9, 9))
  fit <- quietly(gmm1d(faithful$waiting, start = start))
  warnings <- 0L
  count <- function(code) {
    withCallingHandlers(code, gmm1d_warning_singular = function(w) {
      warnings <<- warnings + 1L
      tryInvokeRestart("muffleWarning")
    })
  }
  for (type in c("components", "parameters")) {
    warnings <- 0L
    rows <- count(tidy(fit, conf.int = TRUE, type = type))
    expect_identical(warnings, 1L)
    expect_true(all(is.na(rows[grepl("std.error|conf", names(rows))])))
    kept <- if (type == "components") rows$sd else rows$estimate[5:6]
    expect_identical(kept, fit$sigma)
  }
  warnings <- 0L
  rows <- count(tidy(c(fit, fit, gmm1d(faithful$waiting, k = 1)), conf.int = TRUE))
  expect_identical(warnings, 1L)
  expect_identical(is.na(rows$mean.std.error), rep(c(TRUE, FALSE), c(4, 1)))
})

test_that("in the table of the parameters of many fits the keys come first", {
  fits <- suppressWarnings(gmm1d_each(list(a = faithful$waiting, b = 1, c = faithful$eruptions),
                                      k = 2))
  rows <- tidy(fits, conf.int = TRUE, type = "parameters")
  expect_identical(rows$group, c(rep("a", 6), "b", rep("c", 6)))
  for (name in c("a", "c")) {
    expect_equal(rows[rows$group == name, -1],
                 tidy(fits[[name]], conf.int = TRUE, type = "parameters"),
                 ignore_attr = "row.names")
  }
  expect_true(all(is.na(rows[rows$group == "b", -1])))
  for (type in c("components", "parameters")) {
    none <- tidy(fits[0], conf.int = TRUE, type = type)
    expect_identical(vapply(none, class, ""),
                     vapply(tidy(fits, conf.int = TRUE, type = type), class, ""))
  }
})

test_that("arguments that other packages pass to all models are accepted if they have no effect", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_identical(
    tidy(fit, exponentiate = FALSE, effects = "fixed", parametric = TRUE, vcov = NULL), tidy(fit)
  )
  expect_identical(glance(fit, vcov_type = "HC1"), glance(fit))
  expect_identical(augment(fit, se_fit = FALSE), augment(fit))
  expect_error(tidy(fit, exponentiate = TRUE), class = "gmm1d_error_argument")
  expect_error(tidy(fit, conf.lvl = 0.9), "did you mean `conf.level`")
  expect_error(glance(fit, vcov_typ = "HC1"), class = "gmm1d_error_argument")
})
