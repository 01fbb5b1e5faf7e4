em_steps <- function(x, theta, steps, weights = NULL, ...) {
  points <- squash(x, weights)
  options <- gmm1d:::em_options(gmm1d_control(penalty = 0))
  gmm1d:::em_steps_cpp(points, theta, steps, options, ...)
}

test_that("EM steps agree with the oracle, for k = 1 to 6, with and without weights", {
  for (k in 1:6) {
    x <- round(draw(marron_wand$smooth_comb, 300, seed = k), 2)
    theta <- reference_start(x, k)
    expect_equal(em_steps(x, theta, 8), reference_em(x, theta, 8), tolerance = 1e-12)
    weights <- withr::with_seed(k, rexp(300))
    expect_equal(em_steps(x, theta, 8, weights), reference_em(x, theta, 8, weights),
                 tolerance = 1e-12)
  }
})

test_that("a step in single precision has four digits, or is left to double precision", {
  # Sizes on both sides of a whole vector and of a block; beyond 12 components, and a value too far
  # out, it is the step of double precision.
  for (n in c(5, 16, 17, 255, 256, 257, 1000)) for (far in c(0, 1e3)) {
    x <- c(draw(marron_wand$claw, n, seed = n), far)
    weights <- withr::with_seed(n, sample(0:5, n + 1, TRUE, c(1, 5, 1, 1, 1, 1)))
    weights[1] <- 1
    for (k in c(1, 3, 12, 13)) {
      if (k > n / 2) next
      theta <- list(lambda = rep(1 / k, k), mu = seq(-1, 1, length.out = k),
                    sigma = rep(c(1, 0.1, 0.4), length.out = k))
      double <- em_steps(x, theta, 1, weights)
      single <- em_steps(x, theta, 1, weights, TRUE)
      expect_equal(single, double, tolerance = 1e-4)
      expect_equal(sum(single$lambda), 1, tolerance = 1e-15)
      expect_identical(identical(single, double), k == 13 || far > 0)
      theta$lambda[1] <- 0  # an empty component
      if (k > 1) expect_equal(em_steps(x, theta, 1, weights, TRUE),
                              em_steps(x, theta, 1, weights), tolerance = 1e-4)
    }
  }
})

test_that("the unit of the data does not affect a climb in single precision", {
  x <- draw(marron_wand$trimodal, 1000)
  options <- gmm1d:::em_options(gmm1d_control(penalty = 0), certify = FALSE)
  start <- reference_start(x, 3)
  climb <- function(unit) {
    start[c("mu", "sigma")] <- list(start$mu * unit, start$sigma * unit)
    result <- gmm1d:::em_cpp(squash(x * unit), start, options, TRUE)
    result$loglik + 1000 * log(unit)
  }
  for (unit in 2^c(-900, -20, 300)) expect_lt(abs(climb(unit) - climb(1)), 1e-4)
})

test_that("a climb in single precision ends at the maximum, to what a search compares", {
  options <- gmm1d:::em_options(gmm1d_control(), certify = FALSE)
  for (name in c("gaussian", "bimodal", "trimodal", "claw")) for (n in c(100, 1000, 5000)) {
    x <- draw(marron_wand[[name]], n)
    weights <- withr::with_seed(n, sample(1:5, n, TRUE))
    for (scale in c(1, 1e60)) for (k in 1:3) {
      points <- squash(x, scale * weights)
      options$control$penalty <- scale / sum(weights)
      climb <- function(...) gmm1d:::em_cpp(points, reference_start(x, k), options, ...)
      double <- climb()
      single <- climb(TRUE)
      expect_lt(abs(single$objective - double$objective) / scale, 1e-3)
      expect_lte(single$iterations, double$iterations + 6)
    }
  }
})

test_that("the log-likelihood never falls", {
  for (name in names(marron_wand)) {
    x <- draw(marron_wand[[name]], 200)
    for (k in c(2, 4, 7)) {
      fit <- quietly(gmm1d(x, start = reference_start(x, k), control = list(penalty = 0)))
      expect_true(all(diff(fit$trace) > 0), label = paste(name, k))
      expect_equal(fit$trace[length(fit$trace)], fit$loglik, tolerance = 1e-12)
      expect_length(fit$trace, fit$iterations + 1)
    }
  }
})

