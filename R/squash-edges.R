# The edges of the intervals that squashed data stand for: of bins, cells and rounded values.

# The intervals that points stand for: bins, cells, or what is rounded to the same value, with the
# weight of each, 0 for a gap between them; NULL where they are exact values.
edges_of <- function(points) {
  if (!is.null(points$bins)) {
    bins <- points$bins
    return(with_gaps(list(lower = bins$lower, upper = bins$upper, w = bins$count)))
  }
  if (!is.null(points$cells)) {
    width <- 2^-points$cells$level
    lower <- points$cells$index * width + points$base
    in_order <- order(lower)
    return(with_gaps(list(lower = lower[in_order], upper = (lower + width)[in_order],
                          w = points$cells$sums[1L, in_order])))
  }
  step <- points$rounding %||% points$step
  if (step > 0) {
    with_gaps(list(lower = points$x - step / 2, upper = points$x + step / 2, w = points$w))
  }
}

# Edges that differ by rounding alone are one.
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

# The bins of grouped data; an open one is closed as far from the value inside as its other edge.
# Values that are known are bins without width, the cells of squashed ones are bins, too.
closed_bins <- function(points) {
  if (is.null(points$lower)) return(cells_within(points))
  close <- function(edge, other) {
    edge <- ifelse(is.finite(edge), edge, 2 * points$x - other)
    ifelse(is.finite(edge), edge, points$x)
  }
  list(lower = close(points$lower, points$upper), upper = close(points$upper, points$lower))
}

# Cells begin at multiples of their width; none goes beyond the outermost points.
cells_within <- function(points) {
  width <- points$width %||% numeric(length(points$x))
  lower <- ifelse(width > 0, floor(points$x / width) * width, points$x)
  of_points <- range(points$x)
  list(lower = pmax(lower, of_points[1L]), upper = pmin(lower + width, of_points[2L]))
}

range_of <- function(points) range(unlist(closed_bins(points), use.names = FALSE))
