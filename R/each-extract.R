#' Extract parts of many fits
#'
#' The extractors for single fits, applied to all fits of a [gmm1d_each()] result. Cut-points, modes
#' and tests are tables: see [gmm1d_each_decide]. For other functions use [lapply()], as in
#' `lapply(fits, confint)`.
#'
#' @param object,x A [gmm1d_each()] result.
#' @param newdata `NULL` (default: the data of each fit), a numeric vector for all fits, or a list
#'   of vectors, one for each data set, matched by name if both have names.
#' @param type As for [predict.gmm1d()] or [residuals.gmm1d()].
#' @param na.rm Not used.
#' @param ... `update()`: arguments of [gmm1d_each()] to change: `k`, `variance`, `criterion`,
#'   `fixed`, `relate`, `rounding` or `control`. Otherwise not used; an unknown argument is an
#'   error.
#'
#' @return
#' * `nobs()`, `deviance()`, `df.residual()`, `mean()`, `median()`: a numeric vector with the names
#'   of the data sets, `NA` if there is no fit.
#' * `logLik()`: an object of class `logLik` with a value, `df` and `nobs` for each data set, so
#'   that [stats::AIC()] and [stats::BIC()] return vectors.
#' * `sigma()`: the columns of `coef()` that are standard deviations.
#' * `predict()`, `residuals()`, `fitted()`, `weights()`: a list with the result of the method for
#'   single fits for each, `NULL` if there is no fit.
#' * `update()`: a new [gmm1d_each()] object, for the same data and with the same keys.
#'
#' @section Errors:
#' As for single fits. `gmm1d_error_shape` if `newdata` is a list of another length;
#' `gmm1d_error_argument` from `update()` if data were not kept, or the fits come from several calls
#' (see [c.gmm1d_each()]); and from `vcov()`, `confint()`, `simulate()`, `quantile()`, `anova()`,
#' `formula()`, `terms()`, `getCall()`, `model.frame()` and `range()`, which take one fit.
#' @seealso [tidy.gmm1d_each()] for tables
#' @examples
#' fits <- gmm1d_each(iris$Petal.Length, iris$Species, k = 1:3)
#' BIC(fits)
#' predict(fits, c(1.5, 4.5), type = "cdf")
#' update(fits, variance = "equal")
#' @name gmm1d_each_extract
NULL

#' @rdname gmm1d_each_extract
#' @export
nobs.gmm1d_each <- function(object, ...) {
  check_no_dots(...)
  number_of_each(object, nobs.gmm1d)
}

#' @rdname gmm1d_each_extract
#' @export
deviance.gmm1d_each <- function(object, ...) {
  check_no_dots(...)
  number_of_each(object, deviance.gmm1d)
}

#' @rdname gmm1d_each_extract
#' @export
df.residual.gmm1d_each <- function(object, ...) {
  check_no_dots(...)
  number_of_each(object, df.residual.gmm1d)
}

#' @rdname gmm1d_each_extract
#' @export
mean.gmm1d_each <- function(x, ...) {
  check_no_dots(...)
  number_of_each(x, mean.gmm1d)
}

#' @rdname gmm1d_each_extract
#' @export
median.gmm1d_each <- function(x, na.rm = FALSE, ...) {
  check_no_dots(...)
  number_of_each(x, median.gmm1d)
}

#' @rdname gmm1d_each_extract
#' @export
logLik.gmm1d_each <- function(object, ...) {
  check_no_dots(...)
  number <- function(field) number_of_each(object, function(fit) fit[[field]], field)
  structure(number("loglik"), df = number("df"), nobs = number("n"), class = "logLik")
}

#' @rdname gmm1d_each_extract
#' @export
sigma.gmm1d_each <- function(object, ...) {
  check_no_dots(...)
  columns <- coef.gmm1d_each(object)
  columns[, startsWith(colnames(columns) %||% character(), "sigma"), drop = FALSE]
}

#' @rdname gmm1d_each_extract
#' @export
predict.gmm1d_each <- function(object, newdata = NULL, type = "class", ...) {
  check_no_dots(...)
  object <- parse_many(object, "object")
  fits <- as.list(object)
  Map(function(fit, values) if (!is.null(fit)) predict.gmm1d(fit, values, type),
      fits, new_data_of_each(newdata, names(fits)))
}

#' @rdname gmm1d_each_extract
#' @export
residuals.gmm1d_each <- function(object, type = c("quantile", "response"), ...) {
  check_no_dots(...)
  map_fits(object, residuals.gmm1d, type)
}

#' @rdname gmm1d_each_extract
#' @export
fitted.gmm1d_each <- function(object, ...) {
  check_no_dots(...)
  map_fits(object, fitted.gmm1d)
}

