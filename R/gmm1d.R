#' Fit a one-dimensional Gaussian mixture
#'
#' Estimates proportions `lambda`, means `mu` and standard deviations `sigma`
#' of a mixture of Gaussian distributions by maximum likelihood, with the EM
#' algorithm. No random numbers are used: the same data give the same fit, and
#' `.Random.seed` is not touched.
#'
#' @details
#' The likelihood of a Gaussian mixture has many maxima and is unbounded where
#' a `sigma` goes to 0, so "the maximum" needs a rule. EM first climbs the
#' penalised likelihood of Chen, Tan and Zhang (2008),
#' `loglik - a sum_j (s^2 / sigma_j^2 - 1 - log(s^2 / sigma_j^2))`, from two
#' starting values: groups of equal weight, and exact k-means. From the higher
#' of the two maxima it then climbs the plain likelihood, so that the estimates
#' are maximum likelihood estimates. If the likelihood has no maximum there (a
#' `sigma` reaches the smallest allowed, or a component contracts onto less than
#' three quarters of its observations while the objective falls by more than 1),
#' the penalised estimates are kept, `penalised` is `TRUE`, and a warning of
#' class `gmm1d_warning_penalised` says so. With `start`, the plain likelihood is
#' climbed from there.
#'
#' A fit is called converged when the log-likelihood that EM has still to gain
#' (`gap`, estimated by Aitken's extrapolation, Böhning et al. 1994) is at most
#' `tol`; a fit that is not gives a warning of class
#' `gmm1d_warning_not_converged`. The gap is an estimate: where EM creeps along a
#' ridge it can fall short, and at a saddle, such as a `start` of equal
#' components, it is 0.
#'
#' @param x The data: a numeric vector or an n x 1 matrix of any length,
#'   integer and `integer64` included; or a one-sided formula, `~ variable`.
#'   `NA` and `NaN` are dropped, and `print()` says how many.
#' @param k Numbers of components to try: whole numbers, at least 1. Where it is
#'   more than one number, `criterion` chooses, and those above the number of
#'   distinct values are left out (`summary()` says which). Default: `1:9`, or
#'   what `start` has.
#' @param weights Observation weights: `NULL` (default: all 1) or a numeric
#'   vector as long as `x`, not negative, no `NA`. A weight w counts as w equal
#'   observations, so the weights should sum to their number: with a sum below
#'   half the number of distinct values, a warning of class `gmm1d_warning_weights` says
#'   that the criteria mean little. In the formula method an expression, looked
#'   up in `data` first.
#' @param criterion `"BIC"` (default), `"AIC"` or `"ICL"` (Biernacki, Celeux and
#'   Govaert 2000): the criterion whose smallest value chooses `k`.
#' @param start `NULL` (default: the search above), or a list of numeric vectors
#'   `lambda`, `mu` and `sigma`, each of length k, or a `gmm1d` fit.
#' @param control The result of [gmm1d_control()], or a list of its arguments.
#' @param data A data frame or list in which the variables of the formula,
#'   `weights` and `subset` are looked up first.
#' @param subset An expression: the rows of `data` to use.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return An object of class `gmm1d`, a list with
#'   * `lambda`, `mu`, `sigma`: numeric vectors of length k, in order of `mu`;
#'   * `k`, `n` (the sum of the weights), `n_missing` (values dropped), `df`
#'     (`3 k - 1`), `loglik`;
#'   * `converged`, `status` (`"converged"`, `"max_iter"`, or `"stalled"`: no
#'     rise in double precision), `gap` (log-likelihood units), `penalised`,
#'     `iterations`, and `trace`: the log-likelihood at the start of the last
#'     climb and after each of its iterations, which never falls (if
#'     `penalised`, the penalised one);
#'   * `selection`: a data frame, one row per model, with `k`, `variance`,
#'     `loglik`, `df`, `AIC`, `BIC`, `ICL` (as [stats::BIC()], smaller is
#'     better), `converged`, `penalised`; `criterion`; `k_left_out`;
#'   * `variance` (`"free"`), `points` (the distinct values and their weights),
#'     `data` (the values as given, if `keep_data`), `data_name`, `formula`
#'     and `terms`, `control`, `call`.
#'
#' @section Errors:
#' All errors inherit from `gmm1d_error`. Their classes:
#' `gmm1d_error_type` (not numeric), `gmm1d_error_shape` (wrong length or
#' dimensions), `gmm1d_error_infinite`, `gmm1d_error_missing` (an `NA` where
#' none may be), `gmm1d_error_range` (a value that is not allowed),
#' `gmm1d_error_empty` (no data left), `gmm1d_error_constant` (one distinct
#' value), `gmm1d_error_k` (more components than distinct values),
#' `gmm1d_error_argument` (unknown or missing argument or variable).
#'
#' @references
#' Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). Maximum likelihood
#' from incomplete data via the EM algorithm. *Journal of the Royal Statistical
#' Society B* 39, 1-38. \doi{10.1111/j.2517-6161.1977.tb01600.x}
#'
#' Chen, J., Tan, X. and Zhang, R. (2008). Inference for normal mixtures in mean
#' and variance. *Statistica Sinica* 18, 443-465.
#'
#' Böhning, D., Dietz, E., Schaub, R., Schlattmann, P. and Lindsay, B. G.
#' (1994). The distribution of the likelihood ratio for mixtures of densities
#' from the one-parameter exponential family. *Annals of the Institute of
#' Statistical Mathematics* 46, 373-388. \doi{10.1007/BF01720593}
#'
#' Biernacki, C., Celeux, G. and Govaert, G. (2000). Assessing a mixture model
#' for clustering with the integrated completed likelihood. *IEEE Transactions
#' on Pattern Analysis and Machine Intelligence* 22, 719-725.
#' \doi{10.1109/34.865189}
#'
#' @seealso [predict.gmm1d()], [plot.gmm1d()], [dgmm1d()], [estep()]
#' @examples
#' fit <- gmm1d(~ waiting, data = faithful)
#' fit
#' plot(fit)
#'
#' # a given number of components, counts as weights
#' counts <- table(quakes$mag)
#' gmm1d(as.numeric(names(counts)), k = 2, weights = as.numeric(counts))
#' @aliases gmm1d-package
#' @export
gmm1d <- function(x, ...) {
  if (missing(x)) {
    abort_gmm1d("argument", "`x`, the first argument, is missing: give data or a formula.")
  }
  UseMethod("gmm1d")
}

