test_that("with one component, the functions are dnorm, pnorm and qnorm", {
  x <- c(-Inf, -50, -40, -37, -5, -1, 0, 0.1, 3, 8, 40, Inf)
  expect_equal(dgmm1d(x, 1, 0.5, 2), dnorm(x, 0.5, 2), tolerance = 1e-13)
  expect_equal(dgmm1d(x, 1, 0.5, 2, log = TRUE), dnorm(x, 0.5, 2, log = TRUE), tolerance = 1e-13)
  for (lower in c(TRUE, FALSE)) {
    for (log in c(TRUE, FALSE)) {
      expect_equal(pgmm1d(x, 1, 0.5, 1, lower, log), pnorm(x, 0.5, 1, lower, log),
                   tolerance = 1e-12)
    }
    p <- c(0, 1e-300, 1e-20, 0.01, 0.5, 0.7, 1 - 1e-10, 1)
    expect_equal(qgmm1d(p, 1, 0.5, 2, lower), qnorm(p, 0.5, 2, lower), tolerance = 1e-12)
    log_p <- c(-Inf, -700, -1, -1e-5, -1e-20, 0)
    expect_equal(qgmm1d(log_p, 1, 0.5, 2, lower, log.p = TRUE),
                 qnorm(log_p, 0.5, 2, lower, log.p = TRUE), tolerance = 1e-8)
  }
})

test_that("p(q(u)) = u, in both tails and on the log scale", {
  u <- c(1e-12, 1e-6, seq(0.001, 0.999, length.out = 97), 1 - 1e-6)
  for (m in marron_wand) {
    for (lower in c(TRUE, FALSE)) {
      q <- qgmm1d(u, m$lambda, m$mu, m$sigma, lower)
      expect_lt(max(abs(pgmm1d(q, m$lambda, m$mu, m$sigma, lower) - u)), 1e-12)
      log_u <- -c(1e-8, 0.1, 1, 50, 1000, 1e6)
      q <- qgmm1d(log_u, m$lambda, m$mu, m$sigma, lower, log.p = TRUE)
      expect_equal(pgmm1d(q, m$lambda, m$mu, m$sigma, lower, log.p = TRUE), log_u,
                   tolerance = 1e-10)
    }
  }
})

test_that("quantiles are found across a gap without mass and far from zero", {
  q <- qgmm1d(c(0.25, 0.5, 0.75), c(0.5, 0.5), c(0, 1e6), c(1, 1))
  expect_equal(q[c(1, 3)], c(0, 1e6), tolerance = 1e-9)
  expect_equal(pgmm1d(q[2], c(0.5, 0.5), c(0, 1e6), c(1, 1)), 0.5)
  q <- qgmm1d(0.3, c(0.5, 0.5), c(0, 1e-3), c(1, 1e-6))
  expect_lt(abs(pgmm1d(q, c(0.5, 0.5), c(0, 1e-3), c(1, 1e-6)) - 0.3), 1e-12)
})

test_that("quantiles reach the ends of the double range", {
  q <- qgmm1d(c(0.3, 0.5, 0.7), c(0.5, 0.5), c(-1e308, 1e308), c(1, 1))
  expect_false(is.unsorted(q) || anyNA(q))
  expect_equal(q[c(1, 3)], c(-1e308, 1e308))
  expect_equal(qgmm1d(0.25, 1, 0, 1e308), 1e308 * qnorm(0.25))
})

test_that("lambda that sums to 1 up to rounding is rescaled", {
  expect_equal(dgmm1d(0, c(0.5, 0.5000009), c(0, 0), c(1, 1)), dnorm(0), tolerance = 1e-14)
})

test_that("the density integrates to the distribution function, and agrees with its logarithm", {
  for (m in marron_wand) {
    density <- function(x) dgmm1d(x, m$lambda, m$mu, m$sigma)
    q <- qgmm1d(c(0.1, 0.6), m$lambda, m$mu, m$sigma)
    expect_equal(integrate(density, q[1], q[2], subdivisions = 2000L, rel.tol = 1e-9)$value, 0.5,
                 tolerance = 1e-6)
    expect_equal(exp(dgmm1d(q, m$lambda, m$mu, m$sigma, log = TRUE)), density(q))
  }
})

