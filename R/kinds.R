# The kinds of samples: how observations are known. The kind is the class in front of "squashed";
# its file `kind-*.R` has the constructor and the methods. Below are the generics for all kinds,
# with methods for the default: values that are known exactly and can lie anywhere.

# The intervals in which the data are recorded, from left to right: `lower`, `upper` and the weight
# `w`, which is 0 in the gaps between them. Exact values have width 0.
edges_of <- function(points) UseMethod("edges_of")

# The bounds `lower` and `upper` of the observations of each point; equal if they are known exactly,
# infinite if an interval is open.
bounds_of <- function(points) UseMethod("bounds_of")

# The finite `lower` and `upper` over which the weight of each point is spread in a picture.
spans_of <- function(points) UseMethod("spans_of")

# The standard deviations of the errors of points, 0 for exact ones, and the numbers of their
# labels, 0 for those without.
errors_of_points <- function(points) UseMethod("errors_of_points")
labels_of_points <- function(points) UseMethod("labels_of_points")

# The names of the fields with one number for each point.
columns_of <- function(points) UseMethod("columns_of")

# The number of places where observations can lie, which limits the number of parameters.
places_of <- function(points) UseMethod("places_of")

# The edges within limits that the bars of a histogram must have, or NULL if they may lie anywhere.
edges_within <- function(points, limits) UseMethod("edges_within")

# Breaks of a histogram, moved so that no value lies on one.
breaks_between <- function(points, breaks, range) UseMethod("breaks_between")

# A function that draws a sample of `size` values of the mixture, recorded as these are, with R's
# random numbers. What all samples share is computed once.
drawer_like <- function(points, mixture, size, control) UseMethod("drawer_like")

# How the data were recorded; samples can be merged only if this is the same.
record_of <- function(points) UseMethod("record_of")

# Merges two samples, except the number of missing values.
merge_samples <- function(a, b) UseMethod("merge_samples")

# Words about a sample: the noun for a `point`, the `size` and the `range` that print() shows, the
# words for the sum of the `weights` and for the `number` it is compared with; if the number of
# places is finite, the noun for a `place` and how to get `more` of them.
sample_words <- function(points) UseMethod("sample_words")

# The tests that the fields of a saved sample must pass.
fields_of <- function(points) UseMethod("fields_of")

# A saved sample without extra attributes on its fields.
without_extras <- function(points) UseMethod("without_extras")

# The low-level constructor: the fields that all kinds have, which the core reads, and in the dots
# those of one kind. `base` has been subtracted from integer64 values that doubles cannot hold;
# `from` are the points minus `base`. The weights of Gauss rules sum to `n` only approximately. The
# core reports the `scale` of points that it has made.
new_squashed <- function(kind, from, w, n = sum(w), n_missing = 0, step = 0, base = 0, scale = NULL,
                         ...) {
  points <- list(
    x = from + base, w = w, n = n, n_missing = n_missing, scale = NULL, step = step,
    width = NULL, cells = NULL, grid = NULL, lower = NULL, upper = NULL, rounding = NULL,
    bins = NULL, error = NULL, label = NULL, label_names = NULL,
    labels_by = NULL, within = NULL, base = base,
    about = NULL, format = saved_format
  )
  if (...length() > 0L) points[...names()] <- list(...)
  points["about"] <- list(about_offset(points, from))
  points$scale <- if (is.null(points$about)) scale %||% robust_scale_cpp(points)
                  else robust_scale_cpp(points)
  class(points) <- c(kind, "squashed")
  points
}

