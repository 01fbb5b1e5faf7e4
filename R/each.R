#' Fit a mixture to each group or data set
#'
#' Fits mixtures to each group of a vector or of a column of a data frame, each column of a matrix
#' or each element of a list, a few or thousands, in one call, in parallel. Each fit is bitwise
#' identical to that of [gmm1d()] for the data set alone.
#'
#' @details
#' Groups are in the order of the levels of a factor, or of the sorted values, as in [tapply()];
#' groups of [dplyr::group_by()] keep their order. `NA` in `by` is a separate group, the last. For
#' a single factor, a level without values is a group (whose fit fails). For several variables in
#' `by`, the groups are the combinations that occur, ordered by the first variable, then by the
#' second, and so on. Columns and list elements keep their order.
#'
#' A data set that cannot be fitted (no values, one distinct value, fewer distinct values than the
#' smallest `k`, an infinite value, an invalid weight) does not stop the others: its estimates are
#' `NA`, [glance()][glance.gmm1d_each] has the error message in the column `error`, and one warning
#' of class `gmm1d_warning_failed` counts all such data sets. Fits that are penalised or have not
#' converged (see [gmm1d()]) are counted by `print()` and marked in `glance()`, without a warning.
#'
#' Limits of detection, labels, noise and starting values are for single fits. With them, use
#' `lapply(split(data, data$group), gmm1d, column, censored = limits)`.
#'
#' The call can be interrupted; interactive sessions show a progress bar after two seconds.
#'
#' @param x A numeric vector, with `by`; a formula, `values ~ group` or `values ~ g1 + g2`; a data
#'   frame with a `column` of values and groups (`by`, or those of [dplyr::group_by()]); a numeric
#'   matrix or data frame in which each column (or each row: see `margin`) is a data set; a list of
#'   data sets: numeric vectors, squashed data, or grouped data as for [squash()]; or a grouped lazy
#'   table of dbplyr, with a `column` and other arguments as for [gmm1d()].
#' @param column The column of a data frame or table with the values, as for [gmm1d()]. Without it,
#'   each column is a data set.
#' @param data A data frame or list in which the variables of the formula, `weights`, `subset` and
#'   `error` are looked up first; default `NULL`.
#' @param subset An expression: the rows of `data` to use; default all.
#' @param by The groups: a factor, or a vector that can be sorted, as long as `x`; or a list or data
#'   frame of these. With a `column`, a column of groups, bare or as a string, `c(g1, g2)` of
#'   several, or an expression of columns. The key columns of all tables are named as these columns,
#'   or as the variables of a list or formula, else `group` (`column` for columns, `row` for rows).
#' @param margin For a matrix or data frame: 2 (default), each column is a data set, or 1, each row
#'   is, as in [apply()]. If `margin` is not given and there are at least ten times as many rows as
#'   columns, with names (genes in rows, say), a message of class `gmm1d_message_margin` says that
#'   columns are fitted.
#' @param k,variance,criterion,fixed,relate,control As for [gmm1d()], for all data sets. A
#'   `k` above the number of distinct values of a data set is skipped there. `control$threads`
#'   data sets are fitted at a time; the results do not depend on this number. With
#'   `control$keep_data`, the data are kept (a copy, for groups and columns of a matrix).
#' @param weights Observation weights, as for [gmm1d()]: `NULL`, or a numeric vector as long as `x`
#'   (for a matrix or data frame, one weight for each row, or with `margin = 1` for each column);
#'   for a list, a list of such vectors, or `NULL`s, one for each data set, by its name if both have
#'   names.
#' @param rounding,within As for [gmm1d()], for all data sets.
#' @param error As for [gmm1d()]: `NULL`, or one number for all values; a vector as long as `x`; for
#'   a matrix or data frame, another as large; for a list, a list of vectors.
#' @param ... For a formula, a matrix or a data frame: the arguments above. Otherwise not used; an
#'   unknown argument is an error.
#'
#' @return An object of class `gmm1d_each`: a list of `gmm1d` fits, `NULL` for a data set that could
#'   not be fitted, for use in loops, [lapply()], purrr and [c()] (see [gmm1d_each_list]). Groups
#'   are named by their keys; keys of several variables are joined by a dot. `coef()` is a numeric
#'   matrix with a row for each group; tables are described in [tidy.gmm1d_each()] and
#'   [print.gmm1d_each()].
#'
#' @section Errors:
#' An argument that is wrong for all data sets is an error as in [gmm1d()]: `gmm1d_error_type`,
#' `gmm1d_error_shape` (a length of `by` or `weights`), `gmm1d_error_range`,
#' `gmm1d_error_argument`.
#'
#' @seealso [gmm1d()] for a single data set; [gmm1d_each_decide] and [em_test()]: which data sets
#'   have two groups, and where to cut
#' @concept batch of data sets
#' @concept bimodal genes
#' @concept fit by group
#' @concept group_by
#' @concept nested data
#' @examples
#' fits <- gmm1d_each(Petal.Length ~ Species, iris, k = 1:3)
#' fits
#' tidy(fits)
#'
#' # the same of columns, or of vectors
#' gmm1d_each(iris, Petal.Length, by = Species, k = 1:3)
#' gmm1d_each(iris$Petal.Length, iris$Species, k = 1:3)
#'
#' # columns; the fit of one of them
#' columns <- gmm1d_each(iris[1:4], k = 1:4)
#' coef(columns)
#' plot(columns[["Petal.Width"]])
#' @export
gmm1d_each <- function(x, ...) {
  if (missing(x)) abort_gmm1d("argument", "`x`, the first argument, is missing: give data.")
  UseMethod("gmm1d_each")
}

