#' Squash data to a few weighted points
#'
#' Summarises the data by a small set of weighted points with the same moments. This is the first
#' step of [gmm1d()].
#'
#' @details
#' Up to 4096 distinct values are kept, with their counts. More are put into cells of width `2^-m`,
#' between 1/256 and 1/128 of a robust scale of the data: finer where many values are close
#' together, coarser far out. For each cell, the weight and the moments of order 1 to 5 are kept,
#' and up to three points (a Gauss quadrature rule, Golub and Welsch 1969) with the same moments.
#' Representing data by weighted points is an idea of DuMouchel et al. (1999), and mergeable
#' summaries are due to Agarwal et al. (2013). The error of a sum of a smooth f over a cell of n
#' observations and width h is at most `n max|f^(6)| h^6 / 737280`. The data are read once, in
#' parallel (`control$threads`), and never copied; the result does not depend on the number of
#' threads.
#'
#' Grouped data (a histogram, or a data frame with columns `lower`, `upper` and `count`) become one
#' point for each bin that is not empty, with the bounds of the bin; values with `rounding` become
#' one point for each distinct value, with the bounds of its interval. Their likelihood is that of
#' the intervals (see [gmm1d()]).
#'
#' `c()` merges squashed data. Cells of different widths are nested, so the parts can be squashed
#' separately, on any machine. Where parts overlap, the merged cells have the width of the coarser
#' ones; [gmm1d()] warns if a component is too narrow for them.
#'
#' Estimates from squashed data agree with those from all values to 1e-6 standard errors. If they
#' are penalised, they differ by about 1e-3, because the scale of the penalty is that of the points.
#'
#' @param x,object The data, as for [gmm1d()]; for `print()` and the other methods, squashed data.
#' @param column The column of a data frame with the data, as for [gmm1d()]. A data frame with
#'   groups ([dplyr::group_by()]) gives a list of squashed data, with the groups as attribute
#'   `groups`.
#' @param weights Observation weights, as for [gmm1d()]; default `NULL`: all 1. Counts in bins are
#'   weights as well: proportions or densities instead of counts give the same warning.
#' @param rounding The rounding unit of the values, as for [gmm1d()]; default `NULL` (exact).
#' @param error,censored,within,labels,labels_by How the values were observed, as for [gmm1d()];
#'   default `NULL` (exactly).
#' @param control The result of [gmm1d_control()], or a list of its arguments:
#'   `cells` and `threads` are used.
#' @param row.names,optional As for [as.data.frame()].
#' @param ... `c()`: more squashed data. Otherwise not used; an unknown argument is
#'   an error.
#'
#' @return An object of class `squashed`, a list with `x` and `w` (the points in
#'   increasing order, and their positive weights), `n` (the sum of the weights),
#'   `n_missing`, `scale` (min(sd, IQR / 1.349) of the points, or the sd if the IQR is 0),
#'   `step` (of the lattice on which all values lie; 0 if there is none), `format` (the version of
#'   the layout of saved data), and fields that are `NULL` unless the first class has them. The
#'   first class says how the values are known:
#'   * `squashed_values`: the points are the distinct values themselves; preceded by
#'     `squashed_lattice` if they lie on a lattice;
#'   * `squashed_cells`: the points represent cells, with `width` (of the cell of each point),
#'     `cells` (a list of the `level` m and the `index` of each cell, and its six `sums`) and `grid`
#'     (the finest level of the first pass, and later refinements);
#'   * `squashed_rounded`, in front of these: values with their `rounding`, and `lower` and `upper`
#'     (the interval of each point);
#'   * `squashed_bins`: counts in bins, with `lower` and `upper` and a data frame of all `bins`;
#'   * `squashed_observations`: observations known in different ways, with `lower` and `upper`
#'     (if some are intervals), `error`, and `label` (the number of one of `label_names`, or 0) with
#'     `labels_by`.
#'
#'   `within` is the window through which the values were observed, or `NULL`.
#'
#'   `length()` is the number of points, `weights()` their weights, `mean()` the mean of the data
#'   (for bins, of their midpoints). `summary()` returns the object itself. `as.data.frame()`
#'   returns the points as columns `x` and `w`, with `lower` and `upper` if they are intervals.
#'
#' @section Errors:
#' As for [gmm1d()].
#'
#' @references
#' DuMouchel, W., Volinsky, C., Johnson, T., Cortes, C. and Pregibon, D. (1999).
#' Squashing flat files flatter. *Proceedings of the fifth ACM SIGKDD
#' International Conference on Knowledge Discovery and Data Mining*, 6-15.
#' \doi{10.1145/312129.312184}
#'
#' Golub, G. H. and Welsch, J. H. (1969). Calculation of Gauss quadrature rules.
#' *Mathematics of Computation* 23, 221-230.
#' \doi{10.1090/S0025-5718-69-99647-1}
#'
#' Agarwal, P. K., Cormode, G., Huang, Z., Phillips, J. M., Wei, Z. and Yi, K.
#' (2013). Mergeable summaries. *ACM Transactions on Database Systems* 38, 26.
#' \doi{10.1145/2500128}
#'
#' @concept big data
#' @concept data larger than memory
#' @concept sufficient statistics
#' @concept length-frequency
#' @concept histogram
#' @examples
#' squash(faithful$waiting)
#'
#' x <- qnorm(ppoints(20000))
#' parts <- c(squash(x[1:5000]), squash(x[5001:20000]))
#' parts
#' gmm1d(parts, k = 1)
#'
#' squash(hist(faithful$waiting, breaks = seq(39.5, 99.5, 5), plot = FALSE))
#' @order 1
#' @export
squash <- function(x, ...) {
  if (missing(x)) abort_gmm1d("argument", "`x`, the first argument, is missing: give data.")
  UseMethod("squash")
}

