fit <- gmm1d(~waiting, data = faithful, k = 2)

test_that("coef names the parameters by component", {
  expect_identical(coef(fit), c(lambda1 = fit$lambda[1], lambda2 = fit$lambda[2],
                                mu1 = fit$mu[1], mu2 = fit$mu[2],
                                sigma1 = fit$sigma[1], sigma2 = fit$sigma[2]))
})

test_that("logLik serves AIC and BIC", {
  expect_equal(as.numeric(logLik(fit)), fit$loglik)
  expect_identical(attributes(logLik(fit))[c("df", "nobs")], list(df = 5L, nobs = 272))
  expect_equal(AIC(fit), -2 * fit$loglik + 10)
  expect_equal(BIC(fit), -2 * fit$loglik + 5 * log(272))
  expect_identical(nobs(fit), 272)
})

test_that("update changes arguments, data and formula", {
  expect_identical(update(fit, k = 3)$k, 3L)
  expect_identical(update(fit, ~eruptions)$mu, gmm1d(faithful$eruptions, k = 2)$mu)
  expect_identical(update(fit, data = head(faithful, 100))$n, 100)
  expect_identical(update(fit, k = 3, evaluate = FALSE),
                   quote(gmm1d(x = ~waiting, data = faithful, k = 3)))
  x <- faithful$eruptions
  expect_identical(update(gmm1d(x, k = 1), k = 2)$k, 2L)
  expect_error(update(gmm1d(x, k = 1), ~y), class = "gmm1d_error_argument")
})

test_that("update takes arguments away, and works where the package is not attached", {
  expect_identical(update(fit, weights = NULL)$mu, fit$mu)
  expect_identical(update(fit, k = NULL, evaluate = FALSE)$k, NULL)
  apart <- new.env(parent = baseenv())
  apart$fit <- fit
  apart$update <- stats::update
  apart$faithful <- faithful
  expect_identical(eval(quote(update(fit, k = 3)), apart)$k, 3L)
})

test_that("formula is the fit's, or NULL", {
  expect_equal(formula(fit), ~waiting, ignore_attr = TRUE)
  expect_null(formula(gmm1d(faithful$waiting, k = 1)))
})

test_that("as.data.frame has a row per component, quantile inverts the distribution", {
  expect_identical(as.data.frame(fit), data.frame(component = 1:2, parameters(fit)))
  expect_identical(names(quantile(fit)), c("0%", "25%", "50%", "75%", "100%"))
  expect_identical(names(quantile(fit, c(0.025, 0.5))), c("2.5%", "50%"))
  expect_equal(unname(pgmm1d(quantile(fit, 0.3), fit)), 0.3)
})

test_that("what was given without a name can be changed by it", {
  expect_identical(update(gmm1d(~waiting, faithful, 2), k = 3)$k, 3L)
  bars <- hist(faithful$waiting, plot = FALSE)
  expect_identical(update(gmm1d(bars, 2), k = 1)$k, 1L)
  bins <- data.frame(lower = 0:3, upper = 1:4, count = 4:1)
  expect_identical(update(gmm1d(bins, 1), variance = "equal")$k, 1L)
})
