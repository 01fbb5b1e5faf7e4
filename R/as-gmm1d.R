#' Convert fits of other packages
#'
#' Converts a mixture fitted by another package into a [gmm1d()] fit, without changing the
#' estimates. `plot()`, `predict()`, `cutpoints()`, `confint()` and all other methods then work on
#' it, and its certificate says how far from a maximum of the likelihood the other package stopped.
#'
#' @details
#' Nothing is refitted. If the estimates are at a maximum of the likelihood, to within `tol` of the
#' control, `converged` is `TRUE`. If not, `status` is `"given"` and `gap` is the gain in
#' log-likelihood that one more Newton step predicts (`Inf` if the information is not positive
#' definite). `gmm1d(x, start = fit)` continues from there, and `gmm1d(x)` searches for the best
#' maximum. Standard errors are computed at the given estimates.
#'
#' The components are sorted by their means.
#'
#' @param object A fit of one variable: a `mixEM` of mixtools (`normalmixEM()`), an `Mclust` or
#'   `densityMclust` of mclust, a `norMix` of nor1mix, or a list with the numeric vectors `lambda`,
#'   `mu` and `sigma`, all of one length (or a [gmm1d_mixture()]).
#' @param x The data, as for [gmm1d()]: a vector or squashed data. (Needed for `norMix` objects and
#'   lists, which contain no data.)
#' @param weights Observation weights of `x`, as for [gmm1d()]; default `NULL`: all 1.
#' @param control The result of [gmm1d_control()], or a list of its arguments.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return A `gmm1d` fit. `variance` is `"equal"` if all components have the same sigma.
#'
#' @section Errors:
#' `gmm1d_error_type` for an object of another kind, or of more than one variable;
#' `gmm1d_error_argument` if `x` is missing; `gmm1d_error_range` for proportions and sigmas that are
#' not valid.
#' @seealso `vignette("coming-from")`; [gmm1d_mixture()] for a mixture without data
#' @examples
#' # scikit-learn, Stata, a paper: a list
#' fit <- as_gmm1d(list(lambda = c(0.36, 0.64), mu = c(54.6, 80.1), sigma = c(5.9, 5.9)),
#'                 x = faithful$waiting)
#' fit
#' gmm1d(faithful$waiting, variance = "equal", start = fit)
#' @examplesIf requireNamespace("mixtools", quietly = TRUE)
#' set.seed(1)
#' as_gmm1d(mixtools::normalmixEM(faithful$waiting, k = 2))
#' @export
as_gmm1d <- function(object, ...) {
  if (missing(object)) abort_gmm1d("argument", "`object`, the first argument, is missing.")
  UseMethod("as_gmm1d")
}

#' @export
as_gmm1d.default <- function(object, ...) {
  abort_gmm1d("type", "`object` must be a `mixEM`, an `Mclust`, a `norMix` or a list of `lambda`, ",
              "`mu` and `sigma`, not ", describe(object), ".")
}

#' @export
as_gmm1d.gmm1d <- function(object, ...) parse_fit(object, "object")

#' @rdname as_gmm1d
#' @export
as_gmm1d.mixEM <- function(object, control = gmm1d_control(), ...) {
  check_no_dots(...)
  if (!identical(object$ft, "normalmixEM")) {
    abort_gmm1d("type", "`object` must be a fit of `normalmixEM()`, not of ",
                object$ft %||% "another function", ".")
  }
  k <- length(object$lambda)
  # If means or sigmas are equal, there is only one; `scale` then has the ratios of the sigmas.
  sigma <- rep_len(object$sigma, k) * (object$scale %||% 1)
  mixture <- parse_mixture(object$lambda, rep_len(object$mu, k), sigma)
  fit_as_given(mixture, object$x, NULL, control, substitute(object), "x")
}