#' @rdname squash
#' @export
squash.default <- function(x, weights = NULL, rounding = NULL, control = gmm1d_control(), ...,
                           error = NULL, censored = NULL, within = NULL, labels = NULL,
                           labels_by = "random") {
  check_no_dots(...)
  x <- parse_data(x)
  observed <- parse_observed(length(x), error, censored, within, labels, labels_by)
  points <- squash_any(x, weights, parse_rounding(rounding), observed, parse_control(control))
  if (has_low_weights(points)) warn_of_weights(points)
  points
}

squash_any <- function(x, weights, rounding, observed, control) {
  if (needs_rows(observed)) return(squash_observed(x, weights, rounding, observed, control))
  seen_within(squash_values(x, weights, rounding, control), observed$within)
}

#' @rdname squash
#' @export
squash.squashed <- function(x, ...) {
  check_no_dots(...)
  parse_squashed(x)
}

parse_rounding <- function(rounding) {
  if (!is.null(rounding)) parse_number(rounding, "rounding", above = 0)
}

squash_values <- function(x, weights, rounding, control) {
  x <- parse_data(x)
  weights <- parse_weights(weights, length(x))
  if (length(x) > many_values) show_work(paste("Reading", count_of(length(x), "value")))
  result <- with_memory(squash_cpp(x, weights, squash_options(control)))
  checked_points(result, x, weights, rounding)
}

# More than these take seconds.
many_values <- 3e8

# Turns the result of the pass over the data into points, or a fault in it into an error.
checked_points <- function(result, x, weights, rounding) {
  abort_fault(result, x, weights)
  if (length(result$points$x) == 0L) {
    abort_gmm1d("empty", "`x` must have at least one value that is not missing and has a ",
                "positive weight; it has ", count_of(length(x), "value"),
                if (result$n_missing > 0) c(", ", result$n_missing, " of them missing"), ".")
  }
  check_rounding(result, rounding)
  squashed_of(result, rounding)
}

squash_options <- function(control) {
  list(cells = control$cells, threads = control$threads)
}

