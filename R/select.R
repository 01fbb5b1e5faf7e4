# One row per fitted number of components.
selection_table <- function(path, points) {
  field <- function(name, type) vapply(path, function(result) result[[name]], type)
  k <- vapply(path, function(result) result$mixture$k, 1L)
  loglik <- field("loglik", 1)
  df <- degrees_of_freedom(k)
  entropy <- vapply(path, function(result) entropy(points, result$mixture), 1)
  bic <- -2 * loglik + log(points$n) * df
  data.frame(
    k = k, variance = "free", loglik = loglik, df = df,
    AIC = -2 * loglik + 2 * df, BIC = bic, ICL = bic + 2 * entropy,
    converged = field("status", "") == "converged",
    penalised = field("penalised", NA)
  )
}

# k means, k standard deviations and k - 1 free proportions.
degrees_of_freedom <- function(k) 3L * as.integer(k) - 1L

# How uncertain the classification of the points is: -sum_ij w_i gamma_ij log(gamma_ij).
entropy <- function(points, mixture) {
  gamma <- estep_cpp(points$x, mixture)
  -sum(points$w * ifelse(gamma > 0, gamma * log(gamma), 0))
}
