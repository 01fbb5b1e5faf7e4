fit <- gmm1d(~ waiting, data = faithful, k = 2)
named <- `names<-`(fit, c("short", "long"))

test_that("components are named by the labels, and fields keep their names", {
  expect_identical(named$labels, c("short", "long"))
  expect_identical(names(named), names(fit))
  expect_identical(`names<-`(named, NULL), fit)
  expect_identical(unname(named), fit)
  factor <- fit
  names(factor) <- factor(c("short", "long"))
  expect_identical(factor, named)
})

test_that("a fit with names is a list of fields as before", {
  expect_identical(replace(named, "labels", list(NULL))[names(fit)], unclass(fit)[names(fit)])
  changed <- named
  changed$data_name <- "minutes"
  expect_s3_class(changed, "gmm1d")
  expect_identical(changed$labels, named$labels)
  path <- withr::local_tempfile()
  saveRDS(named, path)
  expect_identical(predict(readRDS(path), 50, "label"), predict(named, 50, "label"))
  expect_identical(c(named, fit)[[1L]]$labels, named$labels)
  expect_output(str(named), "labels +: chr")
  expect_identical(coef(named), coef(fit))
  expect_identical(vcov(named), vcov(fit))
  expect_identical(confint(named, "mu1", method = "profile"),
                   confint(fit, "mu1", method = "profile"))
  boots <- lapply(list(fit, named), function(fit) withr::with_seed(1, bootstrap(fit, 5)))
  expect_identical(boots[[1L]]$estimates, boots[[2L]]$estimates)
  expect_equal(logLik(update(named, k = 3)), logLik(update(fit, k = 3)))
  expect_identical(gmm1d(faithful$waiting, start = named)$mu,
                   gmm1d(faithful$waiting, start = fit)$mu)
  expect_identical(residuals(named), residuals(fit))
})

test_that("names are shown where components are", {
  expect_output(print(named), "component 2 (long)", fixed = TRUE)
  expect_output(print(summary(named)), "component 1 (short)", fixed = TRUE)
  expect_identical(tidy(named)[names(tidy(fit))], tidy(fit))
  expect_identical(tidy(named)$label, c("short", "long"))
  expect_identical(as.data.frame(named)$label, c("short", "long"))
  cuts <- cutpoints(named)
  numbers <- cutpoints(fit)
  expect_identical(cuts$from, named$labels[numbers$from])
  expect_identical(cuts$to, named$labels[numbers$to])
  expect_identical(cuts[-(2:3)], numbers[-(2:3)])
  by_rule <- cutpoints(named, rule = "youden")
  expect_identical(c(by_rule$from, by_rule$to), c("short", "long"))
  expect_identical(part_names(named), c("mixture", "short", "long"))
  expect_identical(density_key(2L, list(), text = part_names(named))$text, part_names(named))
})

test_that("classes are numbers, labels their names, and augment() has both in one", {
  x <- c(a = 50, b = NA, c = 80)
  expect_identical(predict(named, x), predict(fit, x))
  label <- predict(named, x, "label")
  expect_identical(levels(label), c("short", "long"))
  expect_identical(names(label), names(x))
  expect_identical(as.integer(label), unname(predict(fit, x)))
  expect_identical(levels(predict(fit, x, "label")), c("1", "2"))
  expect_identical(as.integer(augment(named)$.class), predict(fit))
  expect_identical(levels(augment(named)$.class), c("short", "long"))
  noisy <- gmm1d(c(faithful$waiting, seq(0, 200, 5)), noise = TRUE, k = 2)
  names(noisy) <- c("short", "long")
  label <- predict(noisy, c(50, 80, 150), "label")
  expect_identical(as.character(label), c("short", "long", "noise"))
  expect_identical(as.character(augment(noisy, newdata = c(50, 80, 150))$.class),
                   as.character(label))
})

test_that("new names of known components rename the labels of the data", {
  group <- ifelse(seq_along(faithful$waiting) %% 3 != 1, NA,
                  ifelse(faithful$waiting < 67, "a", "b"))
  known <- gmm1d(faithful$waiting, k = 2, labels = group)
  for (new in list(c("short", "long"), rev(known$labels))) {
    renamed <- known
    names(renamed) <- new
    expect_identical(renamed$labels, new)
    expect_identical(predict(renamed), predict(known))
    expect_identical(vcov(renamed), vcov(known))
    expect_identical(tidy(renamed)$size, tidy(known)$size)
    expect_identical(is_fixed(renamed), is_fixed(known))
    expect_identical(residuals(renamed), residuals(known))
  }
  expect_error(names(known) <- NULL, class = "gmm1d_error_argument")
})

test_that("names that occur twice in a legend are shown with their numbers", {
  clash <- fit
  names(clash) <- c("mixture", "noise")
  expect_identical(part_names(clash),
                   c("mixture", "component 1 (mixture)", "component 2 (noise)"))
})

test_that("invalid names are a classed error", {
  expect_error(names(fit) <- c("a", "b", "c"), class = "gmm1d_error_shape")
  expect_error(names(fit)[3] <- "a", class = "gmm1d_error_shape")
  expect_error(names(fit) <- c("a", NA), class = "gmm1d_error_missing")
  expect_error(names(fit) <- c("a", "a"), class = "gmm1d_error_range")
  expect_error(names(fit) <- c("a", ""), class = "gmm1d_error_range")
  expect_error(names(fit) <- 1:2, class = "gmm1d_error_type")
})
