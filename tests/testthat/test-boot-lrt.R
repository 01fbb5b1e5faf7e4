test <- function(...) withr::with_seed(1, boot_lrt(...))

test_that("the test compares the fits' likelihoods with those of replicates fitted likewise", {
  x <- faithful$waiting
  result <- test(x, 1, R = 60)
  expect_s3_class(result, "htest")
  expect_equal(result$statistic[["LR"]], 2 * (gmm1d(x, k = 2)$loglik - gmm1d(x, k = 1)$loglik))
  expect_length(result$replicates, 60)
  expect_identical(result$p.value, (1 + sum(result$replicates >= result$statistic)) / 61)
  points <- withr::with_seed(1, gmm1d:::replicate_drawer(result$fits$k0, "parametric")())
  expect_equal(result$replicates[1],
               2 * (quietly(gmm1d(points, k = 2))$loglik - gmm1d(points, k = 1)$loglik))
  expect_true(all(result$replicates > -1e-6))
})

test_that("two components are found in the waiting times, and not three", {
  expect_equal(test(faithful$waiting, 1, R = 99)$p.value, 0.01)
  expect_gt(test(faithful$waiting, 2, R = 39)$p.value, 0.1)
})

test_that("stopping early does not change the decision", {
  for (seed in 1:20) {
    x <- draw(list(lambda = c(0.7, 0.3), mu = c(0, 2), sigma = c(1, 1)), 60, seed)
    all <- test(x, 1, R = 59)
    early <- test(x, 1, R = 59, stop_early = 0.1)
    expect_identical(early$p.value <= 0.1, all$p.value <= 0.1)
    expect_lte(early$parameter[["R"]], 59)
  }
})

test_that("fits, squashed data, equal variances and other k can be tested", {
  fit <- gmm1d(faithful$waiting, k = 2)
  expect_identical(test(fit, 1, R = 19)[c("statistic", "p.value")],
                   test(faithful$waiting, 1, R = 19)[c("statistic", "p.value")])
  expect_identical(test(squash(faithful$waiting), 1, R = 19)$p.value, 0.05)
  equal <- test(faithful$waiting, 1, R = 19, variance = "equal")
  expect_identical(equal$fits$k1$variance, "equal")
  expect_identical(test(faithful$waiting, 1, 3, R = 19)$parameter[["k1"]], 3L)
  expect_identical(test(fit, 1, R = 9)$data.name, "faithful$waiting")
})

test_that("the test prints like other tests", {
  expect_snapshot(test(faithful$waiting, 1, R = 19))
})

test_that("parameters fixed for all components are also fixed in the replicates", {
  x <- withr::with_seed(1, c(rnorm(200), rnorm(200, 0, 4)))
  result <- test(x, 2, R = 39, fixed = list(mu = 0))
  expect_lt(median(result$replicates), 3)
  fit <- gmm1d(x, k = 2, fixed = list(mu = 0))
  expect_identical(test(fit, 2, R = 39)$replicates, result$replicates)
  expect_identical(test(fit, 2, R = 9, variance = "equal")$fits$k0$variance, "equal")
})

test_that("a component that is known is in both hypotheses", {
  x <- withr::with_seed(1, c(rnorm(200), rnorm(100, 4), rnorm(60, 8)))
  floor <- list(mu = c(0, NA), sigma = c(1, NA))
  more <- test(gmm1d(x, k = 2, fixed = floor), R = 39)
  expect_lt(more$p.value, 0.05)
  for (fit in more$fits) {
    expect_identical(c(fit$mu[1], fit$sigma[1]), c(0, 1))
    expect_identical(fit$df, 3L * fit$k - 1L - 2L)
  }
  # This holds for any number of components on the other side.
  left <- test(gmm1d(-x, k = 2, fixed = floor), R = 39)
  expect_equal(left$statistic, more$statistic, tolerance = 1e-8)
})

test_that("replicates of few values have enough distinct ones", {
  few <- test(1:6, 2, R = 19)
  expect_true(all(is.finite(few$replicates)) && all(few$replicates >= 0) && few$statistic >= 0)
  expect_true(is.finite(test(1:6, 1, 6, R = 49)$p.value))
  expect_identical(test(gmm1d(faithful$waiting, k = 1), R = 9)$parameter[["k0"]], 1L)
})

