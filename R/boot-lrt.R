#' Test the number of components
#'
#' The likelihood ratio test of `k0` components against `k1`, by parametric bootstrap (McLachlan
#' 1987): the usual chi-squared approximation is not valid, because a component may vanish under the
#' null.
#'
#' @details
#' The statistic is `2 (loglik of k1 - loglik of k0)`. It is set to 0 if it is negative (which can
#' happen if the larger fit is penalised) or no larger than the numerical error of the
#' log-likelihoods (`tol` in the control, and rounding). Statistics that differ by no more than this
#' error count as equal, so additional components that cannot change the mixture (`mu` and `sigma`
#' fixed for all of them) give `p.value` 1. Each of `R` replicates is drawn from the fit with `k0`
#' components, recorded like the data (rounded to their lattice, or counted in their bins), and
#' fitted with `k0` and with `k1` components by the full search of [gmm1d()]. The p-value is
#' `(1 + number of replicates with a statistic as large) / (R + 1)`. Replicates with fewer distinct
#' values than `k1` are redrawn.
#'
#' With `stop_early`, replicates are drawn only until the decision at that level is certain. The
#' decision is the one that all `R` replicates would give; the p-value is based on those drawn
#' (Besag and Clifford 1991).
#'
#' If the fit with `k1` components is penalised (a component contracts onto a few values, see
#' [gmm1d()]), its log-likelihood is not that of a maximum, and the statistic depends on how narrow
#' the penalty lets that component become. A small p-value may then only mean that a few values are
#' closer together than in the replicates. A warning of class `gmm1d_warning_penalised` says so, and
#' `method` ends in "larger fit penalised". Trust [em_test()] in that case: its statistic is
#' penalised under both hypotheses and cannot be driven by a spike.
#'
#' In an interactive session a progress bar estimates the remaining time. Otherwise, if that is more
#' than 10 seconds, a message of class `gmm1d_message_time` says so.
#'
#' `set.seed()` before the call makes the result reproducible, whatever the number of threads.
#'
#' @section Many data sets:
#' For one normal distribution against more components, the statistic is the same for `x` and
#' `a x + b`, so its null distribution depends on n alone. It is then simulated once, from N(0, 1),
#' for all data sets of that size, and a thousand data sets of one size take little longer than one.
#' This requires values that are known exactly and can lie anywhere (at most 4096 of them, which are
#' not squashed to cells; on a lattice with steps of at most `s / (10 sqrt(n))`, `s` a robust scale,
#' which is finer than any component), whole-number weights, and no setting in the unit of the data
#' (`fixed`, `min_sigma`). A `penalty` is relative to the scale of the data, but with `penalty = 0`
#' rounding errors of the values would decide how narrow a spike can be. All other data sets (on a
#' coarser lattice, in bins, with errors, through a window), and all with `k0` above 1, have their
#' own replicates, as in the test of a single data set. The column `shared` tells the two apart.
#' P-values from shared replicates do not depend on the order of the data sets.
#'
#' No p-value is below `1 / (R + 1)`. For many data sets use an `R` of at least their number, or
#' none can be significant after adjustment; shared replicates make this cheap. With `stop_early`,
#' shared replicates are drawn until the decisions for all their data sets are certain.
#'
#' @param x The data: anything that [gmm1d()] takes (name its `column` or `data`), or a `gmm1d` fit,
#'   whose data, `variance`, `fixed` and control are used unless given. Many data sets: a
#'   [gmm1d_each()] result, used in the same way; or a vector with `by`, a list of data sets, a
#'   matrix with several columns, or a data frame with `margin`, as in `gmm1d_each()`.
#' @param k0,k1 Numbers of components under the null hypothesis and the alternative: whole numbers,
#'   `k1` above `k0`. Defaults: for a fit, its own number (for many fits, that of each); `k0 + 1`.
#' @param R Replicates: a whole number >= 1, default 999.
#' @param stop_early `NULL` (default: all `R` replicates), or a level, such as 0.05.
#' @param ... Further arguments of [gmm1d()], or of [gmm1d_each()] for many data sets, such as `by`,
#'   `weights`, `variance` or `control`.
#' @param k For many data sets that have not been fitted: the numbers of components to choose from,
#'   whole numbers >= 1, default `k0` and `k1`. The choice is a column of the table; the test does
#'   not depend on it.
#' @param p.adjust For many data sets, the adjustment of the p-values: a `method` of
#'   [stats::p.adjust()], default `"BH"` (Benjamini and Hochberg 1995); `"none"` for no adjustment.
#'
#' @return A list of class `htest` with `statistic` (`LR`), `parameter` (`k0`, `k1` and `R`, the
#'   replicates drawn), `p.value`, `method`, `data.name`, `replicates` (the
#'   statistics of the replicates), and `fits`, a list of the two fits `k0` and `k1`.
#'
#'   For many data sets, a data frame with a row for each: the key columns, then `k` (the number of
#'   components of the fit), `k0`, `k1`, `nobs` (the sum of the weights), `statistic`, `R` (the
#'   replicates drawn), `shared` (are the replicates shared with other data sets of this size?),
#'   `p.value`, `p.adjusted` and `error`. A data set that cannot be tested does not stop the others:
#'   its numbers are `NA`, `error` says why, and one warning of class `gmm1d_warning_failed` counts
#'   all such data sets, except those that [gmm1d_each()] has already warned of.
#'
#' @section Errors:
#' As for [gmm1d()] and [gmm1d_each()]; `gmm1d_error_range` if `k1` is not above `k0`;
#' `gmm1d_error_argument` for an unknown `p.adjust`, for `k` or `p.adjust` with one data set, and
#' for `k` with fits.
#'
#' @references
#' Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and
#' powerful approach to multiple testing. *Journal of the Royal Statistical Society B* 57, 289-300.
#' \doi{10.1111/j.2517-6161.1995.tb02031.x}
#'
#' Besag, J. and Clifford, P. (1991). Sequential Monte Carlo p-values. *Biometrika* 78, 301-304.
#' \doi{10.1093/biomet/78.2.301}
#'
#' McLachlan, G. J. (1987). On bootstrapping the likelihood ratio test statistic
#' for the number of components in a normal mixture. *Applied Statistics* 36,
#' 318-324. \doi{10.2307/2347790}
#'
#' @seealso [em_test()], which needs no replicates; [gmm1d()], whose `criterion` chooses k;
#'   [bootstrap()] with `search = TRUE`: how stable that choice is; for many data sets
#'   [gmm1d_each_decide]
#' @concept multiple testing
#' @concept batch of data sets
#' @examples
#' set.seed(1)
#' boot_lrt(faithful$waiting, k0 = 1, R = 99)
#' boot_lrt(faithful$waiting, k0 = 2, R = 99, stop_early = 0.05)
#'
#' # many data sets
#' x <- matrix(rnorm(200), 40)
#' x[1:20, 1:2] <- x[1:20, 1:2] + 5
#' boot_lrt(x, k0 = 1, R = 99)
#' @export
boot_lrt <- function(x, k0, k1 = k0 + 1, R = 999, # nolint: object_name_linter.
                     stop_early = NULL, ..., k = NULL, p.adjust = "BH") {
  if (missing(x)) abort_gmm1d("argument", "`x`, the data or a fit, is missing.")
  name <- name_of(substitute(x))
  variance <- match("variance", ...names())
  if (!is.na(variance) && length(...elt(variance)) > 1L) {
    abort_gmm1d("argument", "`variance` must be either \"free\" or \"equal\": the test compares ",
                "two models.")
  }
  times <- parse_count(R, "R")
  if (!is.null(stop_early)) stop_early <- parse_level(stop_early, "stop_early")
  if (are_many(x, ...names())) {
    adjust <- parse_adjust(p.adjust)
    return(boot_lrt_each(x, if (!missing(k0)) k0, if (!missing(k1)) k1, times, stop_early, k,
                         adjust, ...))
  }
  if (!missing(k)) abort_for_many("k")
  if (!missing(p.adjust)) abort_for_many("p.adjust")
  if (inherits(x, "gmm1d")) x <- parse_fit(x, "x")
  k0 <- parse_k0(if (!missing(k0)) k0, x)
  k1 <- parse_k1(k1, k0)
  fits <- lapply(c(k0, k1), function(k) quietly_fit(x, k, ...))
  test <- lr_test(fits, times, stop_early)
  warn_of_penalised(fits)
  structure(
    list(
      statistic = c(LR = test$statistic),
      parameter = c(k0 = k0, k1 = k1, R = length(test$replicates)),
      p.value = test$p.value,
      method = paste0("Bootstrap likelihood ratio test of the number of components",
                      if (length(test$replicates) < times) ", stopped early",
                      if (fits[[2L]]$penalised) ", larger fit penalised"),
      data.name = printable(if (inherits(x, "gmm1d")) x$data_name else name),
      replicates = test$replicates, fits = stats::setNames(fits, c("k0", "k1"))
    ),
    class = "htest"
  )
}