#' @rdname gmm1d_each
#' @export
gmm1d_each.default <- function(x, by, k = 1:9, weights = NULL, variance = "free",
                               criterion = c("BIC", "AIC", "ICL"), fixed = NULL, rounding = NULL,
                               control = gmm1d_control(), ..., error = NULL, within = NULL,
                               relate = NULL) {
  check_no_dots(...)
  if (missing(by)) {
    abort_gmm1d("argument", "`by`, the groups of `x`, is missing; `gmm1d()` fits all values ",
                "together.")
  }
  check_fixed_is_of_components(fixed, length(x), if (!missing(k)) k)
  plan <- parse_plan(if (!missing(k)) k, variance, criterion, fixed, NULL, control,
                     relate = relate)
  plan$rounding <- parse_rounding(rounding)
  plan$data_name <- name_of(substitute(x))
  x <- parse_numbers(x, "x")
  weights <- parse_numbers(parse_weights(weights, length(x)), "weights")
  groups <- parse_groups(by, length(x))
  error <- parse_error(error, length(x))
  error <- if (!is.null(error)) split_by(error, groups)
  x <- split_by(x, groups)
  weights <- if (length(weights) > 0L) split_by(weights, groups) else no_weights(x)
  fit_observed(x, groups$keys, plan, weights, error, parse_bounds(within, "within"))
}

#' @rdname gmm1d_each
#' @export
gmm1d_each.list <- function(x, k = 1:9, weights = NULL, variance = "free",
                            criterion = c("BIC", "AIC", "ICL"), fixed = NULL, rounding = NULL,
                            control = gmm1d_control(), ..., error = NULL, within = NULL,
                            relate = NULL) {
  check_no_dots(...)
  check_fixed_is_of_components(fixed, lengths(x), if (!missing(k)) k)
  plan <- parse_plan(if (!missing(k)) k, variance, criterion, fixed, NULL, control,
                     relate = relate)
  plan$rounding <- parse_rounding(rounding)
  data <- lapply(seq_along(x), function(i) {
    if (is_squashable(x[[i]])) x[[i]] else parse_data(x[[i]] %||% numeric(), element_of("x", x, i))
  })
  weights <- parse_each_weights(weights, stats::setNames(data, names(x)))
  error <- parse_each_error(error, data)
  fit_observed(data, keys_of(names(x), length(x), "group"), plan, weights, error,
               parse_bounds(within, "within"))
}

