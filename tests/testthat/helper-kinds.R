# Samples of every kind, each from data that a function has changed: shifted, or in another unit.
sample_kinds <- function() {
  set.seed(5)
  x <- c(rnorm(60, 0, 1), rnorm(40, 4, 0.7))
  many <- c(rnorm(6000, 0, 1), rnorm(4000, 4, 0.7))
  edges <- c(-Inf, seq(-2, 6, by = 0.5), Inf)
  counts <- as.vector(table(cut(x, edges)))
  lower <- round(x, 1) - 0.5 * (seq_along(x) %% 2 == 0)
  upper <- round(x, 1) + 0.5 * (seq_along(x) %% 2 == 0)
  bins <- function(lower, upper, count) data.frame(lower = lower, upper = upper, count = count)
  error <- runif(length(x), 0.1, 0.8)
  width <- function(move, of) (move(1) - move(0)) * of
  seen <- x[x > -1.5]
  label <- ifelse(seq_along(x) %% 4 == 0, ifelse(seq_along(x) <= 60, "low", "high"), NA)
  label <- factor(label, c("low", "high"))
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
    `open bins` = function(move) squash(bins(move(head(edges, -1L)), move(edges[-1L]), counts)),
    errors = function(move) squash(move(x), error = width(move, error)),
    `some errors` = function(move) {
      squash(move(x), error = width(move, error * (seq_along(x) %% 3 > 0)))
    },
    `many errors` = function(move) {
      squash(move(many), error = width(move, rep_len(error, length(many))))
    },
    censored = function(move) squash(move(x), censored = move(c(-1, 4.5))),
    `censored, with errors` = function(move) {
      squash(move(x), censored = move(c(-1, 4.5)), error = width(move, error))
    },
    intervals = function(move) squash(data.frame(lower = move(lower), upper = move(upper))),
    window = function(move) squash(move(seen), within = move(c(-1.5, 6))),
    `half a window` = function(move) squash(move(x[x > -1]), within = c(move(-1), Inf)),
    `window, with errors` = function(move) {
      squash(move(seen), within = move(c(-1.5, 6)), error = width(move, error[x > -1.5]))
    },
    `window, censored` = function(move) {
      squash(move(seen), within = move(c(-1.5, 6)), censored = c(move(-1), NA))
    },
    labels = function(move) squash(move(x), labels = label),
    `labels by design` = function(move) squash(move(x), labels = label, labels_by = "design"),
    `labels by design, window, errors` = function(move) {
      squash(move(seen), labels = label[x > -1.5], labels_by = "design",
             within = move(c(-1.5, 6)), error = width(move, error[x > -1.5]))
    }
  )
}

# The laws for every kind of sample: EM never lowers the likelihood, the derivatives are 0 at a
# maximum, a weight counts like copies, and shifts and changes of unit have their known effects.
expect_valid_kind <- function(kind, mixture) {
  sample <- kind(identity)
  model <- free_model
  if (!is.null(mixture$noise)) model$noise <- mixture$noise[2:3]
  if (!is.null(sample$label)) model$labels <- 1:2
  options <- em_options(gmm1d_control(penalty = 0), constraints_in_place(model, 2L), model)
  at <- function(sample, mixture) {
    options$control$max_iter <- 0L
    em_cpp(sample, mixture, options)
  }
  loglik <- function(sample, mixture) at(sample, mixture)$loglik

  path <- Reduce(function(mixture, i) em_steps_cpp(sample, mixture, 1L, options),
                 seq_len(10L), mixture, accumulate = TRUE)
  expect_gt(min(diff(vapply(path, loglik, 1, sample = sample))), -1e-9)

  top <- em_cpp(sample, mixture, options)
  expect_identical(top$status, "converged")
  best <- top$mixture
  known <- covariance_cpp(sample, best, options)
  # The coordinates of covariance_cpp(): lambda_1, means in their units, logs of the units,
  # lambda_0.
  error <- known$unit^2 - best$sigma^2
  moved_to <- function(step) {
    there <- best
    there$lambda <- best$lambda + c(step[1L], -sum(step[c(1L, 6L)], na.rm = TRUE))
    there$mu <- best$mu + step[2:3] * known$unit
    there$sigma <- sqrt((known$unit * exp(step[4:5]))^2 - error)
    if (!is.null(best$noise)) there$noise[1L] <- best$noise[1L] + step[6L]
    there
  }
  value <- function(step) loglik(sample, moved_to(step))
  origin <- numeric(ncol(known$covariance) - 1L)
  expect_equal(numerical_gradient(value, origin), origin, tolerance = 1e-4)
  expect_equal(solve(-numerical_hessian(value, origin)), known$covariance[-2L, -2L],
               tolerance = 1e-3)

  twice <- sample
  twice$w <- 2 * twice$w
  twice$n <- 2 * twice$n
  expect_equal(loglik(twice, mixture), 2 * loglik(sample, mixture), tolerance = 1e-12)

  # The likelihood of values has a unit, as densities do; that of intervals has none.
  bounds <- bounds_of(sample)
  densities <- sum(sample$w[bounds$lower == bounds$upper])
  for (move in list(function(x) x + 100, function(x) 8 * x, function(x) x / 1024)) {
    scale <- move(1) - move(0)
    there <- mixture
    there[c("mu", "sigma")] <- list(move(mixture$mu), scale * mixture$sigma)
    if (!is.null(mixture$noise)) there$noise[2:3] <- move(mixture$noise[2:3])
    expect_equal(loglik(kind(move), there) + densities * log(scale), loglik(sample, mixture),
                 tolerance = 1e-8)
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