#' @rdname as_gmm1d
#' @export
as_gmm1d.Mclust <- function(object, control = gmm1d_control(), ...) {
  check_no_dots(...)
  if (!identical(as.integer(object$d), 1L)) {
    abort_gmm1d("type", "`object` must be a fit of one variable, not of ",
                if (length(object$d) == 1L) object$d else "something else", ".")
  }
  parts <- list(object$G, object$parameters$mean, object$parameters$variance$sigmasq)
  if (!all(vapply(parts, is.numeric, NA))) {
    abort_gmm1d("type", "`object` must have `G` and `parameters`; it is not a complete `Mclust`.")
  }
  # With one component, mclust does not give the proportion.
  lambda <- object$parameters$pro %||% 1
  of_noise <- lambda[-seq_len(object$G)]
  lambda <- lambda[seq_len(object$G)]
  sigma <- sqrt(rep_len(object$parameters$variance$sigmasq, object$G))
  mixture <- parse_mixture(lambda / sum(lambda), unname(object$parameters$mean), sigma)
  if (length(of_noise) == 1L) {
    mixture <- with_noise_of_mclust(mixture, of_noise, object$parameters$Vinv, object$data)
  }
  fit <- fit_as_given(mixture, as.vector(object$data), NULL, control, substitute(object), "data")
  fit$data_name <- name_of(object$call$data)
  fit
}

# The noise of mclust has the density `per_range` everywhere; here it is uniform over a range
# centred on the data.
with_noise_of_mclust <- function(mixture, lambda, per_range, x) {
  if (!is_number(per_range) || per_range <= 0 || !is_number(lambda)) {
    abort_gmm1d("range", "`object` must have a noise component with positive density.")
  }
  middle <- sum(range(x)) / 2
  new_mixture(mixture$lambda * (1 - lambda), mixture$mu, mixture$sigma,
              c(lambda, middle - 0.5 / per_range, middle + 0.5 / per_range))
}

#' @rdname as_gmm1d
#' @export
as_gmm1d.norMix <- function(object, x, weights = NULL, control = gmm1d_control(), ...) {
  check_no_dots(...)
  if (missing(x)) abort_no_data("norMix")
  mixture <- parse_mixture(object[, "w"], object[, "mu"], object[, "sigma"])
  fit_as_given(mixture, x, weights, control, substitute(x))
}

#' @export
as_gmm1d.gmm1d_mixture <- function(object, ...) {
  fit <- as_gmm1d.list(unclass(object), ...)
  fit["labels"] <- list(parse_fit_or_mixture(object, "object")$labels)
  fit
}

#' @rdname as_gmm1d
#' @export
as_gmm1d.list <- function(object, x, weights = NULL, control = gmm1d_control(), ...) {
  check_no_dots(...)
  mixture <- parse_mixture_list(object, "object")
  if (missing(x)) abort_no_data("list")
  fit_as_given(mixture, x, weights, control, substitute(x))
}

abort_no_data <- function(kind) {
  abort_gmm1d("argument", "`x`, the data, is missing; a ", kind, " contains none.")
}

# The fit with these estimates, in order of mu. `source` is the expression of the data, or of the
# object whose `field` they are.
fit_as_given <- function(mixture, x, weights, control, source, field = NULL) {
  control <- parse_control(control)
  mixture <- reordered(mixture, order(mixture$mu, mixture$sigma))
  equal <- mixture$k > 1L && all(mixture$sigma == mixture$sigma[1L])
  plan <- parse_plan(mixture$k, if (equal) "equal" else "free", "BIC", NULL, mixture, control,
                     mixture$noise[2:3] %||% FALSE)
  set <- set_of(x, weights, plan)
  # No iteration, and no floor that would change a sigma.
  plan$control$max_iter <- 0L
  plan$control$min_sigma <- min(mixture$sigma) / 2
  outcome <- fit_sets(list(set), plan)[[1L]]
  plan$control <- control
  fit <- new_gmm1d(outcome, plan)
  if (fit$status == "max_iter") fit$status <- "given"
  if (control$keep_data && !is_squashable(x)) fit[c("data", "weights")] <- list(x, weights)
  data <- if (is.null(field)) source else call("$", source, as.name(field))
  made_by <- as.call(c(list(quote(gmm1d), x = data, k = mixture$k),
                       if (!is.null(weights)) list(weights = weights),
                       if (equal) list(variance = "equal"),
                       if (!is.null(mixture$noise)) list(noise = mixture$noise[2:3])))
  finish_fit(fit, name_of(data), made_by)
}

set_of <- function(x, weights, plan) {
  if (!is_squashable(x)) {
    points <- squash(x, weights, control = plan$control)
    return(new_set(vector_source(points, x, weights, plan$control), plan))
  }
  if (!is.null(weights)) {
    abort_gmm1d("argument", "`weights` must be NULL: squashed and grouped data have weights ",
                "already.")
  }
  new_set(squashed_source(squash(x)), plan)
}
