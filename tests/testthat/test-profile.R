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

test_that("with one component, profile intervals agree with the textbook", {
  x <- as.vector(precip)
  n <- length(x)
  fit <- gmm1d(x, k = 1)
  limits <- confint(fit, method = "profile")
  # The decrease is n log(1 + (mu - mean)^2 / sigma^2) / 2.
  half <- fit$sigma * sqrt(expm1(qchisq(0.95, 1) / n))
  expect_equal(limits["mu1", ], fit$mu + c(-1, 1) * half, tolerance = 1e-6, ignore_attr = TRUE)
  fall <- function(s) 2 * n * log(s / fit$sigma) + n * ((fit$sigma / s)^2 - 1)
  expect_equal(fall(limits["sigma1", ]), rep(qchisq(0.95, 1), 2), tolerance = 1e-5,
               ignore_attr = TRUE)
})

test_that("with equal variances the common sigma is profiled", {
  fit <- gmm1d(faithful$waiting, k = 2, variance = "equal")
  limits <- confint(fit, method = "profile")
  expect_equal(limits["sigma1", ], limits["sigma2", ])
  there <- gmm1d(faithful$waiting, k = 2, fixed = list(sigma = limits[["sigma1", 1]]))
  expect_equal(2 * (fit$loglik - there$loglik), qchisq(0.95, 1), tolerance = 1e-4)
})

test_that("a limit that is never reached is the end of the parameter space", {
  fit <- gmm1d(faithful$waiting, k = 3)
  limits <- quietly(confint(fit, method = "profile", level = 0.999))
  expect_true(all(limits[1:3, 1] >= 0 & limits[1:3, 2] <= 1))
  expect_identical(min(limits[1:3, 1]), 0)
})

test_that("the limits for penalised estimates use the likelihood with the held sigmas", {
  x <- withr::with_seed(151, rnorm(40))
  fit <- quietly(gmm1d(x, k = 2))
  expect_identical(fit$held, which.min(fit$sigma))
  wide <- which.max(fit$sigma)
  limits <- confint(fit, paste0("sigma", wide), method = "profile")
  best <- function(value) {
    sigma <- replace(fit$sigma, wide, value)
    at <- function(theta) {
      lambda <- plogis(theta[1] * c(1, -1))
      reference_loglik(x, list(lambda = lambda, mu = theta[2:3], sigma = sigma))
    }
    optim(c(qlogis(fit$lambda[1]), fit$mu), at, method = "BFGS",
          control = list(fnscale = -1, reltol = 1e-12))$value
  }
  expect_equal(2 * (fit$loglik - best(limits[1])), qchisq(0.95, 1), tolerance = 1e-3)
  held <- paste0("sigma", fit$held)
  expect_true(all(is.na(confint(fit, held, method = "profile"))))
})

test_that("no warning of another kind leaks out", {
  x <- withr::with_seed(3, c(rnorm(30), 2 + 1e-4 * (1:2)))
  fit <- quietly(gmm1d(x, k = 2))
  expect_no_warning(limits <- quietly(confint(fit, method = "profile")))
  expect_false(anyNA(limits))
})

test_that("intervals do not depend on the unit", {
  counts <- hist(draw(marron_wand$separated, 500), 20, plot = FALSE)
  of_unit <- function(u) {
    gmm1d(data.frame(lower = u * counts$breaks[-length(counts$breaks)],
                     upper = u * counts$breaks[-1], count = counts$counts), k = 2)
  }
  fit <- of_unit(1)
  for (u in c(1e-300, 1e300)) {
    for (method in c("wald", "profile")) {
      limits <- confint(of_unit(u), method = method)
      limits[3:6, ] <- limits[3:6, ] / u
      expect_equal(limits, confint(fit, method = method), tolerance = 1e-4)
    }
    expect_equal(cutpoints(of_unit(u))$std.error / u, cutpoints(fit)$std.error, tolerance = 1e-4)
  }
})

test_that("means and sigmas are bounded only by infinity, proportions by 1", {
  fit <- quietly(gmm1d(c(1, 1.1, 2, 2.1, 2.2), k = 2))
  limits <- quietly(confint(fit, method = "profile", level = 0.999))
  expect_true(all(limits[, 1] <= coef(fit) & limits[, 2] >= coef(fit)))
})

test_that("a step far out does not affect nearer ones, and a common sigma has one interval", {
  x <- c(withr::with_seed(8, rnorm(200)), 6)
  fit <- gmm1d(x, k = 2, variance = "equal")
  limits <- confint(fit, c("sigma1", "sigma2"), method = "profile")
  expect_equal(limits[1L, ], limits[2L, ], tolerance = 1e-6)
  # At a limit, twice the log-likelihood has decreased by the quantile, as plain EM with that sigma
  # shows.
  upper <- limits[[2L, 2L]]
  theta <- parameters(fit)
  theta$sigma <- c(upper, upper)
  for (i in 1:2000) {
    step <- reference_mstep(x, reference_estep(x, theta))
    theta[c("lambda", "mu")] <- step[c("lambda", "mu")]
  }
  expect_equal(2 * (fit$loglik - reference_loglik(x, theta)), qchisq(0.95, 1), tolerance = 1e-4)
})

test_that("between the estimate and a limit, the likelihood has not fallen as far", {
  fit <- gmm1d(faithful$waiting, k = 3)
  limits <- confint(fit, 4:7, method = "profile")
  most <- sqrt(qchisq(0.95, 1))
  for (i in 4:7) {
    for (limit in limits[i - 3L, limits[i - 3L, ] > 0]) {
      mixture <- as_mixture(fit)
      for (value in seq(parameters_of(fit)[[i]], limit, length.out = 20)[2:20]) {
        there <- root_of_fall(fit, i, value, mixture)
        mixture <- there$mixture
        expect_lt(there$root, most + 1e-5)
      }
    }
  }
})

test_that("the crossing agrees with uniroot() to its tolerance", {
  for (f in list(function(x) exp(x) - 3, function(x) x^3 - 20, function(x) atan(x - 2.9))) {
    excess_at <- function(steps, start) list(at = steps, value = f(steps))
    ends <- lapply(c(0, 3), excess_at)
    expect_equal(crossing_between(ends[[1]], ends[[2]], excess_at, tol = 1e-7),
                 uniroot(f, c(0, 3), tol = 1e-7)$root, tolerance = 1e-7)
  }
})

test_that("intervals of proportions leave room for the other proportions", {
  x <- withr::with_seed(4, c(rnorm(300, c(0, 8)), rnorm(5, 20)))
  fit <- gmm1d(x, k = 3, fixed = list(lambda = c(0.5, NA, NA)))
  interval <- confint(fit, method = "profile")
  free <- which(is.na(fit$fixed$lambda))
  expect_equal(interval[free[1], ], 0.5 - rev(interval[free[2], ]), tolerance = 1e-5,
               ignore_attr = TRUE)
})
