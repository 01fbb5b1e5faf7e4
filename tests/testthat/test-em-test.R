statistic <- function(...) em_test(...)$statistic[["EM"]]

# The statistic for one component as defined by Chen and Li (2009), by EM from each of several
# starts.
naive_em_statistic <- function(x, a = 0.25) {
  n <- length(x)
  mu <- mean(x)
  s <- sqrt(mean((x - mu)^2))
  joint <- function(m) cbind(m$b * dnorm(x, m$mu[1], m$sigma[1]),
                             (1 - m$b) * dnorm(x, m$mu[2], m$sigma[2]))
  objective <- function(m) {
    sum(log(rowSums(joint(m)))) + log(1 - abs(1 - 2 * m$b)) -
      a * sum((s / m$sigma)^2 - 1 - 2 * log(s / m$sigma))
  }
  step <- function(m, free = FALSE) {
    gamma <- joint(m) / rowSums(joint(m))
    size <- colSums(gamma)
    mu <- colSums(gamma * x) / size
    squares <- colSums(gamma * outer(x, mu, "-")^2)
    share <- if (!free) m$b
             else if (size[1] <= n / 2) min((size[1] + 1) / (n + 1), 0.5)
             else max(size[1] / (n + 1), 0.5)
    list(b = share, mu = mu, sigma = sqrt((squares + 2 * a * s^2) / (size + 2 * a)))
  }
  starts <- expand.grid(left = seq(-2, 2, 0.5), right = seq(-2, 2, 1), s1 = c(0.3, 1),
                        s2 = c(0.3, 1))
  of_share <- function(b) {
    from <- function(i) {
      m <- list(b = b, mu = mu + s * unlist(starts[i, 1:2]), sigma = s * unlist(starts[i, 3:4]))
      for (iteration in 1:30) m <- step(m)
      m
    }
    candidates <- lapply(seq_len(nrow(starts)), from)
    best <- candidates[[which.max(vapply(candidates, objective, 1))]]
    for (iteration in 1:2000) best <- step(best)
    for (iteration in 1:3) best <- step(best, free = TRUE)
    objective(best)
  }
  2 * (max(vapply(c(0.1, 0.3, 0.5), of_share, 1)) - sum(dnorm(x, mu, s, log = TRUE)))
}

test_that("for one component the statistic is that of plain EM from 180 starts", {
  samples <- withr::with_seed(1, list(rnorm(40), c(rnorm(50), rnorm(10, 3, 0.3)), rexp(60)))
  # Climbs stop at a step that gains less than 1e-7.
  for (x in samples) expect_equal(statistic(x, 1), naive_em_statistic(x), tolerance = 1e-5)
})

# From the authors' MixtureInf 2.0, the best of several runs from random starts.
test_that("for the waiting times the test agrees with the authors' program, or ends higher", {
  one <- em_test(faithful$waiting, 1)
  # Its last steps compute variances about the old means, which is not an M-step, so it ends at
  # 119.1528.
  expect_gt(one$statistic[["EM"]], 119.1528)
  expect_lt(one$statistic[["EM"]], 119.1528 + 0.1)
  expect_equal(one$p.value, 1.3e-26, tolerance = 0.05)
  expect_identical(one$a_n, 0.25)
  two <- em_test(faithful$waiting, 2)
  expect_equal(two$statistic[["EM"]], 4.94248, tolerance = 0.01)
  expect_equal(two$p.value, 0.2933, tolerance = 0.01)
  # It penalises the null more, with weight 1 / sqrt(n).
  expect_equal(two$a_n, 0.2009, tolerance = 0.01)
})