# Turns a fault found while reading the data into an error.
abort_fault <- function(result, x, weights) {
  at <- result$fault_at
  switch(result$fault,
    infinite_value = abort_value(x, at, "x", "be finite", "infinite"),
    missing_weight = abort_value(weights, at, "weights", "have no missing values", "missing"),
    infinite_weight = abort_value(weights, at, "weights", "be finite", "infinite"),
    negative_weight = abort_value(weights, at, "weights", "be non-negative", "range")
  )
  if (!is.finite(sum(result$points$w))) abort_gmm1d("range", "`weights` must have a finite sum.")
}

# Errors unless the values lie whole rounding units apart.
check_rounding <- function(result, rounding) {
  if (is.null(rounding) || !is.null(result$cells)) return(invisible())
  x <- result$points$x
  off <- is_off_lattice(x, x[1L], rounding)
  if (any(off)) abort_rounding(rounding, x[1L], x[which(off)[1L]])
}

# True if weights, or counts of bins, cannot be counts of observations: they sum to less than half
# the number of distinct values, or of bins that are not empty. (If no part of the data has low
# weights, the merged data do not either.)
has_low_weights <- function(points) points$n < length(points$x) / 2

warn_of_weights <- function(points) {
  words <- sample_words(points)
  warn_gmm1d("weights", words$weights, " to ", format(points$n, digits = 4), ", less than half of ",
             "the ", words$number, "; weights count as numbers of observations, so the criteria ",
             "that choose `k` are unreliable.")
}

#' @rdname squash
#' @export
c.squashed <- function(...) {
  parts <- list(...)
  for (part in parts) {
    if (!inherits(part, "squashed")) {
      abort_gmm1d("type", "`c()` merges squashed data only with squashed data, not with ",
                  describe(part), ".")
    }
  }
  Reduce(merge_two, lapply(parts, parse_squashed))
}

merge_two <- function(a, b) {
  if (!identical(record_of(a), record_of(b)) || !identical(a$within, b$within)) {
    abort_gmm1d("type", "`c()` cannot merge these squashed data: all must be exact values, values ",
                "with the same rounding, counts in bins, or observations of the same kind, with ",
                "the same `within`.")
  }
  both <- merge_samples(a, b)
  both["within"] <- list(a$within)
  both$n_missing <- a$n_missing + b$n_missing
  both
}

#' @rdname squash
#' @export
summary.squashed <- function(object, ...) {
  check_no_dots(...)
  parse_squashed(object)
}

#' @rdname squash
#' @export
print.squashed <- function(x, ...) {
  check_no_dots(...)
  x <- parse_squashed(x)
  words <- sample_words(x)
  missing <- if (x$n_missing > 0) paste0(", ", count_of(x$n_missing, "missing value"), " dropped")
  cat("Squashed data: n = ", format_count(x$n, digits = 7L), missing, "\n",
      words$size, ", from ", format(words$range[1L]), " to ", format(words$range[2L]), "\n",
      sep = "")
  invisible(x)
}

#' @rdname squash
#' @export
length.squashed <- function(x) length(unclass(x)$x)

#' @rdname squash
#' @export
mean.squashed <- function(x, ...) {
  check_no_dots(...)
  x <- parse_squashed(x)
  sum(x$w / x$n * x$x)
}

#' @rdname squash
#' @export
weights.squashed <- function(object, ...) {
  check_no_dots(...)
  parse_squashed(object, "object")$w
}

#' @export
median.squashed <- function(x, na.rm = FALSE, ...) {
  abort_gmm1d("argument", "`median()` is not defined for squashed data; `median(gmm1d(x))` is ",
              "the median of a fitted mixture.")
}

#' @rdname squash
#' @export
as.data.frame.squashed <- function(x, row.names = NULL, optional = FALSE, ...) {
  x <- parse_squashed(x)
  columns <- setdiff(columns_of(x), "width")
  data.frame(unclass(x)[columns], row.names = parse_row_names(row.names, length(x)))
}
