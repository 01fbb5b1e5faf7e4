x <- list(a = faithful$waiting, b = 1, c = c(NA, faithful$eruptions), d = round(quakes$mag, 1))
fits <- quietly(gmm1d_each(x, k = 1:2))
fitted_ones <- c("a", "c", "d")

# What a method gives for each fit alone.
alone <- function(f, ...) lapply(as.list(fits)[fitted_ones], f, ...)

test_that("numbers of many fits are those of the single ones, NA where there is no fit", {
  for (f in list(nobs, deviance, df.residual, mean, median)) {
    numbers <- f(fits)
    expect_identical(names(numbers), names(fits))
    expect_identical(as.list(numbers)[fitted_ones], lapply(alone(f), as.double))
    expect_identical(numbers[["b"]], NA_real_)
  }
  expect_identical(as.list(AIC(fits))[fitted_ones], alone(AIC))
  expect_identical(as.list(BIC(fits))[fitted_ones], alone(BIC))
  expect_identical(sigma(fits)["c", 1:fits$c$k], sigma(fits$c), ignore_attr = TRUE)
})

test_that("vectors of many fits are lists of the single ones, NULL where there is no fit", {
  for (f in list(residuals, fitted, predict, weights)) {
    expect_identical(f(fits)[fitted_ones], alone(f))
    expect_identical(names(f(fits)), names(fits))
    expect_null(f(fits)$b)
  }
  expect_identical(residuals(fits, "response")[fitted_ones], alone(residuals, "response"))
  expect_identical(predict(fits, 1:3, "posterior")[fitted_ones], alone(predict, 1:3, "posterior"))
  new <- list(d = 4, c = 3, b = 2, a = 1)
  expect_identical(predict(fits, new, "cdf")$c, predict(fits$c, 3, "cdf"))
  expect_identical(predict(fits, unname(new), "cdf")$c, predict(fits$c, 2, "cdf"))
  expect_error(predict(fits, list(1)), class = "gmm1d_error_shape")
  expect_error(predict(fits, stats::setNames(new, letters[4:7])), class = "gmm1d_error_argument")
})

test_that("an update is the call with other arguments", {
  same <- function(fits, other) expect_identical(unname(as.list(fits)), unname(as.list(other)))
  same(quietly(update(fits, k = 1)), quietly(gmm1d_each(x, k = 1)))
  same(quietly(update(fits, variance = "equal", criterion = "AIC")),
       quietly(gmm1d_each(x, k = 1:2, variance = "equal", criterion = "AIC")))
  same(quietly(update(fits, rounding = 0.1)[4]), gmm1d_each(x["d"], k = 1:2, rounding = 0.1))
  expect_identical(names(glance(quietly(update(fits)))), names(glance(fits)))
  weighted <- gmm1d_each(1:12, rep(1:2, 6), k = 1, weights = rep(1:3, 4))
  expect_identical(update(weighted, k = 1), weighted)
  lean <- gmm1d_each(x[c("a", "d")], k = 2, control = list(keep_data = FALSE))
  expect_equal(coef(update(lean, k = 1)), coef(gmm1d_each(x[c("a", "d")], k = 1)))
  expect_error(update(quietly(update(fits, control = list(keep_data = FALSE)))),
               "has no data", class = "gmm1d_error_argument")
  expect_error(update(c(fits, a = fits$a)), class = "gmm1d_error_argument")
  expect_error(update(fits, 1), class = "gmm1d_error_argument")
})

test_that("what takes one fit says so", {
  for (f in list(vcov, confint, simulate, quantile, anova, formula, terms, getCall, model.frame,
                 range, max)) {
    expect_error(f(fits), "lapply\\(fits, ", class = "gmm1d_error_argument")
  }
  expect_error(headroom(fits), "lapply", class = "gmm1d_error_type")
})
