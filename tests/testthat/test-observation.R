two <- list(lambda = c(0.5, 0.5), mu = c(-0.5, 3.5), sigma = c(1.2, 1))

test_that("every kind of observation obeys the laws of a likelihood", {
  for (kind in sample_kinds()) expect_valid_kind(kind, two)
})

test_that("every kind with noise obeys the laws of a likelihood", {
  with_noise <- c(list(lambda = c(0.45, 0.45), noise = c(0.1, -6, 9)), two[c("mu", "sigma")])
  scattered <- seq(-5.5, 8.5, by = 0.5)
  noisy <- function(squash_with) {
    set.seed(6)
    x <- c(rnorm(60, 0, 1), rnorm(40, 4, 0.7), scattered)
    function(move) squash_with(move, x)
  }
  error <- rep_len(c(0.1, 0.4, 0.2), 129L)
  kinds <- list(
    values = noisy(function(move, x) squash(move(x))),
    rounded = noisy(function(move, x) {
      squash(move(round(2 * x) / 2), rounding = move(0.5) - move(0))
    }),
    errors = noisy(function(move, x) squash(move(x), error = (move(1) - move(0)) * error)),
    censored = noisy(function(move, x) squash(move(x), censored = move(c(-2, 6)))),
    window = noisy(function(move, x) squash(move(x), within = move(c(-5.8, 8.8)))),
    `errors, window` = noisy(function(move, x) {
      squash(move(x), error = (move(1) - move(0)) * error, within = move(c(-5.8, 8.8)))
    })
  )
  for (kind in kinds) expect_valid_kind(kind, with_noise)
})

test_that("narrow intervals count as values, and wide ones have their probability", {
  x <- c(-1.3, 0.2, 0.9, 3.1, 4.4)
  loglik <- function(sample) {
    options <- em_options(gmm1d_control(penalty = 0))
    options$control$max_iter <- 0L
    em_cpp(sample, two, options)$loglik
  }
  width <- 1e-6
  narrow <- squash(data.frame(lower = x - width / 2, upper = x + width / 2, count = 1))
  expect_equal(loglik(narrow) - 5 * log(width), loglik(squash(x)), tolerance = 1e-9)
  thirds <- squash(data.frame(lower = c(-Inf, 0, 1), upper = c(0, 1, Inf), count = c(3, 1, 2)))
  p <- pgmm1d(0:1, two$lambda, two$mu, two$sigma)
  expect_equal(loglik(thirds), sum(c(3, 1, 2) * log(c(p[1], diff(p), 1 - p[2]))), tolerance = 1e-12)
})
