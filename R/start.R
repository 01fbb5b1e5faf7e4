# The deterministic search: the best maximum it finds for each of the numbers of components k.
search <- function(points, k, control) {
  lapply(search_cpp(points, k, em_options(points, control)), em_result, points = points)
}

# From a mixture to the maximum that the search would report in its basin.
conclude <- function(points, mixture, control) {
  em_result(conclude_cpp(points, mixture, em_options(points, control)), points)
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