test_that("a converged fit has gap 0 and score 0", {
  for (name in names(marron_wand)) {
    x <- draw(marron_wand[[name]], 500)
    for (k in 2:4) {
      fit <- quietly(gmm1d(x, k = k))
      if (!fit$converged) next
      expect_lte(fit$gap, 1e-8)
      # A gap of 1e-8 in log-likelihood leaves a score of at most sqrt(2 n 1e-8), with n = 500.
      score <- free_score(x, fit)
      expect_lt(max(abs(score)), sqrt(2 * 500 * 1e-8), label = paste(name, k))
    }
  }
})

test_that("the certificate agrees with the numerically differentiated likelihood", {
  for (case in list(list(faithful$waiting, 2), list(faithful$eruptions, 3))) {
    x <- case[[1]]
    fit <- gmm1d(x, k = case[[2]])
    k <- fit$k
    n <- length(x)
    # log-ratios, means in sigmas and log sigmas, relative to the estimates
    loglik <- function(step) {
      lambda <- fit$lambda * exp(step[1:k])
      reference_loglik(x, list(
        lambda = lambda / sum(lambda), mu = fit$mu + fit$sigma * step[k + 1:k],
        sigma = fit$sigma * exp(step[2 * k + 1:k])
      ))
    }
    hessian <- optimHess(numeric(3 * k), loglik, control = list(ndeps = rep(1e-3, 3 * k)))
    complete <- n * fit$lambda %o% c(1, 1, 2)
    relative <- -hessian / sqrt(c(complete) %o% c(complete))
    eigenvalues <- eigen(relative, symmetric = TRUE, only.values = TRUE)$values
    expect_lt(abs(eigenvalues[3 * k]), 1e-4) # adding a constant to all log-ratios changes nothing
    expect_equal(fit$certificate$smallest_eigenvalue, eigenvalues[3 * k - 1], tolerance = 1e-4)
  }
})

test_that("a climb with indistinguishable components ends soon, and claims no maximum", {
  fit <- quietly(gmm1d(faithful$waiting, start = list(
    lambda = c(0.3, 0.3, 0.4), mu = c(55, 55, 80), sigma = c(6, 6, 6)
  )))
  expect_true(fit$status %in% c("ridge", "saddle"))
  expect_false(fit$converged)
  expect_lt(fit$iterations, 200)
})

test_that("a saddle is reported as one", {
  start <- list(lambda = c(0.5, 0.5), mu = c(70, 70), sigma = c(9, 9))
  expect_warning(fit <- gmm1d(faithful$waiting, start = start), "saddle",
                 class = "gmm1d_warning_not_converged")
  expect_identical(fit$status, "saddle")
})

test_that("no fit is below those of mixtools and mclust", {
  skip_if_not_installed("mixtools")
  skip_if_not_installed("mclust")
  local_mclust()
  for (name in names(real_data())) {
    x <- real_data()[[name]]
    loglik <- gmm1d(x, k = 2)$loglik
    utils::capture.output(
      theirs <- withr::with_seed(1, mixtools::normalmixEM(x, k = 2, epsilon = 1e-10))
    )
    expect_gte(loglik, theirs$loglik - 1e-7, label = paste(name, "mixtools"))
    expect_gte(loglik, mclust::Mclust(x, G = 2, modelNames = "V", verbose = FALSE)$loglik - 1e-7,
               label = paste(name, "mclust"))
  }
})

test_that("one component has the mean and the maximum likelihood standard deviation", {
  for (x in real_data()) {
    fit <- gmm1d(x, k = 1)
    expect_equal(fit$mu, mean(x), tolerance = 1e-13)
    expect_equal(fit$sigma, sqrt(mean((x - mean(x))^2)), tolerance = 1e-13)
    expect_true(fit$converged)
    expect_equal(fit$loglik, sum(dnorm(x, fit$mu, fit$sigma, log = TRUE)), tolerance = 1e-13)
  }
})

test_that("a step from far away agrees with the oracle", {
  x <- faithful$waiting
  theta <- list(lambda = 1, mu = 1e7, sigma = 2)
  expect_equal(em_steps(x, theta, 1), reference_mstep(x, matrix(1, length(x))),
               tolerance = 1e-9)
})

test_that("groups that are far apart are no spikes: their estimates are not penalised", {
  for (distance in c(8, 20, 1e2, 1e4, 1e6)) {
    for (m in c(3, 8, 50)) {
      group <- qnorm(ppoints(m))
      fit <- gmm1d(c(group, distance + group), k = 2)
      expect_true(fit$converged && !fit$penalised)
      expect_equal(fit$sigma, rep(sqrt(mean(group^2)), 2), tolerance = 1e-3)
    }
  }
})

