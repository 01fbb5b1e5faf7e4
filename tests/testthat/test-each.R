# Groups of several kinds, some of which cannot be fitted.
groups <- function() {
  withr::with_seed(1, list(
    one = rnorm(60), two = c(rnorm(50), rnorm(40, 5)), constant = rep(3, 9),
    rounded = round(rnorm(200, 10, 3)), empty = numeric(), missing = c(NA, rnorm(30), NaN),
    few = c(1, 5), infinite = c(1, 2, Inf), spike = c(rep(0, 20), rnorm(60))
  ))
}

each_quietly <- function(...) quietly(gmm1d_each(...))

# A fit without what only says where it comes from.
substance <- function(fit) {
  fit[c("data_name", "call")] <- NULL
  unclass(fit)
}

expect_single_calls <- function(fits, x, ...) {
  for (i in seq_along(x)) {
    alone <- tryCatch(quietly(gmm1d(x[[i]], ...)), gmm1d_error = conditionMessage)
    if (is.character(alone)) expect_identical(glance(fits)$error[i], alone)
    else expect_identical(substance(fits[[i]]), substance(alone))
  }
}

test_that("each fit is what gmm1d() gives for the data set alone", {
  x <- groups()
  expect_single_calls(each_quietly(x, k = 1:3), x, k = 1:3)
  both <- c("free", "equal")
  expect_single_calls(each_quietly(x, 1:4, variance = both, criterion = "ICL"), x, k = 1:4,
                      variance = both, criterion = "ICL")
  expect_single_calls(each_quietly(x, k = 3), x, k = 3)
  expect_single_calls(each_quietly(x[c(1, 2)]), x[c(1, 2)])
})

test_that("fixed values, rounding and the control hold in each data set", {
  x <- groups()
  fixed <- list(mu = c(0, NA), sigma = c(1, NA))
  expect_single_calls(each_quietly(x, fixed = fixed), x, fixed = fixed)
  impossible <- list(mu = c(1e9, 2e9), sigma = c(1e-3, 1e-3))
  expect_single_calls(each_quietly(x, fixed = impossible), x, fixed = impossible)
  expect_single_calls(each_quietly(x, 1:2, rounding = 1), x, k = 1:2, rounding = 1)
  expect_single_calls(each_quietly(x, 1:2, control = list(min_sigma = 0.5)), x, k = 1:2,
                      control = list(min_sigma = 0.5))
})

test_that("data in cells are squashed finer for narrow components", {
  wide <- draw(marron_wand$gaussian, 2e4)
  x <- list(narrow = c(wide, withr::with_seed(2, rnorm(3000, 1, 1e-3))), wide = wide)
  fits <- gmm1d_each(x, k = 2)
  expect_single_calls(fits, x, k = 2)
  expect_lt(min(fits$narrow$sigma), 2e-3)
  expect_false(is.null(fits$narrow$points$cells))
})

test_that("squashed data are data sets", {
  x <- groups()[c("one", "two", "rounded")]
  points <- lapply(x, squash)
  fits <- gmm1d_each(points, k = 1:3)
  expect_identical(coef(fits), coef(gmm1d_each(x, k = 1:3)))
  expect_single_calls(fits, points, k = 1:3)
  bins <- list(stamps = stamps(), waiting = hist(faithful$waiting, plot = FALSE))
  expect_single_calls(each_quietly(bins, k = 1:2), bins, k = 1:2)
})

test_that("squashed data of a database have the keys that come with them", {
  points <- lapply(groups()[c("one", "two", "constant")], squash)
  keys <- data.frame(city = c("b", "a", "a"), year = 1:3)
  plan <- gmm1d:::parse_plan(1:2, "free", "BIC", NULL, NULL, gmm1d_control())
  fits <- quietly(gmm1d:::fit_each(points, keys, plan))
  expect_identical(glance(fits)[names(keys)], keys)
  expect_identical(names(fits), c("b.1", "a.2", "a.3"))
})

test_that("groups, columns and elements of a list give the same fits", {
  values <- as.matrix(iris[1:4])
  column <- rep(colnames(values), each = 150)
  by_columns <- gmm1d_each(values, k = 1:3)
  same_table <- function(fits) expect_identical(glance(fits)[-1L], glance(by_columns)[-1L])
  same_table(gmm1d_each(iris[1:4], k = 1:3))
  same_table(gmm1d_each(lapply(iris[1:4], identity), k = 1:3))
  same_table(gmm1d_each(as.vector(values), factor(column, colnames(values)), k = 1:3))
  expect_identical(names(by_columns), colnames(values))
  expect_identical(names(glance(by_columns))[1L], "column")
  expect_identical(names(gmm1d_each(unname(values)[, 1:2], 1)), c("1", "2"))
})