# Values far from 0 relative to a number near them, so that differences lose no digits; NULL if they
# are not far. `from` are the values minus the base.
about_offset <- function(points, from) {
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
rescaled <- function(points) {
  points$n <- sum(points$w)
  points$scale <- robust_scale_cpp(points)
  points
}

# The sample that the core has made of values, with their rounding if they have one.
squashed_of <- function(result, rounding = NULL, step = result$step) {
  if (is.null(result$cells)) {
    new_squashed_values(result$points$x, result$points$w, result$n_missing, step, rounding,
                        result$base, result$points$scale)
  } else {
    new_squashed_cells(result$cells, result$n_missing, step, result$grid, rounding, result$base,
                       result$points)
  }
}

# Values that are known exactly.

edges_of.squashed <- function(points) intervals_around(points, 0)

bounds_of.squashed <- function(points) list(lower = points$x, upper = points$x)

spans_of.squashed <- function(points) bounds_of(points)

errors_of_points.squashed <- function(points) numeric(length(points$x))

labels_of_points.squashed <- function(points) integer(length(points$x))

columns_of.squashed <- function(points) c("x", "w")

places_of.squashed <- function(points) Inf

edges_within.squashed <- function(points, limits) NULL

breaks_between.squashed <- function(points, breaks, range) breaks

record_of.squashed <- function(points) "values"

sample_words.squashed <- function(points) {
  number <- count_of(length(points$x), "distinct value")
  list(point = "distinct value", size = number, range = range(points$x),
       weights = "`weights` sum", number = number)
}

# An unknown class comes from another version, or was changed.
fields_of.default <- function(points) list(kind = function(x, points) FALSE)

without_extras.squashed <- function(points) points

# True if all observations are known exactly: their likelihood is a density.
are_exact <- function(points) {
  bounds <- bounds_of(points)
  all(bounds$lower == bounds$upper)
}

range_of <- function(points) range(unlist(spans_of(points), use.names = FALSE))

# The steps of the empirical distribution function: where it increases, and to what. An interval
# counts at its upper edge.
ecdf_steps <- function(points) {
  x <- bounds_of(points)$upper
  in_order <- order(x)
  last <- !duplicated(x[in_order], fromLast = TRUE) & x[in_order] < Inf
  list(x = x[in_order][last], p = cumsum(points$w[in_order])[last] / points$n)
}

# Intervals of one width around the points.
intervals_around <- function(points, width) {
  with_gaps(list(lower = points$x - width / 2, upper = points$x + width / 2, w = points$w))
}

# Inserts the gaps between intervals. Edges that differ only by rounding leave no gap.
with_gaps <- function(edges) {
  last <- length(edges$w)
  width <- edges$upper - edges$lower
  least <- pmin(width[-last], width[-1L])
  gap <- edges$lower[-1L] - edges$upper[-last] > 1e-6 * ifelse(is.finite(least), least, 0)
  in_order <- order(c(seq_len(last), which(gap) + 0.5))
  list(lower = c(edges$lower, edges$upper[-last][gap])[in_order],
       upper = c(edges$upper, edges$lower[-1L][gap])[in_order],
       w = c(edges$w, rep(0, sum(gap)))[in_order])
}

# Intervals in which open ends are closed, as far from the point as the other edge.
closed_bounds <- function(points) {
  close <- function(edge, other) {
    edge <- ifelse(is.finite(edge), edge, 2 * points$x - other)
    ifelse(is.finite(edge), edge, points$x)
  }
  list(lower = close(points$lower, points$upper), upper = close(points$upper, points$lower))
}

# The edges of the intervals within limits. `more` are edges of intervals without a value.
edges_of_spans <- function(points, limits, more = NULL) {
  spans <- spans_of(points)
  edges <- c(spans$lower, spans$upper, more)
  of_data <- range(spans$lower, spans$upper)
  shown <- edges >= max(limits[1L], of_data[1L]) & edges <= min(limits[2L], of_data[2L])
  edges <- sort(edges[shown])
  edges[c(TRUE, diff(edges) > 1e-9 * diff(limits))]  # those of neighbours may differ by rounding
}

# A function that draws how many of `size` values of the mixture lie in each interval.
count_drawer <- function(mixture, size, lower, upper) {
  p <- pmax(cdf_of(upper, mixture) - cdf_of(lower, mixture), 0)
  function() draw_multinomial(size, p)
}

# The same, with the intervals.
bins_drawer <- function(mixture, size, lower, upper) {
  draw_counts <- count_drawer(mixture, size, lower, upper)
  function() list2DF(list(lower = lower, upper = upper, count = draw_counts()))
}

# Multinomial counts; for sizes above the largest integer, by the normal approximation.
draw_multinomial <- function(size, weights) {
  if (size <= .Machine$integer.max) {
    return(as.double(stats::rmultinom(1L, size, weights)[, 1L]))
  }
  p <- weights / sum(weights)
  error <- stats::rnorm(length(p), sd = sqrt(size * p))
  pmax(round(size * p + error - p * sum(error)), 0)
}

# Tests for the fields of a sample.

# The fields of all kinds, and those that a kind adds.
fields_with <- function(...) {
  fields <- common_fields
  fields[...names()] <- list(...)
  fields
}

# Numbers that the core reads without a copy: doubles, one for each point.
is_of_points <- function(x, points) {
  is.double(x) && is_numeric_part(x, length(points$x)) && !anyNA(x)
}

is_nothing <- function(x, points) is.null(x)

is_about <- function(x, points) {
  if (!is.list(x) || is.object(x) || !is_number(x$offset)) return(FALSE)
  is_bound <- function(bound, of_points) {
    if (is.null(of_points)) is.null(bound) else is_of_points(bound, points)
  }
  is_of_points(x$x, points) && is_numbers(x$x, length(points$x)) && !is.unsorted(x$x) &&
    is_bound(x$lower, points$lower) && is_bound(x$upper, points$upper)
}

# A window; values outside were not observed.
is_window <- function(x) is_numeric_part(x, 2L) && !anyNA(x) && x[1L] < x[2L]

is_near <- function(a, b) abs(a - b) <= 1e-6 * abs(b)

common_fields <- list(
  x = function(x, points) {
    length(x) > 0L && is.double(x) && is_numbers(x, length(x)) && !is.unsorted(x)
  },
  n = function(x, points) is_number(x) && x > 0,
  w = function(x, points) {
    is_of_points(x, points) && all(x >= 0) && is_near(sum(x), points$n)
  },
  n_missing = function(x, points) is_at_least_0(x),
  scale = function(x, points) is_at_least_0(x),
  step = function(x, points) is_at_least_0(x),
  width = is_nothing,
  cells = is_nothing,
  grid = is_nothing,
  lower = is_nothing,
  upper = is_nothing,
  rounding = is_nothing,
  bins = is_nothing,
  error = is_nothing,
  label = is_nothing,
  label_names = is_nothing,
  labels_by = is_nothing,
  within = function(x, points) is.null(x) || is_window(x),
  base = function(x, points) is_number(x),
  about = function(x, points) is.null(x) || is_about(x, points)
)
