# The oracle: EM for Gaussian mixtures as in the paper, in plain R, for moderate data.

reference_estep <- function(x, theta) {
  joint <- mapply(function(lambda, mu, sigma) lambda * dnorm(x, mu, sigma),
                  theta$lambda, theta$mu, theta$sigma)
  joint <- matrix(joint, length(x))
  joint / rowSums(joint)
}

reference_mstep <- function(x, gamma, weights = rep(1, length(x))) {
  s0 <- colSums(weights * gamma)
  mu <- colSums(weights * gamma * x) / s0
  sigma <- sqrt(colSums(weights * gamma * outer(x, mu, "-")^2) / s0)
  list(lambda = s0 / sum(weights), mu = mu, sigma = sigma)
}

reference_em <- function(x, theta, iterations, weights = rep(1, length(x))) {
  for (i in seq_len(iterations)) {
    theta <- reference_mstep(x, reference_estep(x, theta), weights)
  }
  theta
}

reference_loglik <- function(x, theta, weights = rep(1, length(x))) {
  joint <- mapply(function(lambda, mu, sigma) lambda * dnorm(x, mu, sigma),
                  theta$lambda, theta$mu, theta$sigma)
  sum(weights * log(rowSums(matrix(joint, length(x)))))
}

# The maximum that EM on the penalised likelihood, with weight 1 / n, reaches from a mixture.
reference_objective <- function(x, theta, s, min_sigma) {
  n <- length(x)
  objective <- -Inf
  repeat {
    sigma <- theta$sigma
    before <- objective
    objective <- reference_loglik(x, theta) - sum(s^2 / sigma^2 - 1 - log(s^2 / sigma^2)) / n
    if (objective - before < 1e-9) return(objective)
    gamma <- reference_estep(x, theta)
    theta <- reference_mstep(x, gamma)
    s0 <- colSums(gamma)
    theta$sigma <- pmax(sqrt((s0 * theta$sigma^2 + 2 / n * s^2) / (s0 + 2 / n)), min_sigma)
  }
}

# The gradient of the log-likelihood in log-ratios of lambda, in mu / sigma and in log(sigma).
reference_score <- function(x, theta, weights = rep(1, length(x))) {
  gamma <- weights * reference_estep(x, theta)
  z <- sweep(outer(x, theta$mu, "-"), 2, theta$sigma, "/")
  c(colSums(gamma) - sum(weights) * theta$lambda, colSums(gamma * z), colSums(gamma * (z^2 - 1)))
}

# The same for the penalised log-likelihood.
penalised_score <- function(x, theta) {
  s <- min(sd(x), IQR(x) / 1.349)
  k <- length(theta$mu)
  reference_score(x, theta) + c(numeric(2 * k), 2 / length(x) * (s^2 / theta$sigma^2 - 1))
}

# The score for the parameters that are not held at a penalised value.
free_score <- function(x, fit) {
  score <- reference_score(x, fit)
  score[setdiff(seq_along(score), 2 * fit$k + fit$held)]
}

# A start that depends only on the data: k groups of the sorted values.
reference_start <- function(x, k) {
  group <- ceiling(rank(x, ties.method = "first") / length(x) * k)
  list(
    lambda = as.vector(table(group)) / length(x),
    mu = as.vector(tapply(x, group, mean)),
    sigma = as.vector(tapply(x, group, sd))
  )
}

parameters <- function(theta) theta[c("lambda", "mu", "sigma")]

quietly <- function(expression) {
  withCallingHandlers(expression, gmm1d_warning = function(w) invokeRestart("muffleWarning"))
}

# For snapshots: the number of iterations may differ by one with rounding, and so with the compiler.
some_iterations <- function(lines) sub("after [0-9]+ iterations?", "after some iterations", lines)

# Checks that two fits agree to within `tolerance` standard errors. Those for known components are
# used, which are smaller than the fit's.
expect_close_fits <- function(fit, other, tolerance) {
  error <- fit$sigma / sqrt(fit$n * fit$lambda)
  expect_lt(max(abs(fit$mu - other$mu) / error), tolerance)
  expect_lt(max(abs(fit$sigma - other$sigma) / error * sqrt(2)), tolerance)
  expect_lt(max(abs(fit$lambda - other$lambda) * sqrt(fit$n / fit$lambda)), tolerance)
}

# The fit to all values without squashing, started from the estimates of another fit.
exact_fit <- function(x, start) {
  points <- exact_points(x)
  gmm1d:::climb(points, gmm1d:::as_mixture(start), gmm1d:::model_of(start), start$control)
}

# The M-step with some parameters fixed (NA where free) or all free sigmas equal.
restricted_mstep <- function(x, gamma, fixed, equal) {
  s0 <- colSums(gamma)
  free <- is.na(fixed$lambda)
  lambda <- ifelse(free, (1 - sum(fixed$lambda, na.rm = TRUE)) * s0 / sum(s0[free]), fixed$lambda)
  mu <- ifelse(is.na(fixed$mu), colSums(gamma * x) / s0, fixed$mu)
  squares <- colSums(gamma * outer(x, mu, "-")^2)
  variance <- squares / s0
  free <- is.na(fixed$sigma)
  if (equal) variance[free] <- sum(squares[free]) / sum(s0[free])
  list(lambda = lambda, mu = mu, sigma = ifelse(free, sqrt(variance), fixed$sigma))
}

# The log-likelihood of counts in bins.
interval_loglik <- function(lower, upper, count, theta) {
  p <- mapply(function(lambda, mu, sigma) {
    lambda * (pnorm(upper, mu, sigma) - pnorm(lower, mu, sigma))
  }, theta$lambda, theta$mu, theta$sigma)
  sum(count * log(rowSums(matrix(p, length(lower)))))
}

# The EM step for counts in bins, with moments by numerical integration.
interval_em_step <- function(lower, upper, count, theta) {
  k <- length(theta$mu)
  moment <- function(i, j, power) {
    stats::integrate(function(x) {
      theta$lambda[j] * (x - theta$mu[j])^power * dnorm(x, theta$mu[j], theta$sigma[j])
    }, lower[i], upper[i], rel.tol = 1e-12)$value
  }
  moments <- function(power) {
    matrix(mapply(moment, row(diag(0, length(lower), k)), col(diag(0, length(lower), k)), power),
           length(lower), k)
  }
  joint <- moments(0)
  weight <- count / rowSums(joint)
  s0 <- colSums(weight * joint)
  shift <- colSums(weight * moments(1)) / s0
  variance <- colSums(weight * moments(2)) / s0 - shift^2
  list(lambda = s0 / sum(count), mu = theta$mu + shift, sigma = sqrt(variance))
}

# Standard errors of free parameters by numerical differentiation of a log-likelihood. `loglik` is a
# function of the vector of parameters, `at` are their values, and `unit` their scales.
numerical_covariance <- function(loglik, at, unit) {
  f <- function(step) loglik(at + step * unit)
  hessian <- stats::optimHess(numeric(length(at)), f,
                              control = list(ndeps = rep(1e-3, length(at))))
  # one extrapolation, as the error of the differences decreases with the square of their step
  coarse <- stats::optimHess(numeric(length(at)), f,
                             control = list(ndeps = rep(2e-3, length(at))))
  solve(-(4 * hessian - coarse) / 3) * outer(unit, unit)
}

# Points for all values.
exact_points <- function(x) gmm1d:::new_squashed_values(sort(x), rep(1, length(x)))
