densities <- marron_wand[c("gaussian", "bimodal", "trimodal", "kurtotic")]

test_that("estep and mstep agree with the equations of the paper, for k = 1 to 6", {
  for (k in 1:6) {
    x <- draw(marron_wand$smooth_comb, 200, seed = k)
    theta <- reference_start(x, k)
    gamma <- estep(x, theta$lambda, theta$mu, theta$sigma)
    expect_equal(gamma, reference_estep(x, theta), tolerance = 1e-12)
    expect_equal(mstep(x, gamma), reference_mstep(x, gamma), tolerance = 1e-12)
    weights <- withr::with_seed(k, rexp(200))
    expect_equal(mstep(x, gamma, weights), reference_mstep(x, gamma, weights),
                 tolerance = 1e-12)
  }
})

test_that("a loop over estep and mstep ends where gmm1d ends", {
  x <- faithful$waiting
  theta <- list(lambda = c(0.5, 0.5), mu = c(50, 80), sigma = c(5, 5))
  for (i in 1:100) theta <- mstep(x, estep(x, theta$lambda, theta$mu, theta$sigma))
  expect_equal(theta, parameters(gmm1d(x, k = 2)), tolerance = 1e-5)
})

test_that("rows sum to 1, however far the point", {
  for (x in c(1e6, -1e6, 1e100, -1e200, 1e308, -1e308)) {
    gamma <- estep(x, c(0.2, 0.5, 0.3), c(-1, 0, 1), c(0.5, 1, 0.5))
    expect_false(anyNA(gamma))
    expect_lt(abs(sum(gamma) - 1), 1e-12)
    expect_equal(gamma, cbind(0, 1, 0))
  }
})

test_that("far out, differences of densities keep their digits", {
  x <- c(1e6, 1e9, 1e12, 1e20, 1e150, 1e300)
  # If sigmas are equal, the posterior odds are exponential in x.
  odds <- log(0.9 / 0.1) - 1e-6 * x
  expect_equal(estep(x, c(0.9, 0.1), c(0, 1e-6), c(1, 1))[, 1], plogis(odds), tolerance = 1e-9)
})

test_that("in the limit the wider component wins, then the outer one, and equal ones share", {
  far <- c(-1e308, 1e308)
  expect_equal(estep(far, c(0.9, 0.1), c(0, 0), c(1, 2)), cbind(c(0, 0), c(1, 1)))
  expect_equal(estep(far, c(0.9, 0.1), c(-1, 1), c(1, 1)), cbind(c(1, 0), c(0, 1)))
  expect_equal(estep(far, c(0.9, 0.1), c(1, 1), c(1, 1)), cbind(c(0.9, 0.9), c(0.1, 0.1)))
})

test_that("a component of lambda 0 has no responsibility", {
  expect_equal(estep(c(0, 1e308), c(0, 1), c(0, 5), c(9, 1)), cbind(c(0, 0), c(1, 1)))
})

test_that("a shift of data and means changes only the digits that the data lose", {
  x <- round(draw(marron_wand$trimodal, 100) * 2^10) / 2^10
  near <- estep(x, c(0.5, 0.5), c(-1, 1), c(0.5, 1))
  far <- estep(x + 2^30, c(0.5, 0.5), c(-1, 1) + 2^30, c(0.5, 1))
  expect_identical(far, near)
  expect_equal(estep(x + 1e9, c(0.5, 0.5), c(-1, 1) + 1e9, c(0.5, 1)), near, tolerance = 1e-6)
  step <- mstep(x + 1e9, near)
  expect_equal(step$sigma, mstep(x, near)$sigma, tolerance = 1e-6)
  expect_equal(step$mu - 1e9, mstep(x, near)$mu, tolerance = 1e-6)
})

test_that("steps work at any scale", {
  x <- draw(marron_wand$trimodal, 50)
  gamma <- estep(x, c(0.5, 0.5), c(-1, 1), c(0.5, 1))
  step <- mstep(x, gamma)
  for (b in c(2^-990, 2^990)) {
    expect_equal(estep(b * x, c(0.5, 0.5), b * c(-1, 1), b * c(0.5, 1)), gamma,
                 tolerance = 1e-12)
    expect_equal(mstep(b * x, gamma)$sigma / b, step$sigma, tolerance = 1e-12)
  }
})

test_that("a matrix with one column and a fit are accepted as well", {
  x <- faithful$waiting
  fit <- gmm1d(x, k = 2)
  expected <- estep(x, fit$lambda, fit$mu, fit$sigma)
  expect_equal(estep(matrix(x), fit), expected, tolerance = 1e-14)
  expect_identical(mstep(matrix(x), expected), mstep(x, expected))
})

test_that("a weight of 2 counts as two observations, a weight of 0 as none", {
  x <- draw(marron_wand$bimodal, 30)
  gamma <- estep(x, c(0.5, 0.5), c(-1, 1), c(1, 1))
  twice <- rep(seq_along(x), times = rep(c(0, 1, 2), 10))
  expect_equal(mstep(x, gamma, rep(c(0, 1, 2), 10)), mstep(x[twice], gamma[twice, ]),
               tolerance = 1e-12)
})

test_that("the M-step's mean keeps its digits far from zero", {
  x <- 1e15 + 0:999
  expect_identical(mstep(x, matrix(1, 1000, 1))$mu, 1e15 + 499.5)
  expect_equal(mstep(x, matrix(1, 1000, 1))$sigma, sqrt((1000^2 - 1) / 12), tolerance = 1e-12)
})

test_that("exponentials are accurate over their whole range", {
  # If sigmas and proportions are equal, the log odds of two components are linear in x.
  d <- c(seq(-708, 708, length.out = 20001), 10^seq(-300, 2, length.out = 1000))
  gamma <- estep(d, c(0.5, 0.5), c(-0.5, 0.5), c(1, 1))
  expect_equal(gamma[, 1L], plogis(-d), tolerance = 1e-15)
  # Far out, the log odds are differences of squares of up to 5e5.
  small <- gamma[, 1L] > 0 & d > 0
  expect_lt(max(abs(log(gamma[small, 1L]) - plogis(-d[small], log.p = TRUE))), 1e-10)
})
