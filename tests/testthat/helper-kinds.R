# Samples of every kind, each made of data that a function has moved: shifted, or in another unit.
sample_kinds <- function() {
  set.seed(5)
  x <- c(rnorm(60, 0, 1), rnorm(40, 4, 0.7))
  many <- c(rnorm(6000, 0, 1), rnorm(4000, 4, 0.7))
  edges <- c(-Inf, seq(-2, 6, by = 0.5), Inf)
  counts <- as.vector(table(cut(x, edges)))
  lower <- round(x, 1) - 0.5 * (seq_along(x) %% 2 == 0)
  upper <- round(x, 1) + 0.5 * (seq_along(x) %% 2 == 0)
  bins <- function(lower, upper, count) data.frame(lower = lower, upper = upper, count = count)
  list(
    values = function(move) squash(move(x)),
    weights = function(move) squash(move(x), weights = 1 + seq_along(x) %% 3),
    lattice = function(move) squash(move(round(4 * x) / 4)),
    cells = function(move) squash(move(many)),
    rounded = function(move) squash(move(round(x, 1)), rounding = move(0.1) - move(0)),
    `rounded cells` = function(move) {
      squash(move(round(2^12 * many) / 2^12), rounding = move(2^-12) - move(0))
    },
    bins = function(move) squash(bins(move(edges[2:17]), move(edges[3:18]), counts[2:17])),
    `open bins` = function(move) squash(bins(move(head(edges, -1L)), move(edges[-1L]), counts))
  )
}

# Whatever was observed: EM never lowers the likelihood, where it has a maximum its derivatives say
# so, a weight counts as copies do, and a shift or another unit changes what it must.
expect_valid_kind <- function(kind, mixture) {
  control <- gmm1d_control(penalty = 0)
  options <- em_options(control)
  at <- function(sample, mixture) {
    options$control$max_iter <- 0L
    em_cpp(sample, mixture, options)
  }
  loglik <- function(sample, mixture) at(sample, mixture)$loglik
  sample <- kind(identity)

  path <- Reduce(function(mixture, i) em_steps_cpp(sample, mixture, 1L, options),
                 seq_len(10L), mixture, accumulate = TRUE)
  expect_gt(min(diff(vapply(path, loglik, 1, sample = sample))), -1e-9)

  top <- em_cpp(sample, mixture, options)
  expect_identical(top$status, "converged")
  best <- top$mixture
  # The coordinates of covariance_cpp(): lambda_1, means and deviations in units of sigma.
  moved_to <- function(step) {
    list(lambda = best$lambda + c(step[1L], -step[1L]), mu = best$mu + step[2:3] * best$sigma,
         sigma = best$sigma * (1 + step[4:5]))
  }
  value <- function(step) loglik(sample, moved_to(step))
  expect_equal(numerical_gradient(value, numeric(5L)), numeric(5L), tolerance = 1e-4)
  covariance <- covariance_cpp(sample, best, options)$covariance[-2L, -2L]
  expect_equal(solve(-numerical_hessian(value, numeric(5L))), covariance, tolerance = 1e-3)

  twice <- sample
  twice$w <- 2 * twice$w
  twice$n <- 2 * twice$n
  expect_equal(loglik(twice, mixture), 2 * loglik(sample, mixture), tolerance = 1e-12)

  # The likelihood of values has the unit of a density, that of intervals has none.
  for (move in list(function(x) x + 100, function(x) 8 * x, function(x) x / 1024)) {
    scale <- move(1) - move(0)
    there <- list(lambda = mixture$lambda, mu = move(mixture$mu), sigma = scale * mixture$sigma)
    of_unit <- if (are_exact(sample)) sample$n * log(scale) else 0
    expect_equal(loglik(kind(move), there) + of_unit, loglik(sample, mixture), tolerance = 1e-9)
  }
}

# Central differences.
numerical_gradient <- function(f, at, h = 1e-5) {
  vapply(seq_along(at), function(i) {
    step <- h * (seq_along(at) == i)
    (f(at + step) - f(at - step)) / (2 * h)
  }, 1)
}
numerical_hessian <- function(f, at, h = 1e-4) {
  outer(seq_along(at), seq_along(at), Vectorize(function(i, j) {
    a <- h * (seq_along(at) == i)
    b <- h * (seq_along(at) == j)
    (f(at + a + b) - f(at + a - b) - f(at - a + b) + f(at - a - b)) / (4 * h^2)
  }))
}