test_that("weights and a subset can be used with a formula", {
  data <- data.frame(y = faithful$waiting, w = 1)
  statistic <- function(...) withr::with_seed(1, boot_lrt(..., R = 9))$statistic
  expect_equal(statistic(~y, 1, data = data, weights = w), statistic(faithful$waiting, 1))
  above <- faithful$waiting[faithful$waiting > 50]
  expect_equal(statistic(~y, 1, data = data, subset = y > 50), statistic(above, 1))
})

test_that("components that cannot change the mixture have p = 1, whatever the rounding errors", {
  for (seed in 1:4) {
    x <- withr::with_seed(seed, rnorm(c(20, 100, 300, 900)[seed]))
    for (place in c(0, 1e6)) {
      for (k1 in 2:3) {
        result <- test(x + place, 1, k1, R = 9, fixed = list(mu = place, sigma = 1))
        expect_identical(unname(c(result$statistic, result$p.value)), c(0, 1))
        expect_true(all(result$replicates == 0))
      }
      expect_identical(test(x + place, 2, 4, R = 9, fixed = list(mu = place, sigma = 1))$p.value,
                       1)
    }
  }
  bins <- hist(withr::with_seed(1, rnorm(300)), plot = FALSE)
  expect_identical(test(bins, 1, R = 9, fixed = list(mu = 0, sigma = 1))$p.value, 1)
  # The unit of the data changes only the log-likelihood, which may come close to 0.
  x <- withr::with_seed(5, rnorm(50))
  unit <- exp(mean(dnorm(x, log = TRUE)))
  expect_identical(test(x * unit, 1, R = 9, fixed = list(mu = 0, sigma = unit))$p.value, 1)
})

test_that("a proportion fixed for one component is an error with more of them", {
  expect_error(test(faithful$waiting, 1, R = 9, fixed = list(lambda = 1)),
               class = "gmm1d_error_shape")
  expect_identical(gmm1d(faithful$waiting, fixed = list(lambda = 1))$k, 1L)
})

test_that("labels stay with their components", {
  x <- withr::with_seed(2, c(rnorm(300), rnorm(100, 4), rnorm(60, 8, 0.7)))
  labels <- rep(NA, 460)
  labels[1:30] <- "a"
  labels[301:330] <- "b"
  fit <- gmm1d(x, 2, fixed = list(mu = c(NA, 4)), labels = labels)
  expect_equal(quietly(test(fit, R = 9))$fits$k0$loglik, fit$loglik, tolerance = 1e-10)
})

test_that("values fixed for all components are also fixed for additional ones", {
  x <- withr::with_seed(3, c(rnorm(100), rnorm(100, 4)))
  fit <- gmm1d(x, k = 2, fixed = list(mu = c(NA, 4), sigma = 1))
  larger <- quietly(test(fit, R = 9))$fits$k1
  expect_identical(larger$sigma, c(1, 1, 1))
  expect_true(4 %in% larger$mu)
})

test_that("a warning says that a fit is penalised, and which test to trust", {
  x <- withr::with_seed(2, c(rnorm(40), rnorm(30, 6)))
  x <- c(x, x[7] + c(-1, 1, 2, 0.5) * 1e-4)
  expect_true(quietly(gmm1d(x, k = 3))$penalised)
  expect_warning(result <- test(x, 2, R = 9), "trust `em_test()`", fixed = TRUE,
                 class = "gmm1d_warning_penalised")
  expect_match(result$method, "larger fit penalised", fixed = TRUE)
  # The EM-test is for one component more.
  warning <- tryCatch(test(x, 1, 3, R = 9), warning = identity)
  expect_s3_class(warning, "gmm1d_warning_penalised")
  expect_no_match(conditionMessage(warning), "em_test", fixed = TRUE)
  expect_no_warning(result <- test(faithful$waiting, 1, R = 9))
  expect_no_match(result$method, "penalised", fixed = TRUE)
})
