#' Extract parts of a fit
#'
#' The usual extractors for R's models; [stats::AIC()] and [stats::BIC()] work through `logLik()`.
#' Extractors that make no sense for a mixture are errors that say what to use instead.
#'
#' @param object,x,formula,fit A `gmm1d` fit.
#' @param formula. For a fit by formula, a change to the formula, as in [stats::update()], where
#'   `~ .` is the old one.
#' @param ... `update()`: arguments of [gmm1d()] to change or add. Otherwise not
#'   used.
#' @param evaluate Fit again (`TRUE`, default), or return the call.
#' @param probs Probabilities: a numeric vector, default the quartiles.
#' @param names Name the quantiles by `probs`? Default `TRUE`.
#' @param row.names,optional As for [as.data.frame()].
#' @param na.rm Not used.
#' @param scale Not used.
#' @param k The penalty for each parameter, default 2.
#'
#' @return
#' * `coef()`: the estimates, a numeric vector named `lambda1`, ..., `mu1`, ...,
#'   `sigma1`, ...
#' * `logLik()`: an object of class `logLik` with `df` (`fit$df`, the number of free
#'   parameters) and `nobs`.
#' * `nobs()`: the sum of the weights of the values that are not missing.
#' * `formula()`: the formula, or `NULL` for a fit without one.
#' * `update()`: a new fit.
#' * `getCall()`: the call that made the fit; for one of many fits, one with its data in it.
#' * `sigma()`: the standard deviations of the components, a numeric vector of length k.
#' * `mean()`, `median()`: of the fitted distribution. `quantile()`: its quantiles, named by
#'   `probs`.
#' * `deviance()`: minus twice the log-likelihood. `df.residual()`: `nobs()` less the number of free
#'   parameters. `extractAIC()`: that number, and the AIC.
#' * `weights()`: the observation weights, a numeric vector as long as the data; all 1 if none were
#'   given.
#' * `model.frame()`: a data frame of the data, and of the weights if there are any (`(weights)`).
#'   `case.names()` and `variable.names()`: names of the observations and of the parameters.
#'   `na.action()`: the positions of missing values in the data, `NULL` if there are none.
#' * `as.data.frame()`: one row per component, with `component`, `lambda`, `mu`,
#'   `sigma`.
#' @section Errors:
#' `gmm1d_error_argument` from `weights()`, `model.frame()`, `case.names()` and `na.action()` if the
#' fit has no data (squashed, grouped, or `keep_data = FALSE`), and from `range()`, `max()`,
#' `min()`, `sum()`, `prod()`, `any()`, `all()`, `family()`, `hist()`, `model.matrix()`,
#' `rstandard()`, `rstudent()`, `hatvalues()`, `cooks.distance()`, `influence()`, `drop1()` and
#' `add1()`.
#' @seealso [anova.gmm1d()] for tests of the number of components
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful, k = 2)
#' coef(fit)
#' sigma(fit)
#' c(mean = mean(fit), median = median(fit), deviance = deviance(fit))
#' AIC(fit, update(fit, k = 3))
#' as.data.frame(fit)
#' quantile(fit)
#' @name extract
NULL

#' @rdname extract
#' @export
coef.gmm1d <- function(object, ...) {
  object <- parse_fit(object, "object")
  parameters_of(object)
}

#' @rdname extract
#' @export
logLik.gmm1d <- function(object, ...) {
  object <- parse_fit(object, "object")
  structure(object$loglik, df = object$df, nobs = object$n, class = "logLik")
}

#' @rdname extract
#' @export
nobs.gmm1d <- function(object, ...) parse_fit(object, "object")$n

#' @rdname extract
#' @importFrom stats sigma
#' @export
sigma.gmm1d <- function(object, ...) parse_fit(object, "object")$sigma

#' @rdname extract
#' @export
mean.gmm1d <- function(x, ...) {
  x <- parse_fit(x, "x")
  of_noise <- if (is.null(x$noise)) 0 else x$noise[1L] * mean(x$noise[2:3])
  sum(x$lambda * x$mu) + of_noise
}

#' @rdname extract
#' @importFrom stats median
#' @export
median.gmm1d <- function(x, na.rm = FALSE, ...) quantile_of(0.5, parse_fit(x, "x"))