test_that("the statistic belongs to the returned mixture", {
  x <- faithful$waiting
  for (k0 in 1:3) {
    test <- em_test(x, k0)
    null <- test$mixtures$null
    split <- test$mixtures$split
    expect_identical(split$component, rep(seq_len(k0), each = 2L))
    expect_equal(c(sum(null$lambda), sum(split$lambda)), c(1, 1))
    share <- split$lambda[c(TRUE, FALSE)] / tapply(split$lambda, split$component, sum)
    ratio <- (null$sigma[split$component] / split$sigma)^2
    loglik <- function(m) sum(dgmm1d(x, m$lambda, m$mu, m$sigma, log = TRUE))
    value <- 2 * (loglik(split) + sum(log(1 - abs(1 - 2 * share))) -
                    test$a_n * sum(ratio - 1 - log(ratio)) - loglik(null))
    expect_equal(test$statistic[["EM"]], value, tolerance = 1e-8)
    expect_identical(test$p.value, pchisq(test$statistic[["EM"]], 2 * k0, lower.tail = FALSE))
  }
})

test_that("the weight of the penalty follows the formulas of the paper", {
  logit <- function(p) log(p / (1 - p))
  misclassified <- function(m, of, as) {
    joint <- function(j) function(x) m$lambda[j] * dnorm(x, m$mu[j], m$sigma[j])
    wrong <- function(x) dnorm(x, m$mu[of], m$sigma[of]) * (joint(as)(x) > joint(of)(x))
    grid <- seq(m$mu[of] - 9 * m$sigma[of], m$mu[of] + 9 * m$sigma[of], length.out = 2e5)
    sum(wrong(grid)) * diff(grid[1:2])
  }
  overlap <- function(m, a, b) (misclassified(m, a, b) + misclassified(m, b, a)) / 2
  x <- withr::with_seed(2, c(rnorm(100), rnorm(80, 3.5, 0.7), rnorm(120, 8, 1.5)))
  two <- em_test(x, 2)
  expect_equal(two$a_n, 0.35 * plogis(-1.859 - 0.577 * logit(overlap(two$mixtures$null, 1, 2)) -
                                        60.453 / 300), tolerance = 1e-3)
  three <- em_test(x, 3)
  both <- logit(overlap(three$mixtures$null, 1, 2)) + logit(overlap(three$mixtures$null, 2, 3))
  expect_equal(three$a_n, 0.35 * plogis(-1.602 - 0.240 * both - 130.394 / 300), tolerance = 1e-3)
  expect_identical(em_test(x, 4)$a_n, 0.2)
})

test_that("order, sign, unit and location of the data do not matter", {
  x <- faithful$eruptions
  for (k0 in 1:3) {
    expected <- statistic(x, k0)
    expect_gte(expected, 0)
    # Rounding errors are amplified by climbs that end a step earlier or later.
    for (other in list(rev(x), -x, 3 * x - 7, x * 1e-300, x * 1e300)) {
      expect_equal(statistic(other, k0), expected, tolerance = 1e-5)
    }
  }
  whole <- faithful$waiting
  expect_equal(statistic(whole + 1e12, 2), statistic(whole, 2), tolerance = 1e-5)
})

test_that("weights count observations, and fits and squashed data are tested like their data", {
  x <- faithful$waiting
  counts <- table(x)
  expected <- statistic(x, 2)
  expect_equal(statistic(as.numeric(names(counts)), 2, weights = as.vector(counts)), expected)
  expect_equal(statistic(squash(x), 2), expected)
  expect_equal(statistic(gmm1d(x, k = 2)), expected)
  expect_equal(statistic(gmm1d(x, k = 1), 2), expected)
  expect_equal(statistic(~waiting, 2, data = faithful), expected)
  expect_identical(em_test(gmm1d(~waiting, faithful, k = 2))$data.name, "waiting")
  expect_identical(statistic(x, 2, control = list(threads = 1)), expected)
  half <- em_test(x, 1, weights = rep(0.5, length(x)))
  expect_true(is.finite(half$p.value))
})

test_that("data of any size are tested on a few points", {
  x <- qnorm(ppoints(2e5))
  expect_gt(em_test(x, 1)$p.value, 0.9)
  expect_lt(em_test(c(x, x / 2 + 2), 1)$p.value, 1e-10)
})

