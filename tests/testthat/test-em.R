iterate <- function(x, theta, iterations, ...) {
  quietly(gmm1d(x, start = theta, ...,
                control = gmm1d_control(max_iter = iterations, tol = 0, penalty = 0)))
}

test_that("a whole EM run is the oracle's, for k = 1 to 6, with and without weights", {
  for (k in 1:6) {
    x <- round(draw(marron_wand$smooth_comb, 300, seed = k), 2)
    theta <- reference_start(x, k)
    iterations <- if (k == 1) 1 else 8
    expect_equal(parameters(iterate(x, theta, iterations)),
                 reference_em(x, theta, iterations), tolerance = 1e-12)
    weights <- withr::with_seed(k, rexp(300))
    fit <- iterate(x, theta, iterations, weights = weights)
    expected <- reference_em(x, theta, iterations, weights)
    expect_equal(parameters(fit), expected, tolerance = 1e-12)
    expect_equal(fit$loglik, reference_loglik(x, expected, weights), tolerance = 1e-12)
  }
})

test_that("the log-likelihood never falls", {
  for (name in names(marron_wand)) {
    x <- draw(marron_wand[[name]], 200)
    for (k in c(2, 4, 7)) {
      fit <- iterate(x, reference_start(x, k), 200)
      expect_true(all(diff(fit$trace) > 0), label = paste(name, k))
      expect_equal(fit$trace[length(fit$trace)], fit$loglik)
      expect_length(fit$trace, fit$iterations + 1)
    }
  }
})

test_that("the score is 0 where EM has converged", {
  for (name in names(marron_wand)) {
    x <- draw(marron_wand[[name]], 500)
    fit <- quietly(gmm1d(x, k = 2))
    # One component is enough for the first density: two are a ridge, and EM says so.
    expect_identical(fit$converged, name != "gaussian", label = name)
    if (!fit$converged) next
    expect_lte(fit$gap, 1e-8)
    # A gap of 1e-8 in log-likelihood leaves a score of about sqrt(2 n 1e-8), n = 500.
    expect_lt(max(abs(reference_score(x, fit))), 0.01, label = name)
  }
})

test_that("no fit is below those of mixtools and mclust", {
  skip_if_not_installed("mixtools")
  skip_if_not_installed("mclust")
  # mclust looks for its own functions on the search path.
  suppressPackageStartupMessages(library(mclust))
  withr::defer(detach("package:mclust"))
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

test_that("one component is the mean and the maximum likelihood standard deviation", {
  for (x in real_data()) {
    fit <- gmm1d(x, k = 1)
    expect_equal(fit$mu, mean(x), tolerance = 1e-13)
    expect_equal(fit$sigma, sqrt(mean((x - mean(x))^2)), tolerance = 1e-13)
    expect_true(fit$converged)
    expect_equal(fit$loglik, sum(dnorm(x, fit$mu, fit$sigma, log = TRUE)), tolerance = 1e-13)
  }
})

test_that("one step from far away is the oracle's step", {
  x <- faithful$waiting
  theta <- list(lambda = 1, mu = 1e7, sigma = 2)
  expect_equal(parameters(iterate(x, theta, 1)), reference_mstep(x, matrix(1, length(x))),
               tolerance = 1e-9)
})

test_that("groups far apart are no spikes: their estimates are not penalised", {
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
  expect_true(spike$converged && min(spike$sigma) < 0.02 && spike$lambda[1] < 0.1)
  expect_true(fit$penalised)
  expect_gt(min(fit$sigma), 0.5)
})

test_that("a start far from the data loses no digits", {
  x <- faithful$waiting
  fit <- gmm1d(x, start = list(lambda = 1, mu = 1e9, sigma = 1))
  expect_equal(c(fit$mu, fit$sigma), c(mean(x), sqrt(mean((x - mean(x))^2))), tolerance = 1e-12)
})

test_that("where the likelihood is unbounded, the penalised estimates are given", {
  x <- c(rep(0, 50), draw(marron_wand$gaussian, 200))
  expect_warning(fit <- gmm1d(x, k = 2), class = "gmm1d_warning_penalised")
  expect_true(fit$penalised)
  expect_true(all(is.finite(c(fit$mu, fit$sigma, fit$loglik))) && all(fit$sigma > 1e-4))
  expect_true(all(diff(fit$trace) > 0))
})

test_that("the penalised maximum is where the gradient of the penalised likelihood is 0", {
  x <- c(rep(0, 50), draw(marron_wand$gaussian, 200))
  fit <- quietly(gmm1d(x, k = 2))
  s <- min(sd(x), IQR(x) / 1.349)
  n <- length(x)
  score <- reference_score(x, fit) + c(0, 0, 0, 0, 2 / n * (s^2 / fit$sigma^2 - 1))
  expect_lt(max(abs(score)), 1e-3)
})

test_that("no sigma goes below min_sigma", {
  fit <- quietly(gmm1d(c(rep(0, 50), draw(marron_wand$gaussian, 200)), k = 2,
                       control = list(min_sigma = 0.25, penalty = 0)))
  expect_equal(min(fit$sigma), 0.25)
})

test_that("a fit that ran out of iterations says so", {
  x <- draw(marron_wand$gaussian, 500)
  expect_warning(fit <- gmm1d(x, k = 3, control = list(max_iter = 3)),
                 class = "gmm1d_warning_not_converged")
  expect_false(fit$converged)
  expect_identical(fit$status, "max_iter")
  expect_identical(fit$iterations, 3L)
})