#' @rdname gmm1d
#' @export
gmm1d.default <- function(x, k = 1:9, weights = NULL, criterion = c("BIC", "AIC", "ICL"),
                          start = NULL, control = gmm1d_control(), ...) {
  check_no_dots(...)
  control <- parse_control(control)
  criterion <- parse_choice(criterion, c("BIC", "AIC", "ICL"), "criterion")
  start <- parse_start(start)
  points <- squash(x, weights, control)
  k <- parse_k(if (missing(k) && !is.null(start)) start$k else k, points, start, control)

  path <- fit_path(points, k$fitted, start, control)
  while (length(narrow <- too_narrow(path)) > 0L) {
    finer <- squash_finer(points, x, weights, narrow, control)
    if (length(finer) == length(points)) break
    points <- finer
    path <- fit_path(points, k$fitted, start, control)
  }
  fit <- new_gmm1d(path, points, criterion, k$left_out, control)
  fit["data"] <- list(if (control$keep_data) x)
  fit$data_name <- name_of(substitute(x))
  fit$call <- call_of("gmm1d", match.call())
  fit
}

#' @rdname gmm1d
#' @export
gmm1d.squashed <- function(x, k = 1:9, criterion = c("BIC", "AIC", "ICL"), start = NULL,
                           control = gmm1d_control(), ...) {
  check_no_dots(...)
  control <- parse_control(control)
  criterion <- parse_choice(criterion, c("BIC", "AIC", "ICL"), "criterion")
  start <- parse_start(start)
  k <- parse_k(if (missing(k) && !is.null(start)) start$k else k, x, start, control)
  path <- fit_path(x, k$fitted, start, control)
  fit <- new_gmm1d(path, x, criterion, k$left_out, control)
  fit$data_name <- name_of(substitute(x))
  fit$call <- call_of("gmm1d", match.call())
  fit
}

#' @rdname gmm1d
#' @export
gmm1d.formula <- function(x, data = NULL, ..., weights = NULL, subset = NULL) {
  frame <- formula_frame(x, data, substitute(weights), substitute(subset))
  fit <- gmm1d.default(frame$x, ..., weights = frame$weights)
  fit$formula <- x
  fit$terms <- frame$terms
  fit$data_name <- frame$name
  fit$call <- call_of("gmm1d", match.call())
  fit
}

# The fits with each number of components.
fit_path <- function(points, k, start, control) {
  if (is.null(start)) search(points, k, control) else list(climb(points, start, control))
}

# Of the fits of a path the one that the criterion chooses.
new_gmm1d <- function(path, points, criterion, k_left_out, control) {
  selection <- selection_table(path, points)
  result <- path[[which.min(selection[[criterion]])]]
  warn_if_doubtful(result)
  structure(
    c(
      result$mixture[c("lambda", "mu", "sigma", "k")],
      list(
        loglik = result$loglik, n = points$n, n_missing = points$n_missing,
        df = degrees_of_freedom(result$mixture$k),
        converged = result$status == "converged", status = result$status,
        gap = result$certificate$gap, certificate = result$certificate,
        penalised = result$penalised, iterations = result$iterations, trace = result$trace,
        selection = selection, criterion = criterion, k_left_out = k_left_out,
        variance = "free", points = points, data = NULL, data_name = "x",
        formula = NULL, terms = NULL, control = control, call = NULL
      )
    ),
    class = "gmm1d"
  )
}

# The call as the user would write it: of the generic, not of the method.
call_of <- function(name, call) {
  call[[1]] <- as.name(name)
  call
}

# A short name for the data, for titles: never the data themselves.
name_of <- function(expression) {
  if (!is.name(expression) && !is.call(expression)) return("x")
  text <- deparse(expression, nlines = 2L, width.cutoff = 60L)
  if (length(text) == 1L && nchar(text) <= 60L) text else "x"
}
