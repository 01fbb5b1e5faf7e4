#' Standard errors and intervals
#'
#' @description
#' `vcov()` is the inverse of the observed information (minus the second derivatives of the
#' log-likelihood at the estimates, Louis 1982), on the scale of `lambda`, `mu` and `sigma`.
#' `confint()` computes intervals by one of three methods:
#'   * `"wald"`: estimate -/+ z standard errors on a transformed scale, so the interval stays within
#'     the parameter space: log(sigma) and log(lambda / (1 - lambda)); `mu` is not transformed;
#'   * `"profile"`: all values that a likelihood ratio test would not reject, found by refitting
#'     with the parameter fixed (Venzon and Moolgavkar 1988). A limit is where twice the
#'     log-likelihood has dropped by the chi-squared quantile with 1 degree of freedom. If it never
#'     drops that far, the limit is the end of the parameter space (0, 1, or infinite);
#'   * `"bootstrap"`: percentiles of the estimates in replicates ([bootstrap()]).
#'
#' @details
#' Everything is computed from the weighted points in the fit, so it takes the same time for a
#' thousand and for a billion observations. A `sigma` held at a penalised value counts as fixed: it
#' has no standard error and no interval, and those of the other parameters are conditional on it.
#' For grouped data the likelihood is that of the intervals.
#'
#' @param object A `gmm1d` fit.
#' @param parm The parameters: their names (as in `coef()`; `"mu"` for all means) or numbers;
#'   default all.
#' @param level Confidence level, a number between 0 and 1, default 0.95.
#' @param method `"wald"` (default), `"profile"` or `"bootstrap"`.
#' @param R Replicates for `method = "bootstrap"`, a whole number, default 999.
#' @param vcov `method = "wald"`: `NULL` (default: `vcov(object)`), another covariance matrix of
#'   `coef(object)`, or a function of the fit that returns one, such as `sandwich::sandwich`
#'   (see [estfun.gmm1d()]).
#' @param complete Accepted because other functions pass it, but not used: `coef()` has no `NA`.
#' @param ... `method = "bootstrap"`: further arguments of [bootstrap()], such as
#'   `type`. Otherwise not used; an unknown argument is an error.
#'
#' @return `vcov()`: a symmetric 3k x 3k matrix, named as `coef()`. The row and the column of a
#'   fixed parameter are 0. Because the `lambda` sum to 1, their rows add up to zeros. If the
#'   information is singular (the likelihood is flat, or a `sigma` is the smallest allowed), all
#'   entries are `NA`, with a warning of class `gmm1d_warning_singular`.
#'
#'   `confint()`: a matrix with a row for each parameter and columns for the lower and upper limits;
#'   `NA` for fixed parameters and for `lambda1` of a single component.
#'
#' @section Errors:
#' `gmm1d_error_argument` for an unknown parameter or method,
#' `gmm1d_error_range` for an impossible `level`.
#'
#' @references
#' Louis, T. A. (1982). Finding the observed information matrix when using the
#' EM algorithm. *Journal of the Royal Statistical Society B* 44, 226-233.
#' \doi{10.1111/j.2517-6161.1982.tb01203.x}
#'
#' Venzon, D. J. and Moolgavkar, S. H. (1988). A method for computing
#' profile-likelihood-based confidence intervals. *Applied Statistics* 37, 87-94.
#' \doi{10.2307/2347496}
#'
#' @seealso [bootstrap()], [cutpoints()]
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful, k = 2)
#' sqrt(diag(vcov(fit)))  # standard errors
#' confint(fit)
#' confint(fit, c("mu1", "mu2"), method = "profile")
#' @name inference
NULL

#' @rdname inference
#' @export
vcov.gmm1d <- function(object, ..., complete = TRUE) {
  check_no_dots(...)
  parse_flag(complete, "complete")
  object <- parse_fit(object, "object")
  known <- relative_covariance(object)
  covariance <- known$covariance * outer(known$unit, known$unit)
  dimnames(covariance) <- rep(list(names_of_coef(object)), 2L)
  # A sigma of 0, or noise of proportion 0, is at its bound.
  at_bound <- bounds_reached(object)
  covariance[at_bound, ] <- NA_real_
  covariance[, at_bound] <- NA_real_
  covariance
}

#' @rdname inference
#' @export
confint.gmm1d <- function(object, parm, level = 0.95,
                          method = c("wald", "profile", "bootstrap"),
                          R = 999, ..., vcov = NULL) { # nolint: object_name_linter.
  object <- parse_fit(object, "object")
  level <- parse_level(level)
  method <- parse_choice(method, c("wald", "profile", "bootstrap"), "method")
  if (method != "bootstrap") check_no_dots(...)
  if (method != "wald" && !is.null(vcov)) {
    abort_gmm1d("argument", "`vcov` must be NULL for intervals of `method = \"", method, "\"`.")
  }
  parm <- parse_parm(if (!missing(parm)) parm, names_of_coef(object))
  intervals_of(object, parm, level, method, R, ..., error = errors_by(vcov, object))
}

# `error` are the standard errors, for intervals that need them.
intervals_of <- function(fit, parm, level, method, ..., error = standard_errors(fit)) {
  switch(method,
    wald = wald_intervals(fit, parm, level, error),
    profile = profile_intervals(fit, parm, level, steps_on_links(fit)),
    bootstrap = percentile_intervals(bootstrap_of(fit, ...), parm, level)
  )
}

