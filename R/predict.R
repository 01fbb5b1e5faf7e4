#' Predictions for single observations
#'
#' For each value: the most probable component, the posterior probabilities, or the density,
#' distribution function or uncertainty.
#'
#' @param object A `gmm1d` fit.
#' @param newdata Where to predict: a numeric vector or an n x 1 matrix; for a fit by formula also a
#'   data frame with its variables; or a lazy table of dbplyr. Default: the data of the fit,
#'   including rows with `NA`. For a fit by formula, a vector holds values of the variable, and the
#'   formula is applied to them: for a fit by `~ log10(titre)`, give titres, not their logarithms.
#'   If the formula has several variables, as in `~ I(a / b)`, `newdata` must be a data frame.
#'   Constants in the formula, such as the offset in `~ log(x + offset)`, are looked up where the
#'   formula was created.
#' @param type What to predict:
#'   * `"class"` (default): the most probable component, an integer (ties go to the first),
#'     also if the components have names;
#'   * `"label"`: the same as a factor, with the names of the components as levels ([names.gmm1d],
#'     or `labels` of [gmm1d()]), or their numbers if they have no names;
#'   * `"posterior"`: the posterior probability of each component, an n x k matrix (with noise,
#'     there is a first column `comp.0`, and the class is 0);
#'   * `"uncertainty"`: 1 minus the largest posterior probability;
#'   * `"density"`, `"logdensity"`, `"cdf"`: of the mixture;
#'   * `"component"`: the density of each component times its `lambda`, an n x k
#'     matrix whose rows sum to the density;
#'   * `"value"`, for a fit with errors: the expected true value and its standard deviation, a
#'     matrix with columns `value` and `sd`. Values are shrunk towards the means of their
#'     components, more so if their errors are large.
#'
#'   For observations with errors, predictions are for observed values with these errors; for an
#'   interval, the density is its probability. If the component of an observation in the fit is
#'   known (`labels`), that is its class.
#' @param error For a fit with errors: the standard deviations of the errors of `newdata`, as
#'   `error` of [gmm1d()]; for a lazy table, the column that contains them, or a number (default:
#'   that of the fit, if it was made from a table).
#' @param column For a lazy table: the column with the data, as in [squash.tbl_lazy()]; for a fit by
#'   formula, that of its variable. Default: that of the fit, if it was made from a table, or the
#'   columns named after the variables of the formula.
#' @param monotone For `"class"` and `"label"`: assign classes in order of `mu`, by the cut-points
#'   of `cutpoints(monotone = TRUE)`? Default `FALSE`: the most probable component, which may be a
#'   wide one on both sides of a narrow one. With `TRUE`, a value at a cut-point gets the class
#'   above it, and no value is classified as noise.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return A vector of length n, or an n x k matrix with columns `comp.1`,
#'   `comp.2`, ... in order of `mu`. `NA` gives `NA`; nothing is dropped.
#'
#'   For a lazy table, the table with one or k additional columns, which the database computes when
#'   the table is collected (nothing is read or written before): `.class`, `.label`, `.uncertainty`,
#'   `.density`, `.logdensity`; `comp.1`, `comp.2`, ... for `"posterior"` and `"component"`;
#'   `.value` and `.sd`. There is no `"cdf"` in SQL.
#'
#'   `fitted()` gives the fitted values, a vector of length n: for each observation, the posterior
#'   mean of the component means.
#'
#' @section Errors:
#' `gmm1d_error_argument` if `error` is missing for new values and the fit has errors; if there is
#' no `newdata` and the fit has no data (squashed, grouped, or `keep_data = FALSE`); if `newdata`
#' lacks a variable of the formula, or is a vector and the formula has several variables; if `type`
#' is unknown; or if `monotone = TRUE` is combined with another `type`, with intervals, or with a
#' table that has errors or limits of detection. `gmm1d_error_type` and `gmm1d_error_shape` if
#' `newdata` is not a numeric vector.
#'
#' @concept posterior probability
#' @concept classification
#' @concept gating
#' @concept lengths at age
#' @concept soft clustering
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful, k = 2)
#' predict(fit, c(50, 66, 67, 90))
#' predict(fit, c(50, 66, 67, 90), type = "posterior")
#' predict(fit, c(50, 66, 67, 90, 1e6))  # far out, the wider component is more probable again
#' predict(fit, c(50, 66, 67, 90, 1e6), monotone = TRUE)
#' table(predict(fit))
#'
#' # for a fit by `~ log(depth)`, give depths
#' predict(gmm1d(~ log(depth), data = quakes, k = 2), c(50, 100, 500))
#' @export
predict.gmm1d <- function(object, newdata, type = c(
                            "class", "posterior", "density", "logdensity", "component",
                            "cdf", "uncertainty", "value", "label"
                          ), column, ..., error = NULL, monotone = FALSE) {
  check_no_dots(..., .off = "se.fit")
  object <- parse_fit(object, "object")
  type <- parse_choice(type, eval(formals()$type), "type")
  monotone <- parse_monotone(monotone, type, object)
  if (!missing(newdata) && inherits(newdata, "tbl_lazy")) {
    column <- rlang::enquo(column)
    return(predict_table(object, newdata, type, column, rlang::enquo(error), monotone))
  }
  x <- if (missing(newdata) || is.null(newdata)) observations_of(object)
       else new_observations(object, newdata, error)
  switch(type,
    class = class_of(x, object, monotone),
    label = component_labels(class_of(x, object, monotone), object),
    posterior = posterior(x, object),
    density = exp(log_density_at(x, object)),
    logdensity = log_density_at(x, object),
    component = component_density(x, object),
    cdf = cdf_at(x, object),
    uncertainty = classified(x, object)$uncertainty,
    value = true_values(x, object)
  )
}

