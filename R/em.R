# EM from `start` to a maximum of the likelihood.
climb <- function(points, start, control) {
  result <- climb_cpp(points, start, em_options(points, control))
  if (result$loglik == -Inf) {
    abort_gmm1d("range", "`start` must give every value a density above 0; it is too far away.")
  }
  em_result(result, points)
}

# How EM ended: mixture, loglik, certificate, iterations, status, trace, penalised. The
# certificate says how wide the cells are, in sigmas of the components that they hold.
em_result <- function(result, points) {
  result$mixture <- as_mixture(result$mixture)
  result$certificate$cell_width <- resolution_cpp(points, result$mixture)
  result
}

# A component is too narrow for the cells if their error, which grows with the sixth power of
# their width, may be above 1e-7 standard errors.
is_too_narrow <- function(result) result$certificate$cell_width > 1 / 8

# The control in the units of the data.
em_options <- function(points, control) {
  list(
    tol = control$tol,
    max_iter = control$max_iter,
    # Without spread (scale 0) there is no scale to draw a sigma to: the floor alone holds.
    penalty = if (points$scale > 0) control$penalty %||% default_penalty(points) else 0,
    scale = points$scale,
    min_sigma = control$min_sigma %||% max(0.4 * points$step, rounding_error(points)),
    single_min_sigma = control$min_sigma %||% rounding_error(points),
    thorough = control$starts == "thorough"
  )
}

# 1 / n for counts. Weights of mean below 1 are no counts, but normalised: the penalty then
# keeps its part of the objective.
default_penalty <- function(points) points$n / max(points$n, length(points$x))^2

# Values closer than their own rounding errors cannot be told apart.
rounding_error <- function(points) {
  max(4 * .Machine$double.eps * max(abs(points$x)), .Machine$double.xmin)
}

warn_if_doubtful <- function(result) {
  k <- result$mixture$k
  if (result$penalised) {
    warn_gmm1d("penalised", "the likelihood with ", count_of(k, "component"), " has no maximum ",
               "near the best fit (a component contracts onto a few points or the smallest ",
               "`sigma` allowed); ",
               "the penalised estimates are given.")
  }
  if (result$status == "ridge") {
    warn_gmm1d("not_converged", "the data cannot tell ", count_of(k, "component"), " apart: the ",
               "likelihood has a ridge, no single maximum; ask for fewer components.")
  } else if (result$status != "converged") {
    warn_gmm1d("not_converged", "EM with ", count_of(k, "component"), " ended after ",
               count_of(result$iterations, "iteration"), " with ",
               if (is.finite(result$certificate$gap)) {
                 format(result$certificate$gap, digits = 2)
               } else {
                 "an unknown number of"
               },
               " log-likelihood units still to gain; raise `max_iter` or `tol` in the control, ",
               "or ask for fewer components.")
  }
}