# Errors for each data set: a list of them, or one number for all.
parse_each_error <- function(error, x) {
  if (is.null(error)) return(NULL)
  if (!is.list(error)) error <- rep(list(parse_number(error, "error", at_least = 0)), length(x))
  if (length(error) != length(x)) {
    abort_gmm1d("shape", "`error` must have one vector for each data set (", length(x), "), not ",
                length(error), ".")
  }
  error
}

# Fits data sets of values that have errors, or were observed through a window.
fit_observed <- function(x, keys, plan, weights, error, within) {
  if (is.null(error) && is.null(within)) return(fit_each(x, keys, plan, weights))
  sets <- lapply(seq_along(x), function(i) {
    if (is_squashable(x[[i]])) {
      abort_gmm1d("argument", "`error` and `within` must not be given for squashed or grouped ",
                  "data, as `x[[", i, "]]`.")
    }
    structure(list(x = x[[i]], weights = weights[[i]], error = error[[i]], within = within,
                   plan = plan), class = "observed_set")
  })
  fit_each(sets, keys, plan)
}

#' @rdname gmm1d_each
#' @export
gmm1d_each.matrix <- function(x, ..., margin = 2, weights = NULL, error = NULL) {
  if (!is.numeric(x) && !all(is.na(x))) {
    abort_gmm1d("type", "`x` must be a numeric matrix, not ", describe(x), ".")
  }
  if ("by" %in% ...names()) {
    if (ncol(x) > 1L) {
      abort_gmm1d("argument", "`by` groups one vector: it must not be given for columns.")
    }
    if (!missing(margin)) abort_by_with_margin()
    dim(x) <- NULL
    return(gmm1d_each.default(x, ..., weights = weights, error = error))
  }
  if (missing(margin)) hint_at_rows(x)
  margin <- parse_margin(margin)
  sets <- if (margin == 1L) lapply(seq_len(nrow(x)), function(i) as.vector(x[i, ]))
          else lapply(seq_len(ncol(x)), function(j) as.vector(x[, j]))
  names(sets) <- dimnames(x)[[margin]]
  fits <- gmm1d_each.list(sets, ..., weights = weights_of_sets(weights, x, margin),
                          error = errors_of_sets(error, x, margin))
  with_key_name(fits, c("row", "column")[margin])
}

#' @rdname gmm1d_each
#' @export
gmm1d_each.data.frame <- function(x, column, ..., by, margin = 2, weights = NULL, error = NULL) {
  groups <- groups_of_rows(x)
  if (missing(by) && is.null(groups) && are_numbers(rlang::enquo(column), names(x))) {
    if (missing(margin)) hint_at_rows(x)
    return(gmm1d_each.data.frame(x, k = column, ..., margin = margin, weights = weights,
                                 error = error))
  }
  if (!missing(column) || !missing(by) || !is.null(groups)) {
    if (!missing(margin)) abort_by_with_margin()
    frame <- column_frame(x, rlang::enquo(column))
    if (!missing(by)) groups <- groups_among(x, rlang::enquo(by))
    if (is.null(groups)) {
      abort_gmm1d("argument", "`by`, the groups of rows, is missing: name it, `by = group`. ",
                  "`gmm1d()` fits all rows at once, and `gmm1d_each(data)` each column.")
    }
    return(fit_groups_of(frame, groups, ...,
                         weights = values_among(x, rlang::enquo(weights), "weights"),
                         error = values_among(x, rlang::enquo(error), "error")))
  }
  for (name in names(x)) parse_data(x[[name]], paste0("x$", name))
  if (missing(margin)) hint_at_rows(x)
  margin <- parse_margin(margin)
  if (margin == 1L) {
    rows <- matrix(unlist(lapply(x, parse_numbers, "x")), nrow(x), ncol(x),
                   dimnames = list(if (.row_names_info(x) > 0L) row.names(x), NULL))
    return(gmm1d_each.matrix(rows, ..., margin = 1, weights = weights, error = error))
  }
  fits <- gmm1d_each.list(as.list(x), ..., weights = weights_of_sets(weights, x, margin),
                          error = errors_of_sets(error, x, margin))
  with_key_name(fits, "column")
}

