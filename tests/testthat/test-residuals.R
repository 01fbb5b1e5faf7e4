test_that("quantile residuals are qnorm of the distribution function", {
  for (x in real_data()) {
    fit <- quietly(gmm1d(x, k = 2))
    expect_equal(residuals(fit), qnorm(pgmm1d(x, fit)), tolerance = 1e-9)
  }
})

test_that("quantile residuals of one component are standardised values, in both tails", {
  x <- c(-1e6, -1e3, -40, -38.5, -5, 0, 5, 38.5, 40, 1e3, 1e6)
  mixture <- as_fit(list(lambda = 1, mu = 2, sigma = 3))
  expect_equal(gmm1d:::quantile_residuals(2 + 3 * x, mixture), x, tolerance = 1e-12)
})

test_that("quantile residuals are finite far from a fit and rise with the data", {
  fit <- gmm1d(faithful$waiting, k = 2)
  x <- sort(c(outer(c(-1, 1), 10^(0:6))))
  z <- gmm1d:::quantile_residuals(x, fit)
  expect_true(all(is.finite(z)))
  expect_false(is.unsorted(z, strictly = TRUE))
})

test_that("quantile residuals of data from the mixture are standard normal", {
  x <- draw(marron_wand$claw, 2000)
  z <- gmm1d:::quantile_residuals(x, as_fit(marron_wand$claw))
  expect_gt(ks.test(z, "pnorm")$p.value, 0.01)
})

test_that("quantile residuals change their sign with the data, response residuals their unit", {
  x <- faithful$waiting
  fit <- gmm1d(x, k = 2)
  mirrored <- gmm1d(-10 * x + 3, k = 2)
  expect_equal(residuals(mirrored), -residuals(fit), tolerance = 1e-6)
  expect_equal(residuals(mirrored, "response"), -10 * residuals(fit, "response"),
               tolerance = 1e-6)
})

test_that("response residuals are the values minus the fitted values", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_identical(residuals(fit, "response"), faithful$waiting - fitted(fit))
  # EM preserves the mean, so the fitted values have that of the data.
  expect_lt(abs(mean(residuals(fit, "response"))), 1e-4)
})

test_that("NA stays NA and names are kept", {
  x <- stats::setNames(c(NA, faithful$waiting), c("gone", seq_along(faithful$waiting)))
  fit <- gmm1d(x, k = 2)
  for (type in c("quantile", "response")) {
    z <- residuals(fit, type)
    expect_identical(names(z), names(x))
    expect_identical(which(is.na(z)), c(gone = 1L))
    expect_equal(unname(z[-1]), residuals(gmm1d(faithful$waiting, k = 2), type))
  }
})

test_that("residuals need the data and a known type", {
  fit <- gmm1d(faithful$waiting, k = 2, control = list(keep_data = FALSE))
  expect_error(residuals(fit), class = "gmm1d_error_argument")
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_error(residuals(fit, "pearson"), class = "gmm1d_error_argument")
  expect_error(residuals(fit, tpye = "response"), class = "gmm1d_error_argument")
})

test_that("residuals are never NaN, however extreme the values", {
  fit <- gmm1d(faithful$waiting, k = 2)
  fit$data <- c(Inf, -Inf, 1e308, 1e160, NA)
  fit$weights <- NULL
  residuals <- residuals(fit)
  expect_identical(is.na(residuals), c(FALSE, FALSE, FALSE, FALSE, TRUE))
  expect_identical(residuals[1:3], c(Inf, -Inf, Inf))
})

test_that("quantile residuals of values with errors, limits or windows are exact in both tails", {
  fit <- as_fit(list(lambda = 1, mu = 2, sigma = 3))
  z <- c(-300, -9, -1, 0, 1, 9, 300)
  error <- c(0, 1, 2, 3, 4, 5, 6)
  x <- 2 + sqrt(9 + error^2) * z
  seen <- list(lower = x, upper = x, error = error, names = letters[1:7])
  expect_equal(gmm1d:::quantile_residuals(seen, fit), stats::setNames(z, letters[1:7]),
               tolerance = 1e-12)

  beyond <- list(lower = c(-Inf, 32), upper = c(-28, Inf), error = NULL, names = NULL)
  half <- qnorm(pnorm(-10, log.p = TRUE) - log(2), log.p = TRUE)
  expect_equal(gmm1d:::quantile_residuals(beyond, fit), c(half, -half), tolerance = 1e-12)
})

test_that("the distribution function of values with errors includes the noise with errors", {
  mixture <- list(lambda = c(0.3, 0.5), mu = c(0, 5), sigma = c(1, 0.5), noise = c(0.2, -11, 16))
  fit <- as_fit(mixture)
  fit$noise <- mixture$noise
  x <- c(-11.5, -3, 0, 7, 15.5, 16.3)
  error <- c(0.1, 0.5, 0.2, 0.8, 0.3, 0.4)
  p <- mapply(function(x, error) {
    of_noise <- integrate(function(u) pnorm((x - u) / error), -11, 16, rel.tol = 1e-10,
                          subdivisions = 1000L)$value / 27
    sum(mixture$lambda * pnorm(x, mixture$mu, sqrt(mixture$sigma^2 + error^2))) + 0.2 * of_noise
  }, x, error)
  seen <- list(lower = x, upper = x, error = error, names = NULL)
  expect_equal(gmm1d:::cdf_at(seen, fit), p, tolerance = 1e-9)
})
