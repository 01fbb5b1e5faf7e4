#' @rdname squash
#' @order 2
#' @export
squash.histogram <- function(x, ...) {
  check_no_dots(...)
  points <- squash_histogram(x)
  if (has_low_weights(points)) warn_of_weights(points)
  points
}

squash_histogram <- function(x) {
  if (!is.list(x) || is.null(x$breaks) || is.null(x$counts)) {
    abort_gmm1d("shape", "`x` must be a histogram with `breaks` and one of `counts` for each bin.")
  }
  breaks <- parse_known_numbers(x$breaks, "x$breaks")
  counts <- parse_known_numbers(x$counts, "x$counts")
  last <- length(breaks)
  if (last < 2L || length(counts) != last - 1L) {
    abort_gmm1d("shape", "`x` must be a histogram with `breaks` and one of `counts` for each bin.")
  }
  squash_bins(breaks[-last], breaks[-1L], counts)
}

#' @rdname squash
#' @order 2
#' @export
squash.data.frame <- function(x, column, weights = NULL, rounding = NULL, # nolint
                              control = gmm1d_control(), ..., error = NULL, censored = NULL,
                              within = NULL, labels = NULL, labels_by = "random") {
  check_no_dots(...)
  said <- said_of_rows(x, rlang::enquos(weights = weights, error = error, labels = labels))
  groups <- groups_of_rows(x)
  if (missing(column)) {
    if (!is.null(groups)) abort_no_column(x)
    check_no_weights(said$weights)
    return(squash_intervals(x, control, said$error, within, said$labels, labels_by))
  }
  values <- column_frame(x, rlang::enquo(column))$x
  squash_rows_at <- function(at = seq_along(values)) {
    some <- lapply(said, function(one) if (length(one) == length(values)) one[at] else one)
    squash(values[at], some$weights, rounding = rounding, control = control, error = some$error,
           censored = censored, within = within, labels = some$labels, labels_by = labels_by)
  }
  if (is.null(groups)) return(squash_rows_at())
  rows <- split(seq_along(values), factor(groups$of, seq_len(nrow(groups$keys))))
  structure(lapply(unname(rows), squash_rows_at), groups = as.data.frame(groups$keys))
}

# Squashes a data frame with columns `lower` and `upper`.
squash_intervals <- function(x, control, error = NULL, within = NULL, labels = NULL,
                             labels_by = "random") {
  observed <- parse_observed(nrow(x), error, NULL, within, labels, labels_by)
  points <- squash_frame(x, observed, parse_control(control))
  if (has_low_weights(points)) warn_of_weights(points)
  points
}

are_intervals <- function(x) all(c("lower", "upper") %in% names(x))

check_no_weights <- function(weights) {
  if (!is.null(weights)) {
    abort_gmm1d("argument", "`weights` must not be given for intervals; use the column `count`.")
  }
}

# Errors for a data frame without intervals if no column is named.
abort_no_column <- function(x) {
  is_grouped <- !is.null(groups_of_rows(x))
  abort_gmm1d("type", "`column` is missing: name the column of the data frame to fit, as in `gmm1d",
              if (is_grouped) "_each", "(data, column)`",
              if (!is_grouped) {
                c(", or give a numeric vector, or a data frame with columns `lower` and `upper` ",
                  "(intervals or bins) and optionally `count`")
              }, "; ", which_columns(names(x)), ".")
}

squash_frame <- function(x, observed = NULL, control = gmm1d_control()) {
  if (!are_intervals(x)) abort_no_column(x)
  columns <- intersect(c("lower", "upper", "count"), names(x))
  columns <- lapply(stats::setNames(columns, columns), function(name) {
    parse_known_numbers(x[[name]], name)
  })
  columns$count <- columns$count %||% rep(1, length(columns$lower))
  check_intervals(columns$lower, columns$upper)
  if (!needs_rows(observed) && are_bins(columns$lower, columns$upper)) {
    return(seen_within(squash_bins(columns$lower, columns$upper, columns$count), observed$within))
  }
  check_counts(columns$count)
  squash_rows(columns$lower, columns$upper, columns$count, observed, control)
}