# Warns if a fit is penalised: the test compares maxima of the likelihood, and this is not one.
warn_of_penalised <- function(fits) {
  is_penalised <- vapply(fits, `[[`, NA, "penalised")
  if (!any(is_penalised)) return(invisible())
  k <- vapply(fits, `[[`, 1L, "k")
  em_applies <- is.null(why_untestable(fits[[1L]])) && k[2L] == k[1L] + 1L
  warn_gmm1d("penalised", if (all(is_penalised)) "the fits with " else "the fit with ",
             paste(k[is_penalised], collapse = " and "), " components ",
             if (all(is_penalised)) "are" else "is", " penalised: a component contracts onto a ",
             "few values, where the likelihood has no maximum. The statistic then depends on the ",
             "penalty, and a small p-value may only mean that a few values are close together",
             if (em_applies) "; trust `em_test()` instead", ".")
}

abort_no_k0 <- function() {
  abort_gmm1d("argument", "`k0` is missing; it has a default only if `x` is a fit.")
}

parse_k1 <- function(k1, k0) {
  k1 <- parse_count(k1, "k1")
  check_each(k1 > k0, k1, "k1", paste0("be above `k0` (", max(k0), ")"))
  k1
}

# Fits one k, to data or to those of a fit, without the warnings that a poor k would cause.
quietly_fit <- function(x, k, ...) {
  fit_it <- if (inherits(x, "gmm1d")) with_other_k else gmm1d
  without_warnings(fit_it(x, k = k, ...))
}

