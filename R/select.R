# The numbers of components to fit, and those that the data are too few for.
parse_k <- function(k, points, start, models, control) {
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
  fixed <- models[[1L]]$fixed
  if (!is.null(fixed_k(fixed)) && !identical(k, fixed_k(fixed))) {
    abort_gmm1d("shape", "`fixed` must have as many values as `k` (", toString(k),
                ") has components, or one for all, not ", fixed_k(fixed), ".")
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
  too_many <- k > distinct
  if (!is.null(points$bins)) {
    df <- vapply(k, function(one) min(vapply(models, degrees_of_freedom, 1L, one)), 1L)
    too_many <- too_many | df >= nrow(points$bins)
    if (too_many[1L]) {
      abort_gmm1d("k", "`k` must have fewer free parameters than there are bins, ",
                  nrow(points$bins), ", not ", df[1L], " as k = ", k[1L], " has.")
    }
  }
  list(fitted = k[!too_many], left_out = k[too_many])
}

# One row per fitted model.
selection_table <- function(path, points) {
  field <- function(name, type) vapply(path, function(result) result[[name]], type)
  k <- vapply(path, function(result) result$mixture$k, 1L)
  loglik <- field("loglik", 1)
  df <- vapply(path, function(result) degrees_of_freedom(result$model, result$mixture$k), 1L)
  entropy <- vapply(path, function(result) entropy_cpp(points, result$mixture), 1)
  bic <- -2 * loglik + log(points$n) * df
  list2DF(list(
    k = k, variance = vapply(path, function(result) result$model$variance, ""),
    loglik = loglik, objective = field("objective", 1), df = df,
    AIC = -2 * loglik + 2 * df, BIC = bic, ICL = bic + 2 * entropy,
    converged = field("status", "") == "converged",
    penalised = field("penalised", NA)
  ))
}

# The row whose criterion, taken of the penalised log-likelihood, is smallest: what a spike on a few
# values gains in likelihood is no evidence for a component.
chosen_row <- function(selection, criterion) {
  which.min(selection[[criterion]] + 2 * (selection$loglik - selection$objective))
}