#' @rdname gmm1d_each_extract
#' @export
weights.gmm1d_each <- function(object, ...) {
  check_no_dots(...)
  map_fits(object, weights.gmm1d)
}

#' @rdname gmm1d_each_extract
#' @export
update.gmm1d_each <- function(object, ...) {
  object <- parse_many(object, "object")
  plan <- plan_of(object)
  if (isTRUE(plan$is_mixed)) {
    abort_gmm1d("argument", "`object` must be the result of one call of `gmm1d_each()`, not of ",
                "several.")
  }
  asked <- list(k = plan$k, variance = vapply(plan$models, `[[`, "", "variance"),
                criterion = plan$criterion, fixed = plan$models[[1L]]$fixed,
                rounding = plan$rounding, control = plan$control,
                relate = plan$models[[1L]]$relate)
  changes <- list(...)
  for (name in rlang::names2(changes)) {
    if (!name %in% names(asked)) abort_unknown(name, names(asked))
  }
  asked[names(changes)] <- changes
  if (identical(asked$relate$sigma, "equal")) asked$variance <- "free"
  changed <- parse_plan(asked$k, asked$variance, asked$criterion, asked$fixed, NULL, asked$control,
                        relate = asked$relate)
  changed$rounding <- parse_rounding(asked$rounding)
  changed$data_name <- plan$data_name
  data <- data_to_update(object)
  fit_each(data$x, keys_of_fits(object), changed, data$weights)
}

# The data of the fits, or the points that they keep.
data_to_update <- function(fits) {
  sources <- Map(function(fit, failure) {
    if (is.null(fit)) failure[c("x", "weights")]
    else list(x = fit$data %||% fit$points, weights = fit$weights)
  }, unname(parsed_fits(fits)), failures_of(fits))
  if (any(vapply(sources, function(source) is.null(source$x), NA))) {
    abort_gmm1d("argument", "`object` has no data for the data sets without a fit; drop these ",
                "with `object[!is.na(nobs(object))]`.")
  }
  list(x = lapply(sources, `[[`, "x"),
       weights = lapply(sources, function(source) source$weights %||% numeric()))
}

# A list of NULLs, of the same vector, or of one for each.
new_data_of_each <- function(newdata, labels) {
  if (!is.list(newdata) || is.data.frame(newdata)) return(rep(list(newdata), length(labels)))
  if (length(newdata) != length(labels)) {
    abort_gmm1d("shape", "`newdata` must be a vector, or a list with one for each data set (",
                length(labels), "), not of length ", length(newdata), ".")
  }
  if (!is.null(names(newdata)) && anyDuplicated(labels) == 0L) {
    absent <- setdiff(labels, names(newdata))
    if (length(absent) > 0L) {
      abort_gmm1d("argument", "`newdata` must have the names of the data sets; it has no ",
                  dQuote(absent[1L], FALSE), ".")
    }
    newdata <- newdata[labels]
  }
  newdata
}

# Applies f to each fit; NULL if there is none.
map_fits <- function(fits, f, ...) {
  lapply(as.list(fits), function(fit) if (!is.null(fit)) f(fit, ...))
}

# The same for an f that returns a number and uses only these fields; NA if there is no fit.
number_of_each <- function(fits, f, fields = character()) {
  vapply(fits_with(fits, fields), function(fit) {
    if (is.null(fit)) NA_real_ else as.double(f(fit))
  }, 1)
}

# A method that refuses many fits, for functions of a single fit.
refuse_many <- function(name) {
  force(name)
  function(...) abort_single(name)
}

abort_single <- function(name, call = user_call()) {
  abort_gmm1d("argument", "`", name, "()` takes a single fit; use `lapply(fits, ", name,
              ")` for all of them.", call = call)
}

#' @export
vcov.gmm1d_each <- refuse_many("vcov")

#' @export
confint.gmm1d_each <- refuse_many("confint")

#' @export
simulate.gmm1d_each <- refuse_many("simulate")

#' @export
quantile.gmm1d_each <- refuse_many("quantile")

#' @export
anova.gmm1d_each <- refuse_many("anova")

#' @export
formula.gmm1d_each <- refuse_many("formula")

#' @importFrom stats terms
#' @export
terms.gmm1d_each <- refuse_many("terms")

#' @export
getCall.gmm1d_each <- refuse_many("getCall")

#' @export
model.frame.gmm1d_each <- refuse_many("model.frame")

#' @export
Summary.gmm1d_each <- function(..., na.rm = FALSE) { # nolint: object_name_linter.
  abort_single(.Generic, as.call(list(as.name(.Generic), quote(fits))))
}
