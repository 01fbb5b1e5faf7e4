# Windows around the mean, on both sides of it, in a tail, narrow, and so far out that their
# probability is below 1e-300 or the distance to the mean has lost its digits.
windows <- list(
  c(-1, 1.1), c(-8, 9), c(-1.01, 3), c(-0.99, Inf), c(0, Inf), c(0.3, 0.4), c(-1e-7, 2e-7),
  c(4, 5), c(5, Inf), c(30, 31), c(49.9, 50.1), c(100, 100.001), c(1000, Inf), c(1e6, Inf)
)

# The integral of the standard normal density over a window, divided by its density at the end that
# is nearer to 0, up to a distance t from this end.
integral_outwards <- function(window, t) {
  density <- function(t) exp(-window[1] * t - t^2 / 2)
  # Further out the density is below e^-50 of that at the end, or of that at 0.
  t <- pmin(t, if (window[1] < 1) 20 else 50 / window[1])
  vapply(t, function(t) integrate(density, 0, t, rel.tol = 1e-12, subdivisions = 1000L)$value, 1)
}

reflected_window <- function(window) -rev(window)

test_that("the probability of a window keeps its digits in both tails", {
  for (window in windows) {
    log_p <- dnorm(window[1], log = TRUE) + log(integral_outwards(window, diff(window)))
    found <- log_normal_between(0, 1, window[1], window[2])
    expect_lt(abs(found - log_p), 1e-10 + 1e-14 * abs(log_p))
    mirrored <- reflected_window(window)
    expect_equal(log_normal_between(0, 1, mirrored[1], mirrored[2]), found, tolerance = 1e-13)
  }
})

test_that("draws lie in their window and follow the truncated distribution", {
  n <- 500
  mu <- 3
  sigma <- 2
  p_values <- vapply(windows, function(window) {
    ends <- mu + sigma * window
    x <- withr::with_seed(1, draw_truncated(rep(mu, n), rep(sigma, n), ends))
    expect_true(all(x >= ends[1] & x <= ends[2]))
    mirrored <- -rev(ends)
    expect_equal(withr::with_seed(1, draw_truncated(rep(-mu, n), rep(sigma, n), mirrored)), -x)
    below <- integral_outwards(window, (x - ends[1]) / sigma)
    suppressWarnings(ks.test(below / integral_outwards(window, diff(window)), "punif"))$p.value
  }, 1)
  expect_gt(min(p_values), 0.01)
})

test_that("values within a window have the distribution of those that were drawn and kept", {
  mixture <- new_mixture(c(0.5, 0.3), c(0, 3), c(1, 0.5), c(0.2, -1, 4))
  inside <- mixture
  inside$within <- c(1, 2.5)
  n <- 4e4
  for (error in c(0, 0.01, 2)) {
    for (label in 0:2) {
      drawn <- withr::with_seed(1, draws_of(n, inside, error, rep(label, n)))
      expect_true(all(drawn >= 1 & drawn <= 2.5))
      kept <- withr::with_seed(2, draws_of(n, mixture, error, rep(label, n)))
      kept <- kept[kept >= 1 & kept <= 2.5]
      expect_gt(suppressWarnings(ks.test(drawn, kept))$p.value, 0.01)
    }
  }
})

test_that("each value takes two random numbers, however improbable the window", {
  mixture <- new_mixture(c(0.5, 0.5), c(0, 1), c(1, 2))
  for (window in list(c(-1, 1), c(8, Inf), c(-Inf, -1e3), c(1e200, Inf))) {
    mixture$within <- window
    withr::with_seed(1, {
      x <- draws_of(100, mixture)
      following <- runif(1)
    })
    expect_true(all(x >= window[1] & x <= window[2]))
    expect_identical(following, withr::with_seed(1, runif(201))[201])
  }
})

test_that("components are drawn in proportion to what they have inside the window", {
  # At c, N(0, 1) has P(Z > c); N(mu, 1) with c - mu far out has less by a known factor.
  mixture <- new_mixture(c(0.5, 0.5), c(0, -0.01), c(1, 1))
  shares <- log_shares_between(100, Inf, mixture)
  expect_equal(shares[[1]] - shares[[2]],
               pnorm(100, lower.tail = FALSE, log.p = TRUE) -
                 pnorm(100.01, lower.tail = FALSE, log.p = TRUE), tolerance = 1e-9)
  number <- withr::with_seed(1, draw_columns(shares, rep(1L, 1e4)))
  expect_equal(mean(number == 1L), plogis(shares[[1]] - shares[[2]]), tolerance = 0.02)
})

test_that("quantiles within a window far in a tail are the inverse of the distribution function", {
  p <- c(1e-10, 0.01, 0.3, 0.5, 0.9, 0.999)
  for (window in list(c(-1, 1), c(9, Inf), c(-Inf, -9), c(30, 31), c(-31, -30))) {
    mixture <- c(new_mixture(c(0.5, 0.5), c(0, 0.1), c(1, 0.9)), list(within = window))
    for (lower in c(TRUE, FALSE)) {
      x <- quantile_of(p, mixture, lower)
      expect_true(all(x >= window[1] & x <= window[2]))
      # At 30 sigmas, the density changes by 1e-12 from one double to the next.
      expect_equal(cdf_of(x, mixture, lower), p, tolerance = 1e-8)
    }
  }
})