#' @rdname predict.gmm1d
#' @export
fitted.gmm1d <- function(object, ...) {
  check_no_dots(...)
  object <- parse_fit(object, "object")
  fitted_means(observations_of(object), object)
}

parse_monotone <- function(monotone, type, fit) {
  monotone <- parse_flag(monotone, "monotone")
  if (monotone && !type %in% c("class", "label")) {
    abort_gmm1d("argument", "`monotone` must be FALSE for `type = \"", type, "\"`; it applies to ",
                "classes and labels only.")
  }
  if (monotone) check_has_density(fit)
  monotone
}

class_of <- function(x, fit, monotone) {
  if (!monotone) return(classified(x, fit)$component)
  if (is.list(x)) return(ordered_class_of_observed(x, fit))
  regions <- classes_along(fit, monotone = TRUE)
  stats::setNames(regions$component[findInterval(x, regions$cutpoint) + 1L], names(x))
}

# Values with errors use the cut-points for their own error. Known components are kept.
ordered_class_of_observed <- function(observed, fit) {
  if (!all(observed$lower == observed$upper, na.rm = TRUE)) {
    abort_gmm1d("argument", "`monotone` must be FALSE: an interval may lie on both sides of a ",
                "cut-point.")
  }
  error <- observed$error %||% numeric(length(observed$lower))
  class <- rep(NA_integer_, length(error))
  for (at in split(seq_along(error), error)) {
    seen <- fit
    seen$sigma <- spread_of(fit$sigma, error[at[1L]])
    class[at] <- class_of(observed$lower[at], seen, monotone = TRUE)
  }
  is_labelled <- which(observed$component > 0L)
  class[is_labelled] <- observed$component[is_labelled]
  stats::setNames(class, observed$names)
}

log_density_at <- function(x, fit) {
  if (is.list(x)) log_density_of_observed(x, fit) else density_of(x, fit, log = TRUE)
}

# P(X <= x), where X is observed with the error of x.
cdf_at <- function(x, fit) {
  if (!is.list(x)) return(cdf_of(x, fit))
  exp(log_probability_between(-Inf, x$upper, x, fit))
}

# The expected true value of each observation and its standard deviation. A value is shrunk towards
# the mean of its component by the share of its error in the observed variance.
true_values <- function(x, fit) {
  if (!is.list(x)) x <- observed_as(x, numeric(length(x)), NULL, integer(length(x)))
  if (!all(x$lower == x$upper, na.rm = TRUE)) {
    abort_gmm1d("argument", "`type = \"value\"` needs exact observations, not intervals.")
  }
  error <- x$error %||% numeric(length(x$lower))
  gamma <- posterior(x, fit)
  sigma <- rep(fit$sigma, each = length(error))
  mu <- rep(fit$mu, each = length(error))
  of_each <- rep(error, fit$k)
  kept <- ifelse(of_each == 0, 1, 1 / (1 + (of_each / sigma)^2))
  mean <- mu + kept * (x$lower - mu)
  variance <- kept * of_each^2
  if (!is.null(fit$noise)) {
    mean <- c(x$lower, mean)
    variance <- c(error^2, variance)
  }
  dim(mean) <- dim(variance) <- dim(gamma)
  value <- rowSums(gamma * mean)
  sd <- sqrt(rowSums(gamma * (variance + (mean - value)^2)))
  matrix(c(value, sd), ncol = 2L, dimnames = list(x$names, c("value", "sd")))
}

# The posterior means of the component means; noise is expected in the middle of its range.
fitted_means <- function(x, mixture) {
  means <- c(if (!is.null(mixture$noise)) mean(mixture$noise[2:3]), mixture$mu)
  drop_column(posterior(x, mixture) %*% means)
}

drop_column <- function(column) stats::setNames(as.vector(column), rownames(column))