parse_margin <- function(margin) {
  margin <- parse_scalar(margin, "margin")
  check_each(margin %in% 1:2, margin, "margin", "be 1 (each row is a data set) or 2 (each column)")
  as.integer(margin)
}

abort_by_with_margin <- function() {
  abort_gmm1d("argument", "`margin` must not be given beside `by`, the groups of one vector.")
}

# If rows have names and far outnumber the columns, the user may want to fit the rows, as with genes
# in rows.
hint_at_rows <- function(x) {
  if (ncol(x) > 1L && nrow(x) >= 10 * ncol(x) && has_row_names(x)) {
    rlang::inform(
      paste0("Fitting each of the ", count_of(ncol(x), "column"), "; use `margin = 1` for the ",
             format_count(nrow(x)), " rows, or `margin = 2` to silence this message."),
      class = c("gmm1d_message_margin", "gmm1d_message")
    )
  }
}

element_of <- function(name, x, i) {
  names <- rlang::names2(x)
  paste0(name, "[[", if (nzchar(names[i])) dQuote(names[i], FALSE) else i, "]]")
}

# Row numbers in order do not count as names.
has_row_names <- function(x) {
  if (is.data.frame(x) && .row_names_info(x) < 0L) return(FALSE)
  names <- rownames(x)
  if (all(grepl("^[0-9]+$", names))) is.unsorted(as.numeric(names)) else TRUE
}

# The same weights for each column (one for each row), or the other way round.
weights_of_sets <- function(weights, x, margin) {
  weights <- parse_weights(weights, dim(x)[3L - margin], of = c("x[1, ]", "x[, 1]")[margin])
  if (length(weights) > 0L) rep(list(weights), dim(x)[margin])
}

# The errors of each data set: one number for all, or a matrix or data frame as large as the data.
errors_of_sets <- function(error, x, margin) {
  if (is.data.frame(error)) error <- as.matrix(error)
  if (!is.matrix(error)) return(error)
  if (!identical(dim(error), dim(x))) {
    abort_gmm1d("shape", "`error` must be as large as `x` (", dimensions(x), "), not ",
                dimensions(error), ".")
  }
  lapply(seq_len(dim(x)[margin]), function(i) {
    as.vector(if (margin == 1L) error[i, ] else error[, i])
  })
}

# The weights of each data set, matched by name if both have names; NULL becomes an empty vector.
parse_each_weights <- function(weights, x) {
  if (is.null(weights)) return(no_weights(x))
  if (!is.list(weights) || length(weights) != length(x)) {
    abort_gmm1d(if (is.list(weights)) "shape" else "type", "`weights` must be a list with one ",
                "vector for each data set (", length(x), "), not ",
                describe(weights), if (is.list(weights)) c(" of length ", length(weights)), ".")
  }
  if (!is.null(names(x)) && !is.null(names(weights))) {
    if (!setequal(names(x), names(weights))) {
      abort_gmm1d("argument", "`weights` must have the names of `x`; they differ in ",
                  toString(dQuote(c(setdiff(names(x), names(weights)),
                                    setdiff(names(weights), names(x))), FALSE)), ".")
    }
    if (anyDuplicated(names(x)) == 0L) weights <- weights[names(x)]
  }
  lapply(seq_along(x), function(i) {
    if (is_squashable(x[[i]]) && !is.null(weights[[i]])) {
      abort_gmm1d("argument", "`", element_of("weights", x, i), "` must be NULL: squashed and ",
                  "grouped data have weights already.")
    }
    parse_weights(weights[[i]], length(x[[i]]), element_of("weights", x, i),
                  element_of("x", x, i))
  })
}

no_weights <- function(x) rep(list(numeric()), length(x))

