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
    abort_gmm1d("shape", "`x` must be a histogram with `breaks` and `counts` of the bins between.")
  }
  breaks <- parse_known_numbers(x$breaks, "x$breaks")
  counts <- parse_known_numbers(x$counts, "x$counts")
  last <- length(breaks)
  if (last < 2L || length(counts) != last - 1L) {
    abort_gmm1d("shape", "`x` must be a histogram with `breaks` and `counts` of the bins between.")
  }
  squash_bins(breaks[-last], breaks[-1L], counts)
}

#' @rdname squash
#' @order 2
#' @export
squash.data.frame <- function(x, ...) {
  check_no_dots(...)
  points <- squash_frame(x)
  if (has_low_weights(points)) warn_of_weights(points)
  points
}

squash_frame <- function(x) {
  columns <- c("lower", "upper", "count")
  if (!all(columns %in% names(x))) {
    abort_gmm1d("type", "`x` must be a numeric vector, or a data frame of grouped data with ",
                "columns `lower`, `upper` and `count`; give one column of it, or a formula ",
                "`~ column` and `data`.")
  }
  columns <- lapply(stats::setNames(columns, columns), function(name) {
    parse_known_numbers(x[[name]], name)
  })
  squash_bins(columns$lower, columns$upper, columns$count)
}

# Counts in bins, of which the outermost may be open.
squash_bins <- function(lower, upper, count) {
  check_each(lower < upper, lower, "lower", "be below `upper`")
  check_each(lower < Inf & upper > -Inf, lower, "lower", "be below Inf, and `upper` above -Inf")
  check_each(is.finite(lower) | is.finite(upper), lower, "lower",
             "be finite, or `upper`")
  check_each(is.finite(count), count, "count", "be finite", "infinite")
  check_each(count >= 0, count, "count", "be non-negative")
  if (length(lower) == 0L) abort_gmm1d("empty", "`x` must have at least one bin.")
  if (!any(is.finite(upper - lower))) {
    abort_gmm1d("range", "`lower` and `upper` must both be finite for at least one bin: ",
                "there is no scale.")
  }
  in_order <- order(lower)
  bins <- data.frame(lower = as.double(lower), upper = as.double(upper), count = as.double(count))
  bins <- bins[in_order, ]
  overlaps <- bins$lower[-1L] < bins$upper[-nrow(bins)]
  if (any(overlaps)) {
    at <- which(overlaps)[1L]
    abort_gmm1d("range", "`lower` and `upper` must be bins that do not overlap, as those from ",
                format(bins$lower[at]), " and ", format(bins$lower[at + 1L]), " do.")
  }
  if (sum(bins$count) == 0) {
    abort_gmm1d("empty", "`count` must have at least one value above 0.")
  }
  new_squashed_bins(bins)
}

# Squashed data, or what is squashed as a whole.
is_squashable <- function(x) inherits(x, c("squashed", "histogram", "data.frame"))

# Squashed without a warning, which warn_of_groups() gives for all.
squash_whole <- function(x) {
  if (inherits(x, "squashed")) parse_squashed(x)
  else if (inherits(x, "histogram")) squash_histogram(x)
  else squash_frame(x)
}
