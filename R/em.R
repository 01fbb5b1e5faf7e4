# EM from `start` to a maximum of the likelihood.
climb <- function(points, start, control) {
  result <- climb_cpp(points, start, em_options(points, control, start$k))
  if (result$loglik == -Inf) {
    abort_gmm1d("range", "`start` must give every value a density above 0; it is too far away.")
  }
  em_result(result)
}

# How EM ended: mixture, loglik, gap, iterations, status, trace, penalised.
em_result <- function(result) {
  result$mixture <- as_mixture(result$mixture)
  result
}

# The control in the units of the data.
em_options <- function(points, control, k) {
  list(
    tol = control$tol,
    max_iter = control$max_iter,
    # Without spread (scale 0) there is no scale to draw a sigma to: the floor alone holds.
    penalty = if (points$scale > 0) control$penalty %||% default_penalty(points) else 0,
    scale = points$scale,
    min_sigma = control$min_sigma %||% smallest_sigma(points, k)
  )
}

# 1 / n for counts. Weights of mean below 1 are no counts, but normalised: the penalty then
# keeps its part of the objective.
default_penalty <- function(points) points$n / max(points$n, length(points$x))^2

# On a lattice of step d, such as whole minutes, a normal density of sigma < 0.4 d exceeds
# what a bin of width d can hold. Without one, values closer than their own rounding errors
# cannot be told apart. A single component contracts onto no point.
smallest_sigma <- function(points, k) {
  resolution <- 4 * .Machine$double.eps * max(abs(points$x))
  max(if (k > 1L) 0.4 * points$step, resolution, .Machine$double.xmin)
}

warn_if_doubtful <- function(result) {
  k <- result$mixture$k
  if (result$penalised) {
    warn_gmm1d("penalised", "the likelihood with ", count_of(k, "component"), " has no maximum ",
               "near the best fit (a component contracts onto a few points or the smallest ",
               "`sigma` allowed); ",
               "the penalised estimates are given.")
  }
  if (result$status != "converged") {
    warn_gmm1d("not_converged", "EM with ", count_of(k, "component"), " ended after ",
               count_of(result$iterations, "iteration"), " with ",
               if (is.finite(result$gap)) c("an estimated ", format(result$gap, digits = 2))
               else "an unknown number of", " log-likelihood units still to gain; ",
               "raise `max_iter` or `tol` in the control, or ask for fewer components.")
  }
}
