# The covariance of all parameters from that of the free ones, with lambda_k = 1 - the others.
expand <- function(covariance, k) {
  jacobian <- rbind(cbind(diag(k - 1), matrix(0, k - 1, 2 * k)),
                    c(rep(-1, k - 1), numeric(2 * k)),
                    cbind(matrix(0, 2 * k, k - 1), diag(2 * k)))
  jacobian %*% covariance %*% t(jacobian)
}

mixture_of <- function(theta, k) {
  lambda <- theta[seq_len(k - 1)]
  list(lambda = c(lambda, 1 - sum(lambda)), mu = theta[k - 1 + 1:k], sigma = theta[2 * k - 1 + 1:k])
}

free_of <- function(fit) c(fit$lambda[-fit$k], fit$mu, fit$sigma)
errors_of <- function(fit) sqrt(diag(vcov(fit)))[-fit$k]

test_that("vcov is the inverse of the numerically differentiated log-likelihood", {
  for (case in list(list(faithful$waiting, 2), list(faithful$eruptions, 3),
                    list(draw(marron_wand$trimodal, 500), 3))) {
    x <- case[[1]]
    k <- case[[2]]
    fit <- gmm1d(x, k = k)
    numerical <- numerical_covariance(function(theta) reference_loglik(x, mixture_of(theta, k)),
                                      free_of(fit), errors_of(fit))
    expect_equal(vcov(fit), expand(numerical, k), tolerance = 1e-5, ignore_attr = TRUE)
  }
})

test_that("vcov agrees with it for intervals", {
  bins <- stamps()
  fit <- gmm1d(bins, k = 2)
  numerical <- numerical_covariance(function(theta) {
    interval_loglik(bins$lower, bins$upper, bins$count, mixture_of(theta, 2))
  }, free_of(fit), errors_of(fit))
  expect_equal(vcov(fit), expand(numerical, 2), tolerance = 1e-5, ignore_attr = TRUE)
})

test_that("vcov agrees with it for equal variances and fixed parameters, which have none", {
  x <- faithful$waiting
  equal <- gmm1d(x, k = 2, variance = "equal")
  of <- function(theta) {
    list(lambda = c(theta[1], 1 - theta[1]), mu = theta[2:3], sigma = theta[c(4, 4)])
  }
  numerical <- numerical_covariance(function(theta) reference_loglik(x, of(theta)),
                                    c(equal$lambda[1], equal$mu, equal$sigma[1]),
                                    sqrt(diag(vcov(equal)))[c(1, 3, 4, 5)])
  expect_equal(vcov(equal)[c(1, 3, 4, 5), c(1, 3, 4, 5)], numerical, tolerance = 1e-5,
               ignore_attr = TRUE)
  expect_equal(vcov(equal)["sigma1", ], vcov(equal)["sigma2", ])

  fit <- gmm1d(x, fixed = list(lambda = c(0.4, NA), mu = c(55, NA)))
  of <- function(theta) {
    list(lambda = c(0.4, 0.6), mu = c(55, theta[1]), sigma = theta[2:3])
  }
  numerical <- numerical_covariance(function(theta) reference_loglik(x, of(theta)),
                                    c(fit$mu[2], fit$sigma), sqrt(diag(vcov(fit)))[4:6])
  expect_equal(vcov(fit)[4:6, 4:6], numerical, tolerance = 1e-5, ignore_attr = TRUE)
  expect_identical(unname(vcov(fit)[1:3, ]), matrix(0, 3, 6))
})

test_that("vcov agrees with it if one of three lambdas is fixed", {
  x <- draw(marron_wand$trimodal, 500)
  fit <- gmm1d(x, fixed = list(lambda = c(NA, NA, 0.45)))
  at <- which(!is.na(fit$fixed$lambda))
  of <- function(theta) {
    lambda <- numeric(3)
    lambda[at] <- 0.45
    lambda[-at] <- c(theta[1], 0.55 - theta[1])
    list(lambda = lambda, mu = theta[2:4], sigma = theta[5:7])
  }
  first <- setdiff(1:3, at)[1]
  rows <- c(first, 4:9)
  numerical <- numerical_covariance(function(theta) reference_loglik(x, of(theta)),
                                    c(fit$lambda[first], fit$mu, fit$sigma),
                                    sqrt(diag(vcov(fit)))[rows])
  expect_equal(vcov(fit)[rows, rows], numerical, tolerance = 1e-5, ignore_attr = TRUE)
})

test_that("one component has the textbook's standard errors", {
  x <- as.vector(precip)
  fit <- gmm1d(x, k = 1)
  expect_equal(unname(sqrt(diag(vcov(fit)))),
               c(0, fit$sigma / sqrt(70), fit$sigma / sqrt(140)), tolerance = 1e-8)
})

test_that("a million values and their squashed points have the same standard errors", {
  x <- draw(marron_wand$bimodal, 1e5)
  fit <- gmm1d(x, k = 2)
  exact <- fit
  exact$points <- exact_points(x)
  expect_equal(vcov(fit), vcov(exact), tolerance = 1e-7)
})

