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

# The gradient of the log-likelihood in log-ratios of lambda, in mu / sigma and in log(sigma).
reference_score <- function(x, theta, weights = rep(1, length(x))) {
  gamma <- weights * reference_estep(x, theta)
  z <- sweep(outer(x, theta$mu, "-"), 2, theta$sigma, "/")
  c(colSums(gamma) - sum(weights) * theta$lambda, colSums(gamma * z), colSums(gamma * (z^2 - 1)))
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
