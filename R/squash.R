#' Squash data to a few weighted points
#'
#' Replaces the data by points that stand for them: what [gmm1d()] does first.
#' Up to 4096 distinct values are kept as they are, with their counts. More fall
#' into cells of width `2^-m`, from 1/256 to 1/128 of a robust scale of the data, finer
#' where much lies in one place and coarser far outside; of each cell the weight
#' and the moments of order 1 to 5 are kept, and up to three points (a Gauss
#' quadrature rule, Golub and Welsch 1969) that have the same moments. (The idea of points in the
#' place of data is that of DuMouchel et al. 1999; of summaries that can be merged, Agarwal et al.
#' 2013.) The error
#' of a sum of a smooth f over a cell of n observations and width h is at most
#' `n max|f^(6)| h^6 / 737280`. The data are read once, by as many threads as
#' `control$threads`, and never copied; the result does not depend on the number
#' of threads.
#'
#' Grouped data (a histogram, or a data frame with columns `lower`, `upper` and `count`) become a
#' point for each bin that holds something, with the bounds of the bin; so do values with
#' their `rounding`. Their likelihood is that of the intervals (see [gmm1d()]).
#'
#' `c()` merges squashed data: cells of different widths fit into each other, so
#' the parts may have been squashed anywhere. Where they lie together, the cells are as wide as the
#' wider ones: what is narrow in one part alone is then seen as the others see it, and [gmm1d()]
#' warns if a component is too narrow for that.
#'
#' Estimates from squashed data are those of all values to 1e-6 standard errors. Where they are
#' penalised, the scale of the penalty is that of the points, and they differ by some 1e-3.
#'
#' @param x,object The data, as for [gmm1d()]; `print()` and the other methods: squashed
#'   data.
#' @param weights Observation weights, as for [gmm1d()]; default `NULL`: all 1. Counts in bins are
#'   weights, too: proportions or densities in their place give the same warning.
#' @param rounding The step to which values were rounded, as for [gmm1d()]; default `NULL`.
#' @param control The result of [gmm1d_control()], or a list of its arguments:
#'   `cells` and `threads` are used.
#' @param row.names,optional As for [as.data.frame()].
#' @param ... `c()`: more squashed data. Otherwise not used; an unknown argument is
#'   an error.
#'
#' @return An object of class `squashed`, a list with `x` and `w` (the points in
#'   increasing order, and their positive weights), `n` (the sum of the weights),
#'   `n_missing`, `scale` (min(sd, IQR / 1.349) of the points, or the sd where the IQR is 0),
#'   `step` (of the lattice on which all values lie; 0 if on none), and `width` (of
#'   the cell of each point), `cells` (a list of the `level` m and the `index` of each cell, and its
#'   six `sums`) and `grid` (the finest of the first pass, and what was refined since), which are
#'   `NULL` where the points are the values themselves; `lower` and `upper` (the interval of each
#'   point), `rounding` and `bins` (a data frame of all bins), `NULL` where values are known;
#'   `format`, by which later versions know how to read it. `length()` is the number of points,
#'   `weights()` their weights, `mean()` the mean of the data (of bins, of their middles);
#'   `summary()` is the object itself, to be printed; `as.data.frame()` has them as columns `x` and
#'   `w`, and `lower` and `upper` where they are intervals.
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
squash.default <- function(x, weights = NULL, rounding = NULL, control = gmm1d_control(), ...) {
  check_no_dots(...)
  points <- squash_values(x, weights, parse_rounding(rounding), parse_control(control))
  if (has_low_weights(points)) warn_of_weights(points)
  points
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

# The same data with cells fine enough for the mixtures.
squash_finer <- function(points, x, weights, mixtures, control) {
  x <- parse_data(x)
  weights <- parse_weights(weights, length(x))
  result <- with_memory(squash_finer_cpp(x, weights, squash_options(control), points, mixtures))
  finer <- squashed_of(result, points$rounding)
  finer$step <- points$step
  finer
}

squash_options <- function(control) {
  list(cells = control$cells, threads = control$threads)
}

# The rest of a squashed object is computed from its points.
squashed_of <- function(result, rounding = NULL) {
  new_squashed(result$points, result$n_missing, result$step, result$cells, result$grid, rounding,
               result$base)
}

# `base` is what has been taken from integer64 values that doubles cannot hold; points and cells are
# about it.
new_squashed <- function(points, n_missing, step, cells, grid, rounding = NULL, base = 0) {
  from <- points$x
  points <- list(
    x = from + base, w = points$w, n = NULL, n_missing = n_missing, scale = NULL,
    step = step, width = if (!is.null(cells)) points$width, cells = cells, grid = grid,
    lower = if (!is.null(rounding)) from - rounding / 2 + base,
    upper = if (!is.null(rounding)) from + rounding / 2 + base,
    rounding = rounding, bins = NULL, base = base, about = NULL, format = saved_format
  )
  points["about"] <- list(about_offset(points, from))
  # Counts, which the weights of Gauss rules have only nearly.
  points <- rescaled(points, if (!is.null(cells)) sum(cells$sums[1L, ]) else sum(points$w))
  class(points) <- "squashed"
  points
}

# Values far from 0 about a number near them, so that no digits are lost in differences: NULL if
# they are near. `from` are the values less the base.
about_offset <- function(points, from = points$x - points$base) {
  last <- length(from)
  middle <- from[(last + 1L) %/% 2L]
  # Half of them lie between these.
  spread <- from[(3L * last + 3L) %/% 4L] - from[(last + 3L) %/% 4L]
  far <- max(abs(middle + points$base), abs(middle)) > 2^16 * spread
  if (!is.finite(spread) || spread == 0 || !far) return(NULL)
  lower <- points$lower
  upper <- points$upper
  list(
    offset = points$base + middle, x = from - middle,
    lower = if (!is.null(lower)) from - middle - (points$x - lower),
    upper = if (!is.null(upper)) from - middle + (upper - points$x)
  )
}

# Recomputes the fields that depend on the weights of points.
rescaled <- function(points, n = sum(points$w)) {
  points$n <- n
  points$scale <- robust_scale_cpp(points)
  points
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

# Values that were rounded to a step lie whole steps apart.
check_rounding <- function(result, rounding) {
  if (is.null(rounding) || !is.null(result$cells)) return(invisible())
  x <- result$points$x
  off <- is_off_lattice(x, x[1L], rounding)
  if (any(off)) abort_rounding(rounding, x[1L], x[which(off)[1L]])
}

# Are values no whole steps away from another?
is_off_lattice <- function(x, from, step) {
  steps <- x / step - from / step
  away <- abs(steps - round(steps))
  is.na(away) | away > 1e-6 + 1e-12 * max(abs(x)) / step
}

abort_rounding <- function(rounding, a, b) {
  abort_gmm1d("range", "`rounding` must be a step to which the values were rounded, not ",
              format(rounding), ": ", format(a, digits = 10), " and ", format(b, digits = 10),
              " are not whole steps apart.")
}

# Weights, or counts of bins, that are no counts of observations: they sum to less than half the
# number of distinct values, or of bins that hold something. (Parts of which this is not true are
# not so together.)
has_low_weights <- function(points) points$n < length(points$x) / 2

warn_of_weights <- function(points) {
  total <- format(points$n, digits = 4)
  number <- length(points$x)
  warn_gmm1d("weights", if (is.null(points$bins)) {
    c("`weights` sum to ", total, ", less than half of the ", count_of(number, "distinct value"))
  } else {
    c("`count` sums to ", total, ", less than half of the ", count_of(number, "bin"),
      " that are not empty")
  }, "; they are taken as counts of observations, so the criteria that choose `k` mean little.")
}

#' @rdname squash
#' @export
c.squashed <- function(...) {
  parts <- list(...)
  for (part in parts) {
    if (!inherits(part, "squashed")) {
      abort_gmm1d("type", "`c()` of squashed data must have nothing else in it, not ",
                  describe(part), ".")
    }
  }
  Reduce(merge_two, lapply(parts, parse_squashed))
}

merge_two <- function(a, b) {
  n_missing <- a$n_missing + b$n_missing
  if (is.null(a$bins) != is.null(b$bins) || !identical(a$rounding, b$rounding)) {
    abort_gmm1d("type", "`c()` of squashed data must have values, values of the same rounding, or ",
                "counts in bins, not some of each.")
  }
  if (!is.null(a$bins)) return(merge_bins(a, b))
  rounding <- a$rounding
  if (!is.null(rounding) && is.null(a$cells) && is.null(b$cells) &&
        is_off_lattice(b$x[1L], a$x[1L], rounding)) {
    abort_rounding(rounding, a$x[1L], b$x[1L])
  }
  base <- if (a$base != 0) a$base else b$base
  if (is.null(a$cells) && is.null(b$cells)) {
    values <- squash_cpp(c(values_about(a, base), values_about(b, base)), c(a$w, b$w),
                         squash_options(gmm1d_control()))
    values$base <- base
    both <- squashed_of(values, rounding)
    both$n_missing <- n_missing
    return(both)
  }
  grid <- if (is.null(a$grid)) b$grid else a$grid
  cells <- merged_cells_cpp(cells_of(a, b$cells, base), cells_of(b, a$cells, base))
  points <- points_of_cells_cpp(cells)
  new_squashed(points, n_missing, merged_step(a, b), cells, grid, rounding, base)
}

# The values of points that have no cells, about a base.
values_about <- function(points, base) {
  about <- points$about
  if (is.null(about)) points$x - base else about$x + (about$offset - base)
}

# One value lies on any lattice.
merged_step <- function(a, b) {
  steps <- unique(c(if (length(a) > 1L) a$step, if (length(b) > 1L) b$step))
  if (length(steps) == 1L) steps else 0
}

# The cells of squashed data; of values kept as they are, the finest that the others have.
cells_of <- function(points, others, base) {
  cells <- points$cells
  if (is.null(cells)) {
    return(cells_of_values_cpp(values_about(points, base), points$w, max(others$level)))
  }
  # Bases are 2^32 apart: whole cells, unless cells are wider than that.
  cells$index <- cells$index + floor((points$base - base) * 2^cells$level)
  cells
}

# Squashed data with no cell finer than 2^-level.
coarsen <- function(points, level) {
  if (is.null(points$cells)) return(points)
  cells <- coarsened_cells_cpp(points$cells, level)
  new_squashed(points_of_cells_cpp(cells), points$n_missing, points$step, cells, points$grid,
               points$rounding, points$base)
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
  missing <- if (x$n_missing > 0) paste0(", ", count_of(x$n_missing, "missing value"), " dropped")
  cat("Squashed data: n = ", format_count(x$n, digits = 7L), missing, "\n",
      if (!is.null(x$bins)) count_of(length(x), "bin")
      else if (is.null(x$cells)) count_of(length(x), "distinct value")
      else paste(count_of(length(x), "point"), "for", count_of(length(x$cells$level), "cell"),
                 "of width", format(2^-x$grid$level, digits = 3L)),
      if (!is.null(x$rounding)) c(", rounded to ", format(x$rounding)),
      ", from ", format((if (is.null(x$bins)) x$x else x$lower)[1L]), " to ",
      format((if (is.null(x$bins)) x$x else x$upper)[length(x)]), "\n", sep = "")
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
              "that of a mixture.")
}

#' @rdname squash
#' @export
as.data.frame.squashed <- function(x, row.names = NULL, optional = FALSE, ...) {
  x <- parse_squashed(x)
  columns <- unclass(x)[c("x", "w", if (!is.null(x$lower)) c("lower", "upper"))]
  data.frame(columns, row.names = parse_row_names(row.names, length(x)))
}