# Fits to a list of numeric vectors or of squashed data, with a row of keys for each.
fit_each <- function(x, keys, plan, weights = no_weights(x)) {
  fit_some <- function(at) fit_batch(x[at], weights[at], plan)
  outcomes <- map_batches(length(x), fit_some, "Fitting mixtures")
  data <- if (plan$control$keep_data) list(x = x, weights = weights)
  fits <- new_gmm1d_each(outcomes, keys, plan, data)
  warn_of_groups(fits)
  fits
}

# Fits the groups of a table; groups with a component too narrow for its cells are fitted again on
# finer ones.
fit_groups <- function(source, plan) {
  fit_again <- function(at, outcomes) {
    points <- points_of(source)[at]
    fit_some <- function(some) fit_batch(points[some], no_weights(some), plan)
    outcomes[at] <- map_batches(length(at), fit_some, "Fitting mixtures")
    outcomes
  }
  plan$data_name <- source$query$x
  outcomes <- fit_again(which(!vapply(source$parts, has_failed, NA)), source$parts)
  narrow_ones <- function() {
    which(vapply(outcomes, function(one) !has_failed(one) && is_too_narrow(one$result), NA))
  }
  while (length(narrow <- narrow_ones()) > 0L) {
    mixtures <- vector("list", length(outcomes))
    mixtures[narrow] <- lapply(outcomes[narrow], function(one) list(mixture_at_cells(one$result)))
    before <- source
    source <- finer(source, mixtures)
    if (identical(source, before)) break
    outcomes <- fit_again(narrow, outcomes)
  }
  data <- if (plan$control$keep_data) {
    list(x = points_of(source), weights = no_weights(outcomes))
  }
  fits <- new_gmm1d_each(outcomes, source$query$group_keys, plan, data)
  warn_of_groups(fits)
  warn_of_narrow_groups(narrow, fits)
  fits
}

warn_of_narrow_groups <- function(narrow, fits) {
  if (length(narrow) > 0L) {
    warn_gmm1d("cells", "a component is too narrow for the finest cells in ",
               some_of(narrow, fits), ".")
  }
}

# For each data set, returns the points, the chosen fit and the table of all, or an error as text.
fit_batch <- function(x, weights, plan) {
  outcomes <- squashed_sets(x, weights, plan)
  done <- !vapply(outcomes, has_failed, NA)
  if (any(done)) outcomes[done] <- fit_sets(outcomes[done], plan, map_attempts)
  outcomes
}

squashed_sets <- function(x, weights, plan) {
  ready <- vapply(x, is_squashable, NA)
  if (any(ready)) {
    sets <- vector("list", length(x))
    sets[ready] <- map_attempts(function(x) {
      new_set(squashed_source(squash_whole(x)), plan)
    }, x[ready])
    if (!all(ready)) sets[!ready] <- squashed_sets(x[!ready], weights[!ready], plan)
    return(sets)
  }
  results <- with_memory(squash_each_cpp(x, weights, squash_options(plan$control)))
  map_attempts(function(result, x, weights) {
    points <- checked_points(result, x, weights, plan$rounding)
    new_set(vector_source(points, x, weights, plan$control), plan)
  }, results, x, weights)
}

# Gives each warning once, for all groups concerned.
warn_of_groups <- function(fits) {
  failed <- which(!has_fit(fits))
  low <- which(vapply(as.list(fits), function(fit) {
    !is.null(fit) && has_low_weights(fit$points)
  }, NA))
  if (length(failed) > 0L) {
    warn_gmm1d("failed", some_of(failed, fits), " could not be fitted: ",
               errors_of(fits)[failed[1L]], " The column `error` of `glance()` says why.")
  }
  if (length(low) > 0L) {
    warn_gmm1d("weights", "`weights` (or counts of bins) sum to less than half of the number of ",
               "distinct values (or of bins that are not empty) in ", some_of(low, fits), "; ",
               "weights count as numbers of observations, so the criteria ",
               "that choose `k` are unreliable.")
  }
}

# "3 of 20,000 data sets (the first is "a")".
some_of <- function(which, fits) {
  paste0(format_count(length(which)), " of ", count_of(length(fits), "data set"),
         " (the first is ", dQuote(names(fits)[which[1L]], FALSE), ")")
}