test_that("neither the order of rows nor threads matter", {
  by <- rep(1:30, each = 40)
  x <- draw(marron_wand$bimodal, 1200)
  fits <- each_quietly(x, by, k = 1:3)
  order <- withr::with_seed(4, sample(1200))
  expect_identical(tidy(each_quietly(x[order], by[order], k = 1:3)), tidy(fits))
  for (threads in c(1, 3)) {
    other <- each_quietly(x, by, k = 1:3, control = list(threads = threads))
    expect_identical(tidy(other), tidy(fits))
    expect_identical(glance(other), glance(fits))
  }
})

test_that("failures do not disturb their neighbours", {
  x <- groups()
  fits <- each_quietly(x, k = 2:3)
  failed <- !is.na(glance(fits)$error)
  expect_identical(names(fits)[failed], c("constant", "empty", "infinite"))
  good <- gmm1d:::glance.gmm1d_each(each_quietly(x[!failed], k = 2:3))
  expect_identical(as.list(glance(fits)[!failed, ]), as.list(good))
  expect_true(all(is.na(coef(fits)[failed, ])))
  expect_identical(tidy(fits)$group[is.na(tidy(fits)$mean)], names(x)[failed])
  expect_error(fits[["empty"]], class = "gmm1d_error_failed")
  expect_null(as.list(fits)$empty)
})

test_that("failures are one warning, doubts about fits none", {
  x <- rep(list(c(1, 1), rnorm(20)), 50)
  expect_warning(gmm1d_each(x, k = 1), class = "gmm1d_warning_failed", "50 of 100")
  expect_silent(fits <- gmm1d_each(groups()[c("spike", "few")], k = 2))
  expect_true(any(glance(fits)$penalised))
  weights <- lapply(x, function(one) rep(1e-3, length(one)))[c(2, 4)]
  expect_warning(gmm1d_each(x[c(2, 4)], 1, weights), class = "gmm1d_warning_weights", "2 of 2")
  none <- each_quietly(list(a = 1, b = 2))
  expect_identical(dim(coef(none)), c(2L, 0L))
  expect_output(print(none), "0 of 2")
})

test_that("groups stand in order of levels, or of values; missing ones last", {
  x <- c(1:20, 4:9)
  by <- rep(c("b", "a"), c(20, 6))
  expect_identical(names(gmm1d_each(x, by, 1)), c("a", "b"))
  levels <- factor(by, c("b", "c", "a"))
  fits <- each_quietly(x, levels, 1)
  expect_identical(names(fits), levels(levels))
  expect_identical(glance(fits)$group, factor(levels(levels), levels(levels)))
  expect_identical(glance(fits)$nobs, c(20, NA, 6))
  by[1:5] <- NA
  for (with_missing in list(by, factor(by), addNA(by))) {
    expect_identical(names(gmm1d_each(x, with_missing, 1)), c("a", "b", "NA"))
    expect_identical(glance(gmm1d_each(x, with_missing, 1))$nobs, c(6, 15, 5))
  }
  days <- as.Date("2024-01-01") + rep(c(9, 0), 13)
  expect_identical(glance(gmm1d_each(x, days, 1))$group, sort(unique(days)))
  expect_identical(names(gmm1d_each(x, rep(c(10, 9), 13), 1)), c("9", "10"))
})

test_that("several variables give the combinations that occur", {
  by <- list(gear = mtcars$gear, am = factor(mtcars$am))
  fits <- each_quietly(mtcars$mpg, by, 1)
  expect_identical(names(fits), c("3.0", "4.0", "4.1", "5.1"))
  expect_identical(sum(glance(fits)$nobs), 32)
  expect_identical(fits[["4.1"]]$mu, mean(mtcars$mpg[mtcars$gear == 4 & mtcars$am == 1]))
  expect_identical(names(tidy(fits))[1:2], names(by))
  frame <- mtcars["gear"]
  expect_identical(glance(gmm1d_each(mtcars$mpg, frame, 1))$gear, c(3, 4, 5))
})