test_that("a component that contracts onto a few of its points is penalised", {
  x <- withr::with_seed(151, rnorm(40))
  fit <- quietly(gmm1d(x, k = 2))
  spike <- quietly(gmm1d(x, start = fit, control = list(penalty = 0)))
  expect_true(fit$penalised)
  expect_gt(min(fit$sigma), 2 * min(spike$sigma))
})

test_that("a start far from the data costs no digits", {
  x <- faithful$waiting
  fit <- gmm1d(x, start = list(lambda = 1, mu = 1e9, sigma = 1))
  expect_equal(c(fit$mu, fit$sigma), c(mean(x), sqrt(mean((x - mean(x))^2))), tolerance = 1e-12)
})

test_that("if the likelihood is unbounded, the penalised estimates are returned", {
  x <- c(rep(0, 50), draw(marron_wand$gaussian, 200))
  expect_warning(fit <- gmm1d(x, k = 2), class = "gmm1d_warning_penalised")
  expect_true(fit$penalised)
  expect_true(all(is.finite(c(fit$mu, fit$sigma, fit$loglik))) && all(fit$sigma > 1e-4))
  expect_true(all(diff(fit$trace) > 0))
})

test_that("only a component that degenerates is held at its penalised sigma", {
  x <- c(rep(0, 50), draw(marron_wand$gaussian, 200))
  fit <- quietly(gmm1d(x, k = 2))
  expect_identical(fit$held, which.min(fit$sigma))
  expect_lt(max(abs(free_score(x, fit))), 1e-3)
  # With all other parameters free, the held sigma is that of the penalised maximum.
  points <- squash(x)
  options <- gmm1d:::em_options(gmm1d_control())
  penalised <- gmm1d:::em_cpp(points, gmm1d:::as_mixture(fit), options)$mixture
  expect_equal(fit$sigma[fit$held], min(penalised$sigma), tolerance = 1e-6)
})

test_that("an outlier changes the sigmas of the others by no more than its share", {
  for (n in c(12, 30, 200)) {
    x <- withr::with_seed(n, c(rnorm(n, 0.12, 0.01), rnorm(n, 1.1, 0.08)))
    fit <- quietly(gmm1d(x, k = 2))
    for (away in c(4, 1e3, 1e9)) {
      with_outlier <- quietly(gmm1d(c(x, away), k = 3))
      expect_equal(with_outlier$sigma[1:2], fit$sigma, tolerance = 1e-5)
      expect_equal(with_outlier$mu, c(fit$mu, away), tolerance = 1e-5)
    }
  }
})

test_that("values far from zero give the same fit as those near it", {
  x <- withr::with_seed(1, c(rnorm(300), rnorm(200, 10, 2)))
  fit <- gmm1d(x, k = 2)
  for (far in c(-1e6, 1e9, 1e12)) {
    expect_no_warning(there <- gmm1d(x + far, k = 2))
    expect_true(there$converged)
    expect_equal(there$sigma, fit$sigma, tolerance = 1e-15 * abs(far) + 1e-10)
    expect_equal(there$mu - far, fit$mu, tolerance = 1e-15 * abs(far) + 1e-10)
  }
})

test_that("a component narrower than its bin, or one that diverges in an open bin, is a ridge", {
  few <- data.frame(lower = 0:5, upper = 1:6, count = c(6, 1, 1, 2, 1, 1))
  expect_warning(fit <- gmm1d(few, k = 2), "flat")
  expect_identical(fit$status, "ridge")
  rounded <- rep(0.5 + 0:5, few$count)
  expect_identical(quietly(gmm1d(rounded, k = 2, rounding = 1))$status, "ridge")
  y <- draw(marron_wand$bimodal, 900)
  edges <- seq(-2, 2, 0.25)
  open <- data.frame(lower = c(-Inf, edges), upper = c(edges, Inf), count = 80)
  open$count[2:17] <- hist(y[abs(y) < 2], edges, plot = FALSE)$counts
  expect_warning(fit <- gmm1d(open, k = 4), "flat")
  expect_true(all(abs(fit$mu) < 1e3) && all(fit$sigma <= 40))
})

test_that("no sigma goes below min_sigma", {
  fit <- quietly(gmm1d(c(rep(0, 50), draw(marron_wand$gaussian, 200)), k = 2,
                       control = list(min_sigma = 0.25, penalty = 0)))
  expect_equal(min(fit$sigma), 0.25)
})

