# The oracle: EM for Gaussian mixtures as the paper writes it, in plain R, for moderate data.

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

# The maximum of the penalised likelihood, weight 1 / n, to which EM climbs from a mixture.
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

# The same of the penalised log-likelihood.
penalised_score <- function(x, theta) {
  s <- min(sd(x), IQR(x) / 1.349)
  k <- length(theta$mu)
  reference_score(x, theta) + c(numeric(2 * k), 2 / length(x) * (s^2 / theta$sigma^2 - 1))
}

# A start that depends on nothing but the data: k groups of the sorted values.
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

# Two fits agree to within `tolerance` standard errors; those of data whose components are known,
# which are smaller than the fit's.
expect_close_fits <- function(fit, other, tolerance) {
  error <- fit$sigma / sqrt(fit$n * fit$lambda)
  expect_lt(max(abs(fit$mu - other$mu) / error), tolerance)
  expect_lt(max(abs(fit$sigma - other$sigma) / error * sqrt(2)), tolerance)
  expect_lt(max(abs(fit$lambda - other$lambda) * sqrt(fit$n / fit$lambda)), tolerance)
}

# The fit that all values, none squashed, give from the estimates of another.
exact_fit <- function(x, start) {
  points <- list(x = sort(x), w = rep(1, length(x)), n = length(x), scale = start$points$scale, lower = NULL, upper = NULL,
                 step = 0, width = NULL, cells = NULL)
  gmm1d:::climb(points, gmm1d:::as_mixture(start), gmm1d:::model_of(start), start$control)
}
