# The numbers of components to fit, and those that the data are too few for.
parse_k <- function(k, points, start, control) {
  k <- parse_numbers(k, "k")
  if (length(k) == 0L) abort_gmm1d("shape", "`k` must have at least one value.")
  check_each(!is.na(k), k, "k", "have no missing values", "missing")
  check_each(k >= 1 & k == floor(k) & k <= .Machine$integer.max, k, "k",
             "be a whole number >= 1")
  k <- sort(unique(as.integer(k)))
  if (!is.null(start) && !identical(k, start$k)) {
    abort_gmm1d("shape", "`start` must have as many components as `k` (", toString(k),
                "), not ", start$k, ".")
  }
  distinct <- length(points$x)
  if (distinct == 1L && (is.null(control$min_sigma) || k[1L] > 1L)) {
    abort_gmm1d("constant", "`x` must have at least two distinct values, not only ",
                format(points$x, digits = 7), "; `min_sigma` in the control allows `k = 1`.")
  }
  if (k[1L] > distinct) {
    abort_gmm1d("k", "`k` must be at most the number of distinct values in `x`, ", distinct,
                ", not ", k[1L], ".")
  }
  list(fitted = k[k <= distinct], left_out = k[k > distinct])
}

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
  gamma <- estep_cpp(points$x, mixture, threads = 1L)
  -sum(points$w * ifelse(gamma > 0, gamma * log(gamma), 0))
}