check_intervals <- function(lower, upper) {
  if (length(lower) == 0L) abort_gmm1d("empty", "`x` must have at least one bin.")
  check_each(lower <= upper, lower, "lower", "not be above `upper`")
  check_each(lower < Inf & upper > -Inf, lower, "lower", "be below Inf, and `upper` above -Inf")
  check_each(is.finite(lower) | is.finite(upper), lower, "lower", "be finite, or `upper`")
}

check_counts <- function(count) {
  check_each(is.finite(count), count, "count", "be finite", "infinite")
  check_each(count >= 0, count, "count", "be non-negative")
  if (sum(count) == 0) abort_gmm1d("empty", "`count` must have at least one value above 0.")
}

# True for bins: intervals that do not overlap and have a width above 0.
are_bins <- function(lower, upper) {
  in_order <- order(lower)
  all(lower < upper) && !any(overlaps_next(lower[in_order], upper[in_order]))
}

# True for intervals, in increasing order, that overlap the next one.
overlaps_next <- function(lower, upper) upper[-length(upper)] > lower[-1L]

#' @rdname squash
#' @order 2
#' @exportS3Method
squash.Surv <- function(x, weights = NULL, control = gmm1d_control(), ..., # nolint
                        error = NULL, within = NULL, labels = NULL, labels_by = "random") {
  check_no_dots(...)
  bounds <- bounds_of_surv(x)
  observed <- parse_observed(length(bounds$lower), error, NULL, within, labels, labels_by)
  points <- squash_rows(bounds$lower, bounds$upper, weights, observed, parse_control(control))
  if (has_low_weights(points)) warn_of_weights(points)
  points
}

# The intervals of a survival::Surv() object: a censored value lies beyond its time, or between two.
bounds_of_surv <- function(x) {
  type <- attr(x, "type", exact = TRUE)
  columns <- unclass(x)
  if (!is.matrix(columns) || !is_one_of(type, c("right", "left", "interval"))) {
    abort_gmm1d("type", "`x` must have right, left or interval censoring, not type ",
                dQuote(if (is_text(type)) type else "unknown", FALSE), ".")
  }
  time <- columns[, 1L]
  end <- if (type == "interval") columns[, 2L] else time
  status <- columns[, "status"]
  is_from <- if (type == "left") rep(FALSE, length(time)) else status == 0
  is_up_to <- if (type == "left") status == 0 else status == 2
  list(lower = unname(ifelse(is_up_to, -Inf, time)),
       upper = unname(ifelse(is_from, Inf, ifelse(status == 3, end, time))))
}

# Counts in bins; the outermost may be open.
squash_bins <- function(lower, upper, count) {
  if (length(lower) == 0L) abort_gmm1d("empty", "`x` must have at least one bin.")
  check_each(lower < upper, lower, "lower", "be below `upper`")
  check_counts(count)
  if (!any(is.finite(upper - lower))) {
    abort_gmm1d("range", "`lower` and `upper` must both be finite for at least one bin; ",
                "otherwise the data have no scale.")
  }
  bins <- data.frame(lower = as.double(lower), upper = as.double(upper), count = as.double(count))
  bins <- bins[order(lower), ]
  overlaps <- overlaps_next(bins$lower, bins$upper)
  if (any(overlaps)) {
    at <- which(overlaps)[1L]
    abort_gmm1d("range", "the bins of `x` must not overlap; those starting at ",
                format(bins$lower[at]), " and ", format(bins$lower[at + 1L]), " do.")
  }
  new_squashed_bins(bins)
}

# True for squashed data, and for data that are squashed as a whole.
is_squashable <- function(x) {
  inherits(x, c("squashed", "histogram", "data.frame", "observed_set"))
}

# Squashes without a warning; warn_of_groups() gives one for all data sets.
squash_whole <- function(x) {
  if (inherits(x, "observed_set")) squash_set(x)
  else if (inherits(x, "squashed")) parse_squashed(x)
  else if (inherits(x, "histogram")) squash_histogram(x)
  else squash_frame(x)
}

# Squashes a data set, given how it was observed.
squash_set <- function(set) {
  weights <- if (length(set$weights) > 0L) set$weights
  observed <- parse_observed(length(set$x), error = set$error, within = set$within)
  squash_any(set$x, weights, set$plan$rounding, observed, set$plan$control)
}
