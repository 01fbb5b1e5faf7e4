# The deterministic search: the best maximum it finds for each of the numbers of components k.
search <- function(points, k, model, control) {
  slots <- constraints_for_search(model)
  results <- search_cpp(points, k, em_options(points, control, slots$constraints))
  lapply(results, function(result) {
    k <- length(result$mixture$mu)
    fixed <- expand_fixed(model$fixed, k)
    if (k == length(slots$order)) fixed <- lapply(fixed, `[`, slots$order)
    em_result(result, points, list(variance = model$variance, fixed = fixed))
  })
}

# From a mixture, its components in the order of what is fixed, to the maximum that the search would
# report in its basin.
conclude <- function(points, mixture, model, control) {
  options <- em_options(points, control, constraints_in_place(model, mixture$k))
  em_result(conclude_cpp(points, mixture, options), points, model)
}

# The user's starting values as a mixture, or NULL.
parse_start <- function(start) {
  if (is.null(start)) return(NULL)
  if (!is.list(start)) {
    abort_gmm1d("type", "`start` must be a list of `lambda`, `mu` and `sigma`, or a fit, not ",
                describe(start), ".")
  }
  absent <- setdiff(c("lambda", "mu", "sigma"), names(start))
  if (length(absent) > 0L) {
    abort_gmm1d("argument", "`start` must have `lambda`, `mu` and `sigma`; it has no `",
                absent[1L], "`.")
  }
  parse_mixture(start$lambda, start$mu, start$sigma, prefix = "start$")
}