# The covariance matrix of coef(), each in its own unit, so that none can overflow. For values with
# errors, the unit of a sigma is converted from that of the observed spread; it is 0 for a sigma at
# its bound 0.
relative_covariance <- function(fit, warn = TRUE) {
  known <- covariance_cpp(fit$points, as_mixture(fit), options_of(fit))
  if (anyNA(known$covariance)) {
    known$covariance[] <- NA_real_
    if (warn) warn_gmm1d("singular", why_singular(fit), "there are no standard errors.")
  }
  of_sigma <- ifelse(fit$sigma > 0, known$unit * (known$unit / fit$sigma), 0)
  of_noise <- if (!is.null(fit$noise)) 1
  list(covariance = known$covariance, unit = c(rep(1, fit$k), known$unit, of_sigma, of_noise))
}

why_singular <- function(fit) {
  if (any(is_at_floor(fit))) {
    "a sigma is the smallest allowed (`min_sigma`), so "
  } else {
    "the information is singular (some parameters are not identified), so "
  }
}

# Standard errors: 0 for fixed parameters, NA for those at a bound, all NA if the information is
# singular.
standard_errors <- function(fit, warn = TRUE) {
  known <- relative_covariance(fit, warn)
  errors <- sqrt(diag(known$covariance)) * known$unit
  errors[bounds_reached(fit)] <- NA_real_
  errors
}

# The standard errors shown in tables: NA for fixed parameters.
errors_in_tables <- function(fit, errors = standard_errors(fit)) {
  errors[is_fixed(fit)] <- NA_real_
  errors
}

# The standard errors from another covariance matrix. `given` is the matrix, or a function of the
# fit that returns it; NULL stands for the observed information.
errors_by <- function(given, fit) {
  if (is.null(given)) return(standard_errors(fit))
  covariance <- if (is.function(given)) do.call(given, list(fit)) else given
  size <- length(names_of_coef(fit))
  if (!is.numeric(covariance) || !is.matrix(covariance)) {
    abort_gmm1d("type", "`vcov` must be a covariance matrix of `coef()`, or a function that ",
                "returns one, not ", describe(covariance), ".")
  }
  if (!identical(dim(covariance), c(size, size))) {
    abort_gmm1d("shape", "`vcov` must have a row and a column for each of the ",
                count_of(size, "parameter"), ", not be ", nrow(covariance), " x ",
                ncol(covariance), ".")
  }
  variance <- unname(diag(covariance))
  check_each(is.na(variance) | variance >= 0, variance, "diag(vcov)", "not be negative")
  sqrt(variance)
}

# The numbers of parameters at a bound, which have no standard error. Noise of less than a
# thousandth of a point counts as 0.
bounds_reached <- function(fit) {
  is_lost <- !is.null(fit$noise) && fit$noise[1L] * length(fit$points$x) < 1e-3
  c(2L * fit$k + which(fit$sigma == 0), if (is_lost) 3L * fit$k + 1L)
}

wald_intervals <- function(fit, parm, level, error) {
  estimate <- parameters_of(fit)
  z <- stats::qnorm((1 + level) / 2)
  interval_matrix(fit, parm, level, function(i) {
    link <- link_of(names(estimate)[i])
    at <- link$to(estimate[[i]])
    link$back(at + c(-1, 1) * z * error[[i]] * link$slope(estimate[[i]]))
  })
}

# Standard errors and normal intervals of values x(theta), from their gradients, one row per value.
# A mixture without data has none.
#
# If `spread` is the gradient of the log of a spread to which the standard error of x is
# proportional, the interval is computed on a scale on which the standard error is constant. If x
# were larger by d, its standard error would be (1 + r d) times that at the estimate, where r is the
# covariance of x and the log of the spread, divided by the variance of x. log(1 + r d) / r is that
# scale.
delta_interval <- function(x, gradient, fit, level, spread = NULL) {
  if (is.null(fit$points)) return(no_interval(length(x)))
  known <- relative_covariance(fit)
  gradient <- in_units(gradient, known)
  # Each row is in units of its largest part, because its square might overflow.
  unit <- if (length(x) == 0L) numeric() else do.call(pmax, as.data.frame(abs(gradient)))
  unit[which(unit == 0)] <- 1
  direction <- (gradient / unit) %*% known$covariance
  variance <- rowSums(direction * (gradient / unit))
  error <- sqrt(pmax(variance, 0))
  reach <- stats::qnorm((1 + level) / 2)
  below <- above <- rep(reach, length(x))
  if (!is.null(spread)) {
    growth <- rowSums(direction * in_units(spread, known)) / error
    changes <- is.finite(growth) & abs(growth) > 1e-8
    below[changes] <- (-expm1(-growth * reach) / growth)[changes]
    above[changes] <- (expm1(growth * reach) / growth)[changes]
  }
  error <- unit * error
  list2DF(list(std.error = error, conf.low = x - below * error, conf.high = x + above * error))
}

# A gradient by coef(), converted to the parameters in their units. x does not depend on the noise.
in_units <- function(gradient, known) {
  gradient <- cbind(gradient, matrix(0, nrow(gradient), length(known$unit) - ncol(gradient)))
  gradient * rep(known$unit, each = nrow(gradient))
}

no_interval <- function(size) {
  none <- rep(NA_real_, size)
  list2DF(list(std.error = none, conf.low = none, conf.high = none))
}