test_that("weights go with their values", {
  x <- groups()[c("one", "two")]
  w <- withr::with_seed(2, lapply(x, function(one) sample(1:3, length(one), TRUE)))
  fits <- gmm1d_each(x, 1:3, w)
  by <- rep(1:2, lengths(x))
  grouped <- gmm1d_each(unlist(x), by, 1:3, unlist(w))
  for (i in 1:2) {
    alone <- gmm1d(x[[i]], 1:3, w[[i]])
    expect_identical(substance(fits[[i]]), substance(alone))
    expect_identical(coef(grouped[[i]]), coef(alone))
  }
  rows <- rep(1:2, 75)
  expect_identical(gmm1d_each(iris[1:2], k = 1, weights = rows)[[2]]$mu,
                   gmm1d(iris[[2]], 1, rows)$mu)
  bad <- each_quietly(1:9, rep(1:3, 3), 1, c(rep(1, 8), -1))
  expect_identical(is.na(glance(bad)$error), c(TRUE, TRUE, FALSE))
})

test_that("whole numbers of 64 bits are values, weights and keys", {
  skip_if_not_installed("bit64")
  x <- c(faithful$waiting, 1:30)
  by <- rep(c(-5, 7), c(272, 30))
  long <- bit64::as.integer64
  fits <- gmm1d_each(x, by, 1:2)
  of_long <- tidy(gmm1d_each(long(x), long(by), 1:2, long(rep(1, 302))))
  expect_identical(of_long$group, long(tidy(fits)$group))
  expect_identical(of_long[-1], tidy(fits)[-1])
  # These are one as doubles.
  close <- long("9007199254740992") + 0:1
  expect_length(gmm1d_each(x[1:20], rep(close, 10), 1), 2L)
  fits <- gmm1d_each(list(long(x)), 1:2)
  expect_identical(coef(fits), coef(gmm1d_each(list(x), 1:2)))
  expect_identical(augment(fits), augment(gmm1d_each(list(x), 1:2)))
  expect_false(any(is.nan(augment(gmm1d_each(list(long(c(1, 2, NA))), 1))$x)))
})

test_that("many fits are used as a list of them", {
  fits <- gmm1d_each(iris$Petal.Length, iris$Species, k = 1:2)
  expect_length(fits, 3)
  expect_identical(names(fits), levels(iris$Species))
  expect_identical(fits[["setosa"]], fits[[1]])
  expect_identical(fits$setosa, fits[[1]])
  expect_identical(fits[["setosa"]]$data_name, "iris$Petal.Length, setosa")
  expect_identical(lapply(fits, coef)$virginica, coef(fits[[3]]))
  expect_identical(fits[2:3][[1]], fits[[2]])
  expect_identical(names(fits[-1]), names(fits)[2:3])
  expect_identical(names(fits[c(TRUE, FALSE, TRUE)]), names(fits)[c(1, 3)])
  expect_identical(unname(coef(fits)[2, ]), unname(coef(fits[[2]])))
  expect_identical(as.data.frame(fits)$mu, tidy(fits)$mean)
  expect_identical(as.data.frame(fits, row.names = letters[1:3])["b", "mu"], fits[[2]]$mu)
})

test_that("a fit taken out has all its methods", {
  fits <- gmm1d_each(faithful$waiting, faithful$eruptions > 3, k = 1:2)
  x <- faithful$waiting[faithful$eruptions > 3]
  fit <- fits[["TRUE"]]
  expect_identical(predict(fit), predict(gmm1d(x, 1:2)))
  expect_identical(coef(update(fit, k = 2)), coef(gmm1d(x, 2)))
  expect_identical(confint(fit), confint(gmm1d(x, 1:2)))
  lean <- gmm1d_each(faithful$waiting, faithful$eruptions > 3, k = 1:2,
                     control = list(keep_data = FALSE))
  expect_null(lean[["TRUE"]]$data)
  expect_equal(coef(update(lean[["TRUE"]], k = 2)), coef(gmm1d(x, 2)))
})

test_that("the rows of tidy() and glance() are those of the single fits", {
  x <- groups()[c("one", "two", "rounded")]
  fits <- gmm1d_each(x, k = 1:3)
  tables <- lapply(fits, function(fit) list(tidy = tidy(fit), glance = glance(fit)))
  joined <- function(name) do.call(rbind, unname(lapply(tables, `[[`, name)))
  expect_identical(as.list(tidy(fits)[-1L]), as.list(joined("tidy")))
  expect_identical(as.list(glance(fits)[names(joined("glance"))]), as.list(joined("glance")))
})