test_that("both tails sum to 1 and thin tails keep their digits", {
  m <- marron_wand$claw
  upper <- pgmm1d(8, m$lambda, m$mu, m$sigma, lower.tail = FALSE)
  expect_equal(pgmm1d(8, m$lambda, m$mu, m$sigma, log.p = TRUE) / -upper, 1)
  x <- seq(-5, 5, 0.1)
  lower <- pgmm1d(x, m$lambda, m$mu, m$sigma)
  expect_equal(lower + pgmm1d(x, m$lambda, m$mu, m$sigma, lower.tail = FALSE), rep(1, length(x)))
  expect_true(all(diff(lower) >= 0))
  expect_equal(pgmm1d(-20, m$lambda, m$mu, m$sigma), 0.5 * pnorm(-20), tolerance = 1e-12)
})

test_that("the first parameter may be a fit", {
  fit <- gmm1d(faithful$waiting, k = 2)
  x <- c(50, 66, 90)
  expect_equal(dgmm1d(x, fit), dgmm1d(x, fit$lambda, fit$mu, fit$sigma),
               tolerance = 1e-14)
  expect_equal(pgmm1d(x, fit), pgmm1d(x, fit$lambda, fit$mu, fit$sigma),
               tolerance = 1e-14)
  expect_equal(qgmm1d(0.5, fit), qgmm1d(0.5, fit$lambda, fit$mu, fit$sigma),
               tolerance = 1e-14)
  expect_length(rgmm1d(5, fit), 5)
  expect_error(dgmm1d(x, fit, mu = 1), class = "gmm1d_error_argument")
})

test_that("missing values, names and dimensions are kept", {
  x <- c(a = 1, b = NA, c = NaN)
  expect_identical(is.na(dgmm1d(x, 1, 0, 1)), c(a = FALSE, b = TRUE, c = TRUE))
  expect_identical(dim(pgmm1d(matrix(0, 2, 3), 1, 0, 1)), c(2L, 3L))
  expect_identical(dgmm1d(numeric(), 1, 0, 1), numeric())
  expect_identical(qgmm1d(NA, 1, 0, 1), NA_real_)
})

test_that("a value that is no probability gives NaN and a classed warning", {
  expect_warning(q <- qgmm1d(c(-0.1, 0.5, 1.1), 1, 0, 1), class = "gmm1d_warning_nan")
  expect_identical(is.nan(q), c(TRUE, FALSE, TRUE))
  expect_warning(qgmm1d(0.1, 1, 0, 1, log.p = TRUE), class = "gmm1d_warning_nan")
})

test_that("random values follow the mixture and set.seed", {
  m <- marron_wand$trimodal
  x <- draw(m, 1e4)
  expect_identical(x, draw(m, 1e4))
  expect_gt(ks.test(x, function(q) pgmm1d(q, m$lambda, m$mu, m$sigma))$p.value, 0.01)
  expect_length(rgmm1d(c(5, 6, 7), 1, 0, 1), 3)
  expect_identical(rgmm1d(0, 1, 0, 1), numeric())
})

test_that("quantiles are the inverse of the distribution function, whatever the scales", {
  p <- c(1e-300, 1e-12, 0.01, 0.3, 0.5, 0.7, 0.99)
  for (m in wide_scales()) {
    x <- qgmm1d(p, m$lambda, m$mu, m$sigma)
    expect_false(is.unsorted(x))
    # by the densities at the neighbouring doubles, which may be far apart
    ulp <- 4 * .Machine$double.eps * abs(x)
    expect_true(all(pgmm1d(x - ulp, m$lambda, m$mu, m$sigma) <= p * (1 + 1e-10)))
    expect_true(all(pgmm1d(x + ulp, m$lambda, m$mu, m$sigma) >= p * (1 - 1e-10)))
  }
})