test_that("data of few distinct values are tested or refused", {
  expect_error(em_test(c(5, 5, 5), 1), class = "gmm1d_error_constant")
  expect_error(em_test(1, 1), class = "gmm1d_error_constant")
  expect_error(em_test(c(1, 2, 2), 3), class = "gmm1d_error_k")
  for (x in list(c(0, 1), rep(c(0, 1), 50), c(1, 1, 1, 2), rep(c(0, 1, 7), c(50, 3, 9)))) {
    for (k0 in seq_along(unique(x))) {
      p <- em_test(x, k0)$p.value
      expect_true(p >= 0 && p <= 1)
    }
  }
})

test_that("more than five components are tested, too", {
  x <- withr::with_seed(1, c(rnorm(40), rnorm(40, 8), rnorm(40, 16), rnorm(40, 24), rnorm(40, 32)))
  six <- em_test(c(x, x + 40), 6)
  expect_identical(nrow(six$mixtures$split), 12L)
  expect_gte(six$statistic, 0)
})

test_that("the test is for exact values and free parameters", {
  x <- faithful$waiting
  refused <- list(
    list(rounding = 1), list(error = 0.1), list(within = c(40, 100)), list(noise = TRUE),
    list(censored = c(45, NA)), list(labels = c("a", rep(NA, 271))), list(variance = "equal"),
    list(fixed = list(mu = 70))
  )
  for (arguments in refused) {
    expect_error(do.call(em_test, c(list(x, 1), arguments)), "exact values and free parameters",
                 class = "gmm1d_error_argument")
  }
  expect_error(em_test(hist(x, plot = FALSE), 1), class = "gmm1d_error_argument")
  expect_error(em_test(gmm1d(x, k = 2, variance = "equal")), class = "gmm1d_error_argument")
})

test_that("the test prints like other tests", {
  expect_snapshot(em_test(faithful$waiting, 2))
})

test_that("a known component stays fixed, and all else is as for other tests", {
  x <- withr::with_seed(1, c(rnorm(150), rnorm(40, 3, 0.7)))
  known <- list(mu = c(0, NA), sigma = c(1, NA))
  one <- em_test(x, 1, fixed = known)
  expect_equal(one$fits$k0$loglik, sum(dnorm(x, log = TRUE)))
  expect_identical(em_test(x, 2, fixed = list(mu = c(0, 3), sigma = c(1, 0.7)))$a_n, one$a_n)
  parts <- one$mixtures$split
  expect_true(any(parts$mu == 0 & parts$sigma == 1))
  expect_false(all(parts$mu == 0))
  # If one of two components is known, the split gains what two components gain, minus its
  # penalties.
  gain <- 2 * (gmm1d(x, k = 2, fixed = known)$loglik - one$fits$k0$loglik)
  expect_lt(one$statistic, gain)
  expect_gt(one$statistic, 0.9 * gain)
  two <- em_test(x, 2, fixed = known)
  expect_identical(two$parameter[["df"]], 4)
  expect_gt(two$p.value, 0.05)
  null <- two$mixtures$null
  expect_identical(unlist(null[1, c("mu", "sigma")], use.names = FALSE), c(0, 1))
  mirrored <- em_test(-x, 2, fixed = known)
  expect_equal(mirrored$statistic, two$statistic, tolerance = 1e-6)
  scaled <- em_test(8 * x, 2, fixed = list(mu = c(0, NA), sigma = c(8, NA)))
  expect_equal(scaled$statistic, two$statistic, tolerance = 1e-6)
  expect_identical(em_test(gmm1d(x, k = 2, fixed = known))$statistic, two$statistic)
})

test_that("components that are partly fixed are not tested", {
  for (fixed in list(list(mu = 0), list(sigma = c(1, NA)), list(lambda = c(0.5, NA)))) {
    expect_error(em_test(faithful$waiting / 40, 2, fixed = fixed), class = "gmm1d_error_argument")
  }
})
