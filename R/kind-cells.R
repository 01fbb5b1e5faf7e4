# Many values in cells of width 2^-level: the points have the moments of the values in each cell.
new_squashed_cells <- function(cells, n_missing, step, grid, rounding = NULL, base = 0,
                               points = points_of_cells_cpp(cells)) {
  new_rounded("squashed_cells", rounding, points$x, points$w, n = sum(cells$sums[1L, ]),
              n_missing = n_missing, step = step, base = base, width = points$width,
              cells = cells, grid = grid, scale = points$scale)
}

is_of_cells <- function(points) inherits(points, "squashed_cells")

edges_of.squashed_cells <- function(points) {
  width <- 2^-points$cells$level
  lower <- points$cells$index * width + points$base
  in_order <- order(lower)
  with_gaps(list(lower = lower[in_order], upper = (lower + width)[in_order],
                 w = points$cells$sums[1L, in_order]))
}

# Cells begin at multiples of their width and are cut off at the outermost points.
spans_of.squashed_cells <- function(points) {
  width <- points$width
  lower <- ifelse(width > 0, floor(points$x / width) * width, points$x)
  of_points <- range(points$x)
  list(lower = pmax(lower, of_points[1L]), upper = pmin(lower + width, of_points[2L]))
}

columns_of.squashed_cells <- function(points) c("x", "w", "width")

# Draws only counts, for the parts of the cells and of the gaps between them that lie in the window.
drawer_like.squashed_cells <- function(points, mixture, size, control) {
  intervals <- edges_of(points)
  breaks <- c(-Inf, intervals$lower, intervals$upper, Inf)
  ends <- window_of(mixture)
  breaks <- sort(unique(pmin(pmax(breaks, ends[1L]), ends[2L])))
  draw_bins <- bins_drawer(mixture, size, breaks[-length(breaks)], breaks[-1L])
  function() new_squashed_drawn(draw_bins())
}

merge_samples.squashed_cells <- function(a, b) merge_cells(a, b)

merge_cells <- function(a, b) {
  base <- merged_base(a, b)
  cells <- merged_cells_cpp(cells_about(a, base, b), cells_about(b, base, a))
  new_squashed_cells(cells, 0, merged_step(a, b), a$grid %||% b$grid, a$rounding, base)
}

# The cells relative to a base. Exact values are put into cells as fine as the finest of the others.
cells_about <- function(points, base, others) {
  if (!is_of_cells(points)) {
    finest <- max(others$cells$level)
    return(cells_of_values_cpp(values_about(points, base), points$w, finest))
  }
  cells <- points$cells
  # Bases are 2^32 apart: whole cells, unless cells are wider than that.
  cells$index <- cells$index + floor((points$base - base) * 2^cells$level)
  cells
}

# The common step of two samples. A single value lies on any lattice.
merged_step <- function(a, b) {
  steps <- unique(c(if (length(a) > 1L) a$step, if (length(b) > 1L) b$step))
  if (length(steps) == 1L) steps else 0
}

# The same data with no cell finer than 2^-level.
coarsen <- function(points, level) {
  cells <- coarsened_cells_cpp(points$cells, level)
  new_squashed_cells(cells, points$n_missing, points$step, points$grid, points$rounding,
                     points$base)
}

sample_words.squashed_cells <- function(points) {
  words <- sample_words.squashed(points)
  words$point <- "point"
  words$size <- paste(count_of(length(points$x), "point"), "for",
                      count_of(length(points$cells$level), "cell"), "of width",
                      format(2^-points$grid$level, digits = 3L))
  words
}

fields_of.squashed_cells <- function(points) {
  fields_with(width = is_width, cells = is_cells, grid = is_grid)
}

is_width <- function(x, points) is_of_points(x, points) && all(x >= 0)

is_cells <- function(x, points) {
  if (!is.list(x) || is.object(x)) return(FALSE)
  count <- length(x$level)
  count > 0L && is.integer(x$level) && is_numbers(x$level, count) &&
    is.double(x$index) && is_numbers(x$index, count) && is.double(x$sums) &&
    identical(dim(x$sums), c(6L, count)) && is_numbers(x$sums, 6L * count) &&
    all(x$sums[1L, ] > 0) && is_near(sum(x$sums[1L, ]), points$n)
}

# The grid of cells; if cells were refined, `refined` has columns of numbers.
is_grid <- function(x, points) {
  is.list(x) && !is.object(x) && is_number(x$level) && is_number(x$first) &&
    (is.null(x$refined) || (is.list(x$refined) && all(vapply(unclass(x$refined), function(column) {
      is_numeric_part(column, length(column)) && !anyNA(column)
    }, NA))))
}

# Counts drawn in bins as fine as cells. Each bin is represented by two points with the mean and the
# variance of values spread evenly over it.
new_squashed_drawn <- function(bins) {
  filled <- new_squashed_bins(bins)
  width <- ifelse(is.finite(filled$upper - filled$lower), filled$upper - filled$lower, 0)
  away <- width / sqrt(12)
  x <- rbind(filled$x - away, filled$x + away)
  new_squashed("squashed_drawn", as.vector(x), rep(filled$w / 2, each = 2L),
               width = rep(width, each = 2L), bins = bins)
}

edges_of.squashed_drawn <- function(points) edges_of.squashed_bins(points)

columns_of.squashed_drawn <- function(points) columns_of.squashed_cells(points)
