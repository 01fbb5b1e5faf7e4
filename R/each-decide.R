#' From many fits to a decision
#'
#' `bimodality()`, `modes()` and `cutpoints()` of a [gmm1d_each()] result: one data frame with the
#' keys of the data sets, as [glance()][glance.gmm1d_each] has them, in front of what the function
#' says of each fit. The tests [em_test()], [boot_lrt()] and [gof_test()] give tables of the same
#' shape.
#'
#' @details
#' A data set without an answer does not stop the others. It has one row: its keys, `NA`, and the
#' reason in `error`. A warning of class `gmm1d_warning_failed` counts the fits without an answer;
#' those without a fit were counted by [gmm1d_each()].
#'
#' `bimodality()` says of each data set how many modes the density has, and describes the clearest
#' pair of neighbouring components: that with the smallest `dip`, or the largest `ashman_d` if
#' several are equal. `lapply(fits, bimodality)` gives all pairs of fits with three or more
#' components.
#'
#' Genes with two modes need not be genes with two groups: with a few dozen values, noise makes
#' dips. `merge(bimodality(fits), em_test(fits, k0 = 1)[c("row", "p.adjusted")])`, with the name of
#' the key for `row`, has both, and a rule such as `bimodal & p.adjusted < 0.05` takes genes that
#' are both.
#'
#' @param fit A [gmm1d_each()] result.
#' @param level As for [cutpoints()] and [modes()].
#' @param ... For `cutpoints()` and `modes()`, their other arguments, such as `within` or `cost`,
#'   for all fits. Otherwise not used; an unknown argument is an error.
#'
#' @return A data frame. The key columns come first (one with the name of another column, such as
#'   `k`, is called `group.k`), and `error` is the last column: why there is no answer, `NA` where
#'   there is one. In between:
#'   * `bimodality()`: one row per data set, with `k`, `modes` (how many modes the density has) and
#'     the columns of [bimodality()] for the clearest pair, which are `NA` for `k` = 1.
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

# The neighbours that are most clearly two, and the number of modes of the whole mixture.
clearest_pair <- function(fit) {
  pairs <- bimodality.default(fit)
  clearest <- order(pairs$dip, -pairs$ashman_d)[1L]
  modes <- if (fit$k < 2L) 1L
           else if (fit$k == 2L) 1L + pairs$bimodal
           else sum(seq_along(stationary_points(fit)) %% 2L)
  c(list(k = fit$k, modes = as.integer(modes)), lapply(pairs, `[`, clearest))
}

# A table of what `f` says of each fit, columns of any number of rows. Where no fit has an answer,
# those of an example tell the columns; if that has none either, an argument is wrong.
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

# One warning for all data sets of which it was not known that they have no answer.
warn_of_unanswered <- function(errors, fits, known, what = "evaluated") {
  failed <- which(!is.na(errors) & !known)
  if (length(failed) > 0L) {
    warn_gmm1d("failed", some_of(failed, fits), " could not be ", what, ": ", errors[failed[1L]],
               " The column `error` says why.")
  }
}