#' @rdname extract
#' @importFrom stats deviance
#' @export
deviance.gmm1d <- function(object, ...) -2 * parse_fit(object, "object")$loglik

#' @rdname extract
#' @importFrom stats df.residual
#' @export
df.residual.gmm1d <- function(object, ...) {
  object <- parse_fit(object, "object")
  object$n - object$df
}

#' @rdname extract
#' @importFrom stats extractAIC
#' @export
extractAIC.gmm1d <- function(fit, scale = 0, k = 2, ...) { # nolint: object_name_linter.
  fit <- parse_fit(fit)
  c(fit$df, -2 * fit$loglik + k * fit$df)
}

#' @rdname extract
#' @importFrom stats weights
#' @export
weights.gmm1d <- function(object, ...) {
  weights_of(parse_fit(object, "object"))
}

weights_of <- function(fit) {
  data <- data_of(fit)
  # Fits of earlier versions have no weights.
  if (is.null(fit$weights) && fit$n != sum(!is.na(data))) {
    abort_gmm1d("saved", "`object` was made by a version of gmm1d that did not keep weights; ",
                "recreate it from the data.")
  }
  if (is.null(fit$weights)) rep(1, length(data)) else parse_numbers(fit$weights, "weights")
}

#' @rdname extract
#' @importFrom stats model.frame
#' @export
model.frame.gmm1d <- function(formula, ...) {
  fit <- parse_fit(formula, "formula")
  frame <- stats::setNames(data.frame(unname(data_of(fit))), fit$data_name)
  if (!is.null(fit$weights)) frame[["(weights)"]] <- weights_of(fit)
  structure(frame, terms = fit$terms)
}

#' @rdname extract
#' @importFrom stats case.names
#' @export
case.names.gmm1d <- function(object, ...) {
  data <- data_of(parse_fit(object, "object"))
  names(data) %||% as.character(seq_along(data))
}

#' @rdname extract
#' @importFrom stats variable.names
#' @export
variable.names.gmm1d <- function(object, ...) names(coef.gmm1d(object))

#' @rdname extract
#' @importFrom stats na.action
#' @export
na.action.gmm1d <- function(object, ...) {
  missing <- which(is.na(data_of(parse_fit(object, "object"))))
  if (length(missing) > 0L) structure(missing, class = "exclude")
}

#' @rdname extract
#' @export
Summary.gmm1d <- function(..., na.rm = FALSE) { # nolint: object_name_linter.
  abort_gmm1d("argument", "`", .Generic, "()` is not defined for fits; `quantile()` gives ",
              "quantiles of the mixture, and `fit$points$x` is the fitted data.",
              call = as.call(list(as.name(.Generic), quote(fit))))
}

# A method that refuses, for what is not defined for a mixture.
refuse <- function(name, instead) {
  force(name)
  function(...) {
    abort_gmm1d("argument", "`", name, "()` is not defined for mixtures; ", instead, ".")
  }
}

#' @importFrom stats family
#' @export
family.gmm1d <- refuse("family", "every component is Gaussian")

#' @importFrom graphics hist
#' @export
hist.gmm1d <- refuse("hist", "`plot(fit)` draws the histogram of the data with the mixture")

#' @importFrom stats model.matrix
#' @export
model.matrix.gmm1d <- refuse("model.matrix", "`model.frame()` gives the data")

#' @importFrom stats rstandard
#' @export
rstandard.gmm1d <- refuse("rstandard", "`residuals()` gives standard normal quantile residuals")

#' @importFrom stats rstudent
#' @export
rstudent.gmm1d <- refuse("rstudent", "`residuals()` gives standard normal quantile residuals")

#' @importFrom stats hatvalues
#' @export
hatvalues.gmm1d <- refuse("hatvalues", "see `predict(type = \"uncertainty\")` for each value")

#' @importFrom stats cooks.distance
#' @export
cooks.distance.gmm1d <- refuse("cooks.distance", "`update()` the fit without the values")

#' @importFrom stats influence
#' @export
influence.gmm1d <- refuse("influence", "`update()` the fit without the values")

