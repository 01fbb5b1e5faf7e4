# The data as weighted points: sorted distinct values and the sums of their weights, with
# what the fit needs to know of them.
squash <- function(x, weights = NULL) {
  x <- parse_values(x)
  weights <- parse_weights(weights, length(x))
  missing <- is.na(x)
  points <- distinct_cpp(x[!missing], weights[!missing])
  if (length(points$x) == 0L) {
    abort_gmm1d("empty", "`x` must have at least one value that is not missing and has a ",
                "positive weight; it has ", count_of(length(x), "value"),
                if (any(missing)) c(", ", sum(missing), " of them missing"), ".")
  }
  points <- new_squashed(points$x, points$w, n_missing = sum(missing))
  if (points$n < length(points$x) / 2) {
    warn_gmm1d("weights", "`weights` sum to ", format(points$n, digits = 4), ", less than half ",
               "of the ", count_of(length(points$x), "distinct value"), "; they are taken as ",
               "counts of observations, so the criteria that choose `k` mean little.")
  }
  points
}

new_squashed <- function(x, w, n_missing) {
  points <- list(x = x, w = w, n = sum(w), n_missing = n_missing)
  points$scale <- robust_scale_cpp(points)
  points$step <- lattice_step_cpp(points)
  structure(points, class = "squashed")
}