test_that("a fit that ran out of iterations says so", {
  x <- draw(marron_wand$gaussian, 500)
  start <- list(lambda = rep(1 / 3, 3), mu = c(-1, 0, 1), sigma = c(1, 1, 1))
  expect_warning(fit <- gmm1d(x, start = start, control = list(max_iter = 3)),
                 class = "gmm1d_warning_not_converged")
  expect_false(fit$converged)
  expect_identical(fit$status, "max_iter")
  expect_identical(fit$iterations, 3L)
})

test_that("an accelerated step leads at least as high as the two EM steps in it", {
  x <- faithful$waiting
  points <- squash(x)
  once <- gmm1d:::em_options(gmm1d_control(penalty = 0, max_iter = 1))
  # From these starts, the leap leads down.
  starts <- list(
    list(mu = c(62.9, 95.5), sigma = c(2, 26)), list(mu = c(62.3, 66.5), sigma = c(1.9, 10)),
    list(mu = c(69.8, 63.5), sigma = c(5.5, 1.05)),
    list(mu = c(64.2, 67.4, 66), sigma = c(7.9, 29.5, 1.25)),
    list(mu = c(65.8, 72.9, 77.8, 94.9), sigma = c(2.5, 2.6, 24, 28))
  )
  for (start in starts) {
    start$k <- length(start$mu)
    start$lambda <- rep(1 / start$k, start$k)
    two <- gmm1d:::em_steps_cpp(points, start, 2, once)
    expect_gte(gmm1d:::em_cpp(points, start, once)$loglik,
               sum(dgmm1d(x, two$lambda, two$mu, two$sigma, log = TRUE)) - 1e-9)
  }
})

test_that("the objective of a climb from a start is that of its estimates", {
  x <- faithful$waiting
  fit <- gmm1d(x, start = list(lambda = c(0.4, 0.6), mu = c(52, 79), sigma = c(5, 7)))
  ratio <- fit$points$scale / fit$sigma
  expect_equal(fit$selection$objective, fit$loglik - sum(ratio^2 - 1 - 2 * log(ratio)) / length(x))
  expect_equal(fit$selection$objective, gmm1d(x, k = 2)$selection$objective, tolerance = 1e-3)
})

test_that("a penalised climb ends where the penalised likelihood is flat", {
  x <- faithful$waiting
  points <- squash(x)
  options <- gmm1d:::em_options(gmm1d_control(penalty = 5))
  start <- list(lambda = c(0.4, 0.6), mu = c(52, 79), sigma = c(5, 7), k = 2L)
  result <- gmm1d:::em_cpp(points, start, options)
  objective <- function(log_sigma) {
    sigma <- exp(log_sigma)
    ratio <- (points$scale / sigma)^2
    sum(dgmm1d(x, result$mixture$lambda, result$mixture$mu, sigma, log = TRUE)) -
      5 * sum(ratio - 1 - log(ratio))
  }
  at <- log(result$mixture$sigma)
  slope <- vapply(1:2, function(j) {
    step <- 1e-4 * (1:2 == j)
    (objective(at + step) - objective(at - step)) / 2e-4
  }, 1)
  expect_equal(slope, c(0, 0), tolerance = 1e-5)
  expect_identical(result$status, "converged")
  expect_lt(result$certificate$score, 1e-8)
})

test_that("transformed counts have a maximum at the smallest sigma that ties allow", {
  for (seed in 1:6) {
    counts <- withr::with_seed(seed, rnbinom(1000, size = 2, mu = 5))
    for (x in list(log1p(counts), sqrt(counts), sqrt(counts + 3 / 8))) {
      texts <- capture_warnings(fit <- gmm1d(x, k = 2))
      expect_true(fit$converged)
      named <- sub(".*[(]component ([0-9]+) has.*", "\\1", grep("no maximum", texts, value = TRUE))
      expect_true(all(as.integer(named) %in% fit$held))
      expect_length(named, as.integer(fit$penalised))
    }
  }
})

test_that("two values are not reported as a lattice, and values as far from 0 only if they are", {
  texts <- function(...) paste(capture_warnings(gmm1d(...)), collapse = " ")
  two <- texts(rep(c(1, 10000), 5), k = 2)
  expect_match(two, "no maximum")
  expect_no_match(two, "lattice")
  stalled <- function(x, w) {
    paste(gmm1d:::stalled_words(squash(x, w)), collapse = "")
  }
  expect_match(stalled(1:9, rep(1e16, 9)), "n = 9e\\+16")
  expect_match(stalled(1e12 + 1:9, rep(1, 9)), "far from 0")
})