#' @importFrom stats drop1
#' @export
drop1.gmm1d <- refuse("drop1", "`update(fit, k = )` changes the number of components")

#' @importFrom stats add1
#' @export
add1.gmm1d <- refuse("add1", "`update(fit, k = )` changes the number of components")

#' @rdname extract
#' @export
formula.gmm1d <- function(x, ...) parse_fit(x, "x")$formula

#' @rdname extract
#' @importFrom stats terms
#' @export
terms.gmm1d <- function(x, ...) {
  x <- parse_fit(x, "x")
  if (is.null(x$terms)) {
    abort_gmm1d("argument", "the fit has no terms, because it was not made with a formula.")
  }
  x$terms
}

#' @rdname extract
#' @export
update.gmm1d <- function(object, formula., ..., evaluate = TRUE) { # nolint: object_name_linter.
  object <- parse_fit(object, "object")
  call <- call_of_fit(object)
  if (!missing(formula.)) {
    if (!inherits(formula., "formula")) abort_unnamed()
    if (is.null(object$formula)) {
      abort_gmm1d("argument", "`formula.` must not be given: the fit was not made with a ",
                  "formula.")
    }
    # A column of a data frame becomes a formula.
    if (!is.null(call$column)) {
      call$data <- call$x
      call$column <- NULL
    }
    call$x <- stats::update(object$formula, formula.)
  }
  changes <- match.call(expand.dots = FALSE)$...
  for (name in rlang::names2(changes)) {
    if (!nzchar(name)) abort_unnamed()
    call[name] <- list(changes[[name]])
  }
  if (!parse_flag(evaluate, "evaluate")) return(call)
  call[[1L]] <- gmm1d  # found even where the package is not attached
  eval(call, parent.frame())
}

#' @rdname extract
#' @importFrom stats getCall
#' @export
getCall.gmm1d <- function(x, ...) { # nolint: object_name_linter.
  call_of_fit(parse_fit(x, "x"))
}

# One of many fits has no call, so one that contains its data is constructed.
call_of_fit <- function(fit) {
  if (!is.null(fit$call)) return(fit$call)
  arguments <- list(
    x = fit$data %||% fit$points, k = k_tried(fit), weights = fit$weights,
    variance = if (!identical(fit$relate$sigma, "equal")) unique(fit$selection$variance),
    criterion = fit$criterion, fixed = fit$fixed, relate = fit$relate,
    rounding = if (!is.null(fit$data)) fit$points$rounding, control = fit$control
  )
  as.call(c(quote(gmm1d), arguments[!vapply(arguments, is.null, NA)]))
}

abort_unnamed <- function() {
  abort_gmm1d("argument", "arguments to change must be named, as in `k = 3`.")
}

#' @rdname extract
#' @export
quantile.gmm1d <- function(x, probs = seq(0, 1, 0.25), names = TRUE, ...) {
  check_no_dots(..., .ignored = c("na.rm", "type"))
  x <- parse_fit(x, "x")
  names <- parse_flag(names, "names")
  probs <- parse_numbers(probs, "probs")
  check_each(is.na(probs) | (probs >= 0 & probs <= 1), probs, "probs", "be from 0 to 1")
  quantiles <- unname(quantile_of(probs, x))
  if (!names || length(probs) == 0L) return(quantiles)
  percent <- formatC(100 * probs, format = "fg", width = 1L, digits = 7L)
  stats::setNames(quantiles, paste0(percent, "%"))
}

#' @rdname extract
#' @export
as.data.frame.gmm1d <- function(x, row.names = NULL, optional = FALSE, ...) {
  x <- parse_fit(x, "x")
  component_rows(x, parse_row_names(row.names, length(components_of(x))))
}

component_rows <- function(fit, row_names = NULL) {
  noise <- if (!is.null(fit$noise)) list(lambda = fit$noise[1L], other = NA_real_)
  rows <- data.frame(component = components_of(fit), lambda = c(noise$lambda, fit$lambda),
                     mu = c(noise$other, fit$mu), sigma = c(noise$other, fit$sigma),
                     row.names = row_names)
  if (!is.null(fit$labels)) rows$label <- c(if (!is.null(noise)) NA, fit$labels)
  rows
}
