#' From many fits to a decision
#'
#' `bimodality()`, `modes()` and `cutpoints()` for a [gmm1d_each()] result: one data frame with the
#' keys of the data sets, as in [glance()][glance.gmm1d_each], followed by the results for each fit.
#' The tests [em_test()], [boot_lrt()] and [gof_test()] return tables of the same shape.
#'
#' @details
#' A data set without a result does not stop the others. It has one row: its keys, `NA`, and the
#' reason in `error`. A warning of class `gmm1d_warning_failed` counts the fits without a result;
#' data sets without a fit were counted by [gmm1d_each()].
#'
#' `bimodality()` counts the modes of the density of each data set, and describes the clearest pair
#' of neighbouring components: the one with the smallest `dip`, or the largest `ashman_d` if several
#' are equal. `lapply(fits, bimodality)` returns all pairs for fits with three or more components.
#'
#' Genes with two modes do not necessarily have two groups: with a few dozen values, random
#' fluctuations cause dips.
#' `merge(bimodality(fits), em_test(fits, k0 = 1)[c("row", "p.adjusted")])`, with the name of the
#' key instead of `row`, combines both, and a rule such as `bimodal & p.adjusted < 0.05` selects
#' genes that satisfy both.
#'
#' @param fit A [gmm1d_each()] result.
#' @param level As for [cutpoints()] and [modes()].
#' @param ... For `cutpoints()` and `modes()`, their other arguments, such as `within` or `cost`,
#'   for all fits. Otherwise not used; an unknown argument is an error.
#'
#' @return A data frame. The key columns come first (one with the name of another column, such as
#'   `k`, is called `group.k`), and the last column is `error`: why there is no result, otherwise
#'   `NA`. In between:
#'   * `bimodality()`: one row per data set, with `k`, `modes` (the number of modes of the density)
#'     and the columns of [bimodality()] for the clearest pair, which are `NA` for `k` = 1.
#'   * `cutpoints()`, `modes()`: one row per cut-point or mode, in increasing order, with the
#'     columns of [cutpoints()] or [modes()]. A fit without any cut-point has no row.
#'
#' @section Errors:
#' As for single fits, if an argument is wrong for all fits.
#' @seealso [em_test()], [boot_lrt()] and [gof_test()] for tables of tests
#' @concept bimodal genes
#' @concept switch-like genes
#' @concept batch of data sets
#' @examples
#' fits <- gmm1d_each(iris[1:4], k = 1:3)
#' bimodality(fits)
#' cutpoints(fits, within = TRUE)
#' subset(modes(fits), type == "mode")
#' @name gmm1d_each_decide
NULL

#' @rdname gmm1d_each_decide
#' @export
bimodality.gmm1d_each <- function(fit, ...) {
  check_no_dots(...)
  rows_of_each(fit, clearest_pair)
}

#' @rdname gmm1d_each_decide
#' @export
modes.gmm1d_each <- function(fit, level = 0.95, ...) {
  rows_of_each(fit, function(one) modes.default(one, level = level, ...))
}

#' @rdname gmm1d_each_decide
#' @export
cutpoints.gmm1d_each <- function(fit, level = 0.95, ...) {
  rows_of_each(fit, function(one) cutpoints.default(one, level = level, ...))
}

# The most clearly separated neighbours, and the number of modes of the whole mixture.
clearest_pair <- function(fit) {
  pairs <- bimodality.default(fit)
  clearest <- order(pairs$dip, -pairs$ashman_d)[1L]
  modes <- if (fit$k < 2L) 1L
           else if (fit$k == 2L) 1L + pairs$bimodal
           else sum(seq_along(stationary_points(fit)) %% 2L)
  c(list(k = fit$k, modes = as.integer(modes)), lapply(pairs, `[`, clearest))
}

# A table of the results of `f` for each fit, with any number of rows for each. If no fit has a
# result, the columns come from an example; if that fails as well, an argument is wrong.
rows_of_each <- function(fits, f) {
  fits <- parse_many(fits, "fit")
  answers <- map_attempts(function(fit, error) {
    if (is.null(fit)) list(error = error) else without_warnings(unclass(f(fit)))
  }, unname(as.list(fits)), unname(errors_of(fits)))
  done <- !vapply(answers, has_failed, NA)
  errors <- errors_of_answers(answers)
  like <- if (any(done)) answers[[which(done)[1L]]] else unclass(f(example_fit()))
  warn_of_unanswered(errors, fits, known = !has_fit(fits))
  answers[!done] <- list(lapply(like, `[`, NA_integer_))
  sizes <- lengths(lapply(answers, `[[`, 1L))
  column <- function(name) c(like[[name]][0L], unlist(lapply(answers, `[[`, name)))
  columns <- lapply(stats::setNames(nm = names(like)), column)
  of <- rep(seq_along(answers), sizes)
  with_keys_first(fits, of, c(columns, list(error = errors[of])))
}

errors_of_answers <- function(answers) {
  vapply(answers, function(answer) answer$error %||% NA_character_, "", USE.NAMES = FALSE)
}

# Two components, so that there are cut-points and modes.
example_fit <- function() gmm1d(c(0, 1, 2, 4, 10, 11, 12, 14), k = 2)

# One warning for all data sets that failed here; `known` ones failed before.
warn_of_unanswered <- function(errors, fits, known, what = "evaluated") {
  failed <- which(!is.na(errors) & !known)
  if (length(failed) > 0L) {
    warn_gmm1d("failed", some_of(failed, fits), " could not be ", what, ": ", errors[failed[1L]],
               " The column `error` says why.")
  }
}