test_that("print and summary say what failed and what was chosen", {
  fits <- each_quietly(groups(), k = 1:3)
  expect_snapshot(fits)
  expect_snapshot(summary(fits))
  expect_snapshot(print(gmm1d_each(iris[1:4], k = 1), n = 0))
  expect_identical(sum(summary(fits)$chosen), summary(fits)$fitted)
})

test_that("keys may be called as columns of the tables are, or anything", {
  x <- iris$Petal.Length
  for (name in c("k", "error", "nobs", "mean", "converged", "my key")) {
    fits <- gmm1d_each(x, stats::setNames(list(iris$Species), name), k = 1:2)
    expect_identical(summary(fits)$chosen, summary(gmm1d_each(x, iris$Species, k = 1:2))$chosen)
    expect_identical(anyDuplicated(names(glance(fits))), 0L)
    expect_identical(anyDuplicated(names(tidy(fits))), 0L)
    expect_output(print(fits), "3 of 3 data sets")
  }
})

test_that("columns of missing values are rows, groups of a matrix of one column are groups", {
  expect_identical(is.na(glance(each_quietly(data.frame(a = 1:9, b = NA), k = 1))$error),
                   c(TRUE, FALSE))
  expect_length(gmm1d_each(matrix(1:12), by = rep(1:3, 4), k = 1), 3L)
  expect_error(gmm1d_each(iris[1:2], by = iris$Species), class = "gmm1d_error_argument")
})

test_that("weights of a list go by their names, and none at all are a data set without values", {
  x <- list(a = c(1, 2, 9), b = c(1, 2, 9))
  fits <- gmm1d_each(x, k = 1, weights = list(b = c(1, 1, 100), a = c(1, 1, 1)))
  expect_equal(fits[["a"]]$mu, 4)
  fits <- quietly(gmm1d_each(list(a = 1:5, b = NULL), k = 1))
  expect_identical(is.na(glance(fits)$error), c(TRUE, FALSE))
  expect_warning(gmm1d_each(cbind(A = c(1, 1, 1), B = 1:3), k = 1), "the first is \"A\"")
})

test_that("rows of a matrix or data frame are data sets with margin = 1", {
  values <- withr::with_seed(1, matrix(rnorm(12 * 40), 12))
  w <- rep(1:2, 20)
  columns <- gmm1d_each(t(values), k = 1:2, weights = w)
  for (x in list(values, as.data.frame(values))) {
    rows <- gmm1d_each(x, k = 1:2, margin = 1, weights = w)
    expect_identical(coef(rows), coef(columns))
    expect_identical(glance(rows)[-1L], glance(columns)[-1L])
    expect_identical(names(glance(rows))[1L], "row")
    expect_identical(glance(rows)$row, 1:12)
  }
  rownames(values) <- letters[1:12]
  for (x in list(values, as.data.frame(values))) {
    expect_identical(glance(gmm1d_each(x, k = 1, margin = 1))$row, letters[1:12])
  }
  expect_error(gmm1d_each(values, k = 1, margin = 1, weights = 1:12), class = "gmm1d_error_shape")
})

test_that("rows that look like the data sets are mentioned once, unless margin is given", {
  genes <- withr::with_seed(1, matrix(rnorm(600), 60, dimnames = list(paste0("gene", 1:60), NULL)))
  for (x in list(genes[, 1:6], as.data.frame(genes[, 1:6]))) {
    messages <- list()
    fits <- withCallingHandlers(gmm1d_each(x, k = 1), message = function(m) {
      messages <<- c(messages, list(m))
      rlang::cnd_muffle(m)
    })
    expect_length(fits, 6L)
    expect_length(messages, 1L)
    expect_s3_class(messages[[1L]], "gmm1d_message_margin")
    expect_match(conditionMessage(messages[[1L]]), "6 columns.*`margin = 1` for the 60 rows")
    expect_silent(gmm1d_each(x, k = 1, margin = 2))
    expect_silent(gmm1d_each(x, k = 1, margin = 1))
  }
  expect_silent(gmm1d_each(genes, k = 1))
  expect_silent(gmm1d_each(faithful, k = 1))
  expect_silent(gmm1d_each(as.matrix(faithful)[-3, ], k = 1))
  expect_silent(gmm1d_each(iris[iris$Sepal.Width > 2.5, 1:4], k = 1))
  expect_silent(gmm1d_each(unname(genes[, 1:2]), k = 1))
  expect_silent(gmm1d_each(genes[, 1, drop = FALSE], k = 1))
  expect_silent(gmm1d_each(data.frame(a = 1:60, b = 60:1), k = 1))
})
