fit <- gmm1d(~waiting, data = faithful, k = 2)

test_that("coef names the parameters by component", {
  expect_identical(coef(fit), c(lambda1 = fit$lambda[1], lambda2 = fit$lambda[2],
                                mu1 = fit$mu[1], mu2 = fit$mu[2],
                                sigma1 = fit$sigma[1], sigma2 = fit$sigma[2]))
})

test_that("AIC and BIC work through logLik", {
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

test_that("update removes arguments, and works if the package is not attached", {
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

test_that("as.data.frame has a row per component, and quantile inverts the distribution function", {
  expect_identical(as.data.frame(fit), data.frame(component = 1:2, parameters(fit)))
  expect_identical(names(quantile(fit)), c("0%", "25%", "50%", "75%", "100%"))
  expect_identical(names(quantile(fit, c(0.025, 0.5))), c("2.5%", "50%"))
  expect_equal(unname(pgmm1d(quantile(fit, 0.3), fit)), 0.3)
})

test_that("arguments given by position can be updated by name", {
  expect_identical(update(gmm1d(~waiting, faithful, 2), k = 3)$k, 3L)
  bars <- hist(faithful$waiting, plot = FALSE)
  expect_identical(update(gmm1d(bars, 2), k = 1)$k, 1L)
  bins <- data.frame(lower = 0:3, upper = 1:4, count = 4:1)
  expect_identical(update(gmm1d(bins, 1), variance = "equal")$k, 1L)
})

test_that("moments agree with the mixture", {
  expect_identical(sigma(fit), fit$sigma)
  expect_equal(mean(fit), mean(faithful$waiting), tolerance = 1e-8)
  expect_equal(pgmm1d(median(fit), fit), 0.5)
  expect_identical(deviance(fit), -2 * fit$loglik)
  expect_identical(df.residual(fit), nobs(fit) - fit$df)
  expect_identical(extractAIC(fit), c(fit$df, AIC(fit)))
})

test_that("weights are those given, 1 for each value if none were", {
  expect_identical(weights(fit), rep(1, 272))
  x <- c(1, NA, 3, 7, 8, 9)
  w <- c(2, 1, 1, 3, 1, 1)
  expect_identical(weights(gmm1d(x, k = 1, weights = w)), w)
  expect_identical(weights(gmm1d(~x, k = 1, weights = w, subset = !is.na(x))), w[-2])
  expect_identical(weights(as_gmm1d(list(lambda = 1, mu = 5, sigma = 3), x, w)), w)
  expect_identical(sum(weights(gmm1d_each(list(x), k = 1, weights = list(w))[[1]])[-2]), 8)
  expect_error(weights(gmm1d(squash(x), k = 1)), class = "gmm1d_error_argument")
})

test_that("the model frame contains only the data of the fit", {
  expect_identical(model.frame(fit), faithful["waiting"], ignore_attr = TRUE)
  logs <- gmm1d(~ log(depth), quakes, weights = stations, k = 1)
  expect_identical(names(model.frame(logs)), c("log(depth)", "(weights)"))
  expect_identical(model.frame(logs)[[1]], log(quakes$depth))
  expect_identical(case.names(fit), as.character(1:272))
  expect_identical(variable.names(fit), names(coef(fit)))
  expect_null(na.action(fit))
  expect_identical(as.vector(na.action(gmm1d(c(1, NA, 5, NaN, 9), k = 1))), c(2L, 4L))
})

test_that("methods without a meaning for mixtures are errors that name an alternative", {
  for (f in list(range, max, min, sum, prod, any, all, family, hist, model.matrix, rstandard,
                 rstudent, hatvalues, cooks.distance, influence, drop1, add1)) {
    expect_error(f(fit), class = "gmm1d_error_argument")
  }
  expect_identical(conditionCall(tryCatch(range(fit), error = identity)), quote(range(fit)))
})

test_that("a value that is no probability has no quantile", {
  expect_identical(quantile(gmm1d(faithful$waiting, k = 1), numeric()), numeric())
})

test_that("the mean of a fit with noise counts the noise, as the median does", {
  fit <- gmm1d(c(faithful$waiting, seq(0, 200, 5)), k = 2, noise = TRUE)
  # E(X) = b - integral of F from a to b.
  ends <- c(-100, 400)
  area <- stats::integrate(pgmm1d, ends[1], ends[2], fit, subdivisions = 1000L)$value
  expect_equal(mean(fit), ends[2] - area, tolerance = 1e-5)
})

test_that("quantile() takes what is said of data, where it means something", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_identical(quantile(fit, 0.3, names = FALSE), qgmm1d(0.3, fit))
  expect_identical(quantile(fit, na.rm = TRUE, type = 7), quantile(fit))
  expect_error(quantile(fit, prob = 0.3, nmes = FALSE), class = "gmm1d_error_argument")
})
