#' Extract parts of a fit
#'
#' The usual extractors of R's models; [stats::AIC()] and [stats::BIC()] work
#' through `logLik()`.
#'
#' @param object,x A `gmm1d` fit.
#' @param formula. For a fit by formula, how the formula changes, as in
#'   [stats::update()]: `~ .` is the old one.
#' @param ... `update()`: arguments of [gmm1d()] to change or add. Otherwise not
#'   used.
#' @param evaluate Fit again (`TRUE`, default), or return the call.
#' @param probs Probabilities: a numeric vector, default the quartiles.
#' @param row.names,optional As for [as.data.frame()].
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
#' * `quantile()`: quantiles of the fitted distribution, named by `probs`.
#' * `as.data.frame()`: one row per component, with `component`, `lambda`, `mu`,
#'   `sigma`.
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful, k = 2)
#' coef(fit)
#' AIC(fit, update(fit, k = 3))
#' as.data.frame(fit)
#' quantile(fit)
#' @name extract
NULL

#' @rdname extract
#' @export
coef.gmm1d <- function(object, ...) {
  object <- parse_fit(object, "object")
  stats::setNames(c(object$lambda, object$mu, object$sigma), coef_names(object$k))
}

coef_names <- function(k) paste0(rep(c("lambda", "mu", "sigma"), each = k), seq_len(k))

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
#' @export
formula.gmm1d <- function(x, ...) parse_fit(x, "x")$formula

#' @rdname extract
#' @export
update.gmm1d <- function(object, formula., ..., evaluate = TRUE) { # nolint: object_name_linter.
  object <- parse_fit(object, "object")
  call <- getCall.gmm1d(object)
  if (!missing(formula.)) {
    if (!inherits(formula., "formula")) abort_unnamed()
    if (is.null(object$formula)) {
      abort_gmm1d("argument", "`formula.` must not be given: the fit was not made with a ",
                  "formula.")
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
  x <- parse_fit(x, "x")
  x$call %||% call_with_data(x)
}

# The call of one of many fits, which has its data in it.
call_with_data <- function(fit) {
  arguments <- list(
    x = fit$data %||% fit$points, k = k_tried(fit), weights = fit$weights,
    variance = unique(fit$selection$variance), criterion = fit$criterion, fixed = fit$fixed,
    rounding = if (!is.null(fit$data)) fit$points$rounding, control = fit$control
  )
  as.call(c(quote(gmm1d), arguments[!vapply(arguments, is.null, NA)]))
}

abort_unnamed <- function() {
  abort_gmm1d("argument", "arguments to change must have names, such as `k = 3`.")
}

#' @rdname extract
#' @export
quantile.gmm1d <- function(x, probs = seq(0, 1, 0.25), ...) {
  check_no_dots(...)
  x <- parse_fit(x, "x")
  probs <- parse_numbers(probs, "probs")
  check_each(is.na(probs) | (probs >= 0 & probs <= 1), probs, "probs", "be from 0 to 1")
  percent <- formatC(100 * probs, format = "fg", width = 1L, digits = 7L)
  stats::setNames(qgmm1d(probs, x), paste0(percent, "%"))
}

#' @rdname extract
#' @export
as.data.frame.gmm1d <- function(x, row.names = NULL, optional = FALSE, ...) {
  x <- parse_fit(x, "x")
  data.frame(
    component = seq_len(x$k), lambda = x$lambda, mu = x$mu, sigma = x$sigma,
    row.names = row.names
  )
}