without_warnings <- function(code) {
  withCallingHandlers(code, gmm1d_warning = function(w) rlang::cnd_muffle(w))
}

# Refits the data of a fit with another k, under its own model unless another is given.
with_other_k <- function(fit, k, variance = fit$variance,
                         fixed = known_first(fit$fixed, labels_of_fit(fit)),
                         control = fit$control, relate = fit$relate, ...) {
  if (identical(relate$sigma, "equal")) variance <- "free"
  gmm1d(fit$points, k = k, variance = variance, fixed = fixed, control = control, relate = relate,
        ...)
}

# The fixed values in a new order: components with labels first, in the order of the labels, then
# others with values of their own.
known_first <- function(fixed, labels = NULL) {
  k <- fixed_k(fixed)
  if (is.null(k)) return(fixed)
  in_order <- order(labels %||% rep(NA, k), !has_own_values(fixed, k))
  reordered_model(list(fixed = fixed), in_order)$fixed
}

# For each component, the number of its label in the data, NA if it has none; or NULL.
labels_of_fit <- function(fit) model_of(fit)$labels

# The test of the first fit against the second.
lr_test <- function(fits, times, level) {
  noise <- lr_noise(fits[[1L]])
  statistic <- lr_statistic(fits, noise)
  k <- c(fits[[1L]]$k, fits[[2L]]$k)
  replicates <- lr_replicates(fits[[1L]], k, times, statistic, level)
  list(statistic = statistic, replicates = replicates,
       p.value = p_value(replicates, statistic, noise))
}

# The statistics of replicates of a fit, drawn until the decisions for all `observed` statistics are
# certain.
lr_replicates <- function(fit, k, times, observed, level) {
  noise <- lr_noise(fit)
  enough <- function(so_far) {
    if (is.null(level)) return(Inf)
    replicates <- unlist(so_far)
    max(vapply(observed, function(statistic) {
      first_certain(replicates, statistic, times, level, noise)
    }, 1))
  }
  unlist(map_replicates(times, distinct_drawer(fit, k[2L]),
                        function(samples) lr_statistics(samples, k, fit, noise),
                        "Bootstrap of the likelihood ratio", enough))
}

lr_statistics <- function(samples, k, fit, noise) {
  paths <- search_each(samples, rep(list(k), length(samples)), model_of(fit), fit$control)
  lapply(paths, lr_statistic, noise)
}

# It could be below 0 if the larger fit is penalised. Differences within the noise count as 0.
lr_statistic <- function(fits, noise) {
  gain <- 2 * (fits[[2L]]$loglik - fits[[1L]]$loglik)
  gain * (gain > noise)
}

# The largest difference between statistics that is numerical noise: each climb stops within `tol`
# of its maximum, and a sum of n terms is rounded by far less than 1e-12 of its size.
lr_noise <- function(fit) max(2 * fit$control$tol, 1e-12 * (fit$n + abs(fit$loglik)))

# Like the data, replicates must have at least as many distinct values as components.
distinct_drawer <- function(fit, k) {
  draw <- replicate_drawer(fit, "parametric")
  function() {
    for (try in 1:1000) {
      points <- draw()
      if (length(points$x) >= k) return(points)
    }
    abort_gmm1d("k", "`k1` must be smaller: replicates with ", count_of(k, "distinct value"),
                " are too rare.")
  }
}

# The first replicate after which the remaining ones cannot change the decision at a level; Inf if
# it is still open.
first_certain <- function(replicates, statistic, times, level, noise) {
  as_large <- cumsum(is_as_large(replicates, statistic, noise))
  left <- times - seq_along(as_large)
  is_kept <- (1 + as_large) / (times + 1) > level
  is_rejected <- (1 + as_large + left) / (times + 1) <= level
  c(which(is_kept | is_rejected), Inf)[1L]
}
