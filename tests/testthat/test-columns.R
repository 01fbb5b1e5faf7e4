# The fields of a fit that do not depend on how the data were given.
estimates <- function(fit) unclass(fit)[1:20]

expect_fit_of <- function(fit, vector) expect_identical(estimates(fit), estimates(vector))

# A data frame in every class that is installed.
frames_of <- function(data) {
  c(list(data),
    if (rlang::is_installed("dplyr")) list(dplyr::as_tibble(data)),
    if (rlang::is_installed("data.table")) {
      list(getExportedValue("data.table", "as.data.table")(data))
    })
}

test_that("a column is named bare, as a string, by a pronoun or through a wrapper", {
  vector <- gmm1d(faithful$waiting, k = 2)
  wrapper <- function(data, values) gmm1d(data, {{ values }}, k = 2)
  outer <- function(data, values) wrapper(data, {{ values }})
  name <- "waiting"
  for (data in frames_of(faithful)) {
    expect_fit_of(gmm1d(data, waiting, k = 2), vector)
    expect_fit_of(gmm1d(data, "waiting", k = 2), vector)
    expect_fit_of(gmm1d(data, .data$waiting, k = 2), vector)
    expect_fit_of(gmm1d(data, .data[[name]], k = 2), vector)
    expect_fit_of(gmm1d(data, !!name, k = 2), vector)
    expect_fit_of(gmm1d(data, !!rlang::sym(name), k = 2), vector)
    expect_fit_of(wrapper(data, waiting), vector)
    expect_fit_of(outer(data, waiting), vector)
    expect_identical(squash(data, waiting), squash(faithful$waiting))
  }
})

test_that("a fit of a column is a fit by a formula of one variable", {
  scale <- 60
  pairs <- list(
    list(gmm1d(faithful, waiting, k = 2), gmm1d(~waiting, faithful, k = 2)),
    list(gmm1d(faithful, log(waiting), k = 2), gmm1d(~ log(waiting), faithful, k = 2)),
    list(gmm1d(faithful, scale(waiting), k = 2), gmm1d(~ scale(waiting), faithful, k = 2)),
    list(gmm1d(faithful, waiting / scale, k = 2), gmm1d(~ I(waiting / scale), faithful, k = 2))
  )
  for (pair in pairs) {
    expect_fit_of(pair[[1L]], pair[[2L]])
    expect_equal(formula(pair[[1L]]), formula(pair[[2L]]), ignore_attr = TRUE)
    expect_identical(predict(pair[[1L]], faithful[1:9, ]), predict(pair[[2L]], faithful[1:9, ]))
    expect_identical(augment(pair[[1L]], data = faithful), augment(pair[[2L]], data = faithful))
  }
})

test_that("variables from the scope of a wrapper are replaced by their values", {
  scale <- 2
  wrapper <- function(values) {
    scale <- 3
    gmm1d(faithful, log({{ values }}) / .env$scale, k = 2)
  }
  expect_fit_of(wrapper(waiting / scale), gmm1d(log(faithful$waiting / 2) / 3, k = 2))
})

test_that("weights, errors and labels are columns, strings or vectors from outside the data", {
  data <- data.frame(x = faithful$waiting, w = rep(1:2, 136), s = 0.5,
                     known = ifelse(faithful$waiting > 95, "long", NA))
  w <- "not this one"
  vector <- gmm1d(data$x, k = 2, weights = data$w, error = data$s, labels = data$known)
  expect_fit_of(gmm1d(data, x, k = 2, weights = w, error = s, labels = known), vector)
  expect_fit_of(gmm1d(data, x, k = 2, weights = "w", error = .data$s, labels = "known"), vector)
  mine <- data$w
  expect_fit_of(gmm1d(data, x, k = 2, weights = mine, error = 0.5, labels = data$known), vector)
  expect_fit_of(gmm1d(~x, data, k = 2, weights = w, error = s, labels = known), vector)
  expect_fit_of(gmm1d(quakes, mag, k = 2, rounding = 0.1), gmm1d(quakes$mag, k = 2, rounding = 0.1))
})

test_that("the call and its updates name the column", {
  fit <- gmm1d(faithful, .data[["waiting"]], k = 2)
  expect_identical(fit$call, quote(gmm1d(x = faithful, column = waiting, k = 2)))
  expect_fit_of(update(fit, k = 3), gmm1d(faithful$waiting, k = 3))
  expect_fit_of(update(fit, ~ log(.)), gmm1d(log(faithful$waiting), k = 2))
  expect_identical(gmm1d(faithful, waiting, 2)$call$k, 2)
})

test_that("without a column a data frame contains intervals, whose errors may be a column", {
  bins <- data.frame(lower = 0:9, upper = 1:10, count = c(1:5, 5:1), s = 0.3)
  expect_fit_of(gmm1d(bins, k = 1, error = s), gmm1d(bins, k = 1, error = bins$s))
  expect_fit_of(gmm1d(bins, lower, k = 1, weights = count),
                gmm1d(0:9, k = 1, weights = c(1:5, 5:1)))
})

test_that("numbers instead of a column are numbers of components if the data are intervals", {
  bins <- data.frame(lower = 0:9, upper = 1:10, count = c(1:5, 5:1))
  fit <- gmm1d(bins, 1:2)
  expect_fit_of(fit, gmm1d(bins, k = 1:2))
  expect_identical(fit$call, quote(gmm1d(x = bins, k = 1:2)))
  expect_identical(coef(gmm1d_each(iris[1:2], 1:2)), coef(gmm1d_each(iris[1:2], k = 1:2)))
})

test_that("a data frame and a table in a database give the same fit of a column", {
  tbl <- dplyr::copy_to(local_sqlite(), faithful, "geysers")
  wrapper <- function(data, values) gmm1d(data, {{ values }}, k = 2)
  for (fit_to in list(wrapper, function(data, values) gmm1d(data, "waiting", k = 2))) {
    expect_identical(fit_to(tbl, waiting)[1:6], fit_to(faithful, waiting)[1:6])
  }
})

test_that("errors say what a column must be, and which columns there are", {
  data <- data.frame(a = 1:4, b = letters[1:4])
  data$list <- list(1, 2, 3, 4)
  data$matrix <- matrix(1:8, 4)
  name <- "a"
  expect_error(gmm1d(data, c), "the columns are `a`, `b`, `list`, `matrix`",
               class = "gmm1d_error_argument")
  expect_error(gmm1d(data, name), ".data[[name]]", fixed = TRUE, class = "gmm1d_error_argument")
  expect_error(gmm1d(data, c(a, b)), "one column, not 2", class = "gmm1d_error_argument")
  expect_error(gmm1d(data, 2), "`k = 2`", class = "gmm1d_error_argument")
  expect_error(gmm1d(data, 1:3), "`k = 2`", class = "gmm1d_error_argument")
  expect_error(gmm1d(data, b), "must be numeric", class = "gmm1d_error_type")
  expect_error(gmm1d(data, list), "not a list of vectors", class = "gmm1d_error_type")
  expect_error(gmm1d(data, matrix), "one column of numbers", class = "gmm1d_error_shape")
  expect_error(gmm1d(data, mean(a)), "each row", class = "gmm1d_error_shape")
})