test_that("standard errors scale with the unit", {
  fit <- gmm1d(faithful$waiting, k = 2)
  scaled <- gmm1d(1e100 * faithful$waiting - 1e102, k = 2)
  unit <- rep(c(1, 1e100, 1e100), each = 2)
  expect_equal(vcov(scaled), vcov(fit) * outer(unit, unit), tolerance = 1e-6)
})

test_that("singular information is reported", {
  start <- list(lambda = c(0.5, 0.5), mu = c(70, 70), sigma = c(9, 9))
  fit <- quietly(gmm1d(faithful$waiting, start = start))
  expect_warning(covariance <- vcov(fit), class = "gmm1d_warning_singular")
  expect_true(all(is.na(covariance)))
  expect_identical(dim(covariance), c(6L, 6L))
})

test_that("intervals are valid, contain the estimates, and are wider at higher levels", {
  fit <- gmm1d(faithful$eruptions, k = 3)
  for (method in c("wald", "profile")) {
    limits <- confint(fit, method = method)
    expect_identical(dimnames(limits), list(names(coef(fit)), c("2.5 %", "97.5 %")))
    expect_true(all(limits[, 1] < coef(fit) & coef(fit) < limits[, 2]))
    expect_true(all(limits[1:3, ] > 0 & limits[1:3, ] < 1) && all(limits[7:9, ] > 0))
    wider <- confint(fit, level = 0.99, method = method)
    expect_true(all(wider[, 1] < limits[, 1] & wider[, 2] > limits[, 2]))
    expect_equal(confint(fit, c("mu2", "sigma1"), method = method), limits[c(5, 7), ],
                 tolerance = 1e-6)
  }
  expect_equal(confint(fit, 5), confint(fit)[5, , drop = FALSE])
})

test_that("Wald intervals follow from estimate and standard error on their scales", {
  fit <- gmm1d(faithful$waiting, k = 2)
  error <- sqrt(diag(vcov(fit)))
  z <- qnorm(0.95)
  limits <- confint(fit, level = 0.9)
  expect_equal(limits["mu1", ], fit$mu[1] + c(-1, 1) * z * error[["mu1"]], ignore_attr = TRUE)
  expect_equal(log(limits["sigma2", ]),
               log(fit$sigma[2]) + c(-1, 1) * z * error[["sigma2"]] / fit$sigma[2],
               ignore_attr = TRUE)
})

test_that("fixed parameters have no interval", {
  fit <- gmm1d(faithful$waiting, fixed = list(lambda = c(0.4, NA), mu = c(55, NA)))
  for (method in c("wald", "profile", "bootstrap")) {
    limits <- withr::with_seed(1, confint(fit, method = method, R = 20))
    expect_identical(unname(is.na(limits[, 1])), c(TRUE, TRUE, TRUE, FALSE, FALSE, FALSE))
  }
})

test_that("all parameters of a kind can be requested by its name", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_identical(confint(fit, "mu"), confint(fit, c("mu1", "mu2")))
  expect_identical(confint(fit, c("sigma2", "lambda")),
                   confint(fit, c("sigma2", "lambda1", "lambda2")))
})

test_that("standard errors for counts in wide bins agree with second derivatives", {
  breaks <- c(-Inf, 50, 65, 80, 88, Inf)
  count <- as.vector(table(cut(faithful$waiting, breaks)))
  fit <- gmm1d(data.frame(lower = breaks[-6], upper = breaks[-1], count = count), k = 1)
  loglik <- function(theta) {
    sum(count * log(diff(pnorm(breaks, theta[1], theta[2]))))
  }
  hessian <- stats::optimHess(c(fit$mu, fit$sigma), loglik,
                              control = list(ndeps = c(1e-3, 1e-3)))
  expect_equal(unname(vcov(fit)[2:3, 2:3]), unname(solve(-hessian)), tolerance = 1e-4)
})

test_that("limits are named by their percentages", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_identical(colnames(confint(fit, "mu")), c("2.5 %", "97.5 %"))
  expect_identical(colnames(confint(fit, "mu", level = 0.999)), c("0.05 %", "99.95 %"))
})

test_that("intervals can be based on another covariance matrix", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_equal(confint(fit, vcov = vcov), confint(fit))
  expect_equal(confint(fit, vcov = 4 * vcov(fit), level = 2 * pnorm(1) - 1),
               confint(fit, level = 2 * pnorm(2) - 1), ignore_attr = TRUE)
  expect_identical(vcov(fit, complete = FALSE), vcov(fit))
  expect_error(vcov(fit, complet = FALSE), "did you mean `complete`")
  expect_error(confint(fit, vcov = "HC1"), class = "gmm1d_error_type")
  expect_error(confint(fit, vcov = diag(2)), class = "gmm1d_error_shape")
  expect_error(confint(fit, vcov = -diag(6)), class = "gmm1d_error_range")
  expect_error(confint(fit, vcov = vcov, method = "profile"), class = "gmm1d_error_argument")
})
