test_that("at a limit, twice the log-likelihood has fallen by the quantile of chi-squared", {
  x <- faithful$waiting
  fit <- gmm1d(x, k = 2)
  limits <- confint(fit, method = "profile")
  for (name in rownames(limits)) {
    place <- sub("[0-9]", "", name)
    j <- as.integer(sub("[a-z]*", "", name))
    for (limit in limits[name, ]) {
      fixed <- stats::setNames(list(replace(c(NA_real_, NA_real_), j, limit)), place)
      there <- gmm1d(x, fixed = fixed, k = 2, start = fit)
      expect_equal(2 * (fit$loglik - there$loglik), qchisq(0.95, 1), tolerance = 1e-4)
    }
  }
})

test_that("one component has the profile intervals of the textbook", {
  x <- as.vector(precip)
  n <- length(x)
  fit <- gmm1d(x, k = 1)
  limits <- confint(fit, method = "profile")
  # The fall is n log(1 + (mu - mean)^2 / sigma^2) / 2.
  half <- fit$sigma * sqrt(expm1(qchisq(0.95, 1) / n))
  expect_equal(limits["mu1", ], fit$mu + c(-1, 1) * half, tolerance = 1e-6, ignore_attr = TRUE)
  fall <- function(s) 2 * n * log(s / fit$sigma) + n * ((fit$sigma / s)^2 - 1)
  expect_equal(fall(limits["sigma1", ]), rep(qchisq(0.95, 1), 2), tolerance = 1e-5,
               ignore_attr = TRUE)
})

test_that("with equal variances the one sigma is profiled", {
  fit <- gmm1d(faithful$waiting, k = 2, variance = "equal")
  limits <- confint(fit, method = "profile")
  expect_equal(limits["sigma1", ], limits["sigma2", ])
  there <- gmm1d(faithful$waiting, k = 2, fixed = list(sigma = limits[["sigma1", 1]]))
  expect_equal(2 * (fit$loglik - there$loglik), qchisq(0.95, 1), tolerance = 1e-4)
})

test_that("a limit that is never reached is the end of what is possible", {
  fit <- gmm1d(faithful$waiting, k = 3)
  limits <- quietly(confint(fit, method = "profile", level = 0.999))
  expect_true(all(limits[1:3, 1] >= 0 & limits[1:3, 2] <= 1))
  expect_identical(min(limits[1:3, 1]), 0)
})
