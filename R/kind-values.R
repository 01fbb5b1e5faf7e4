# The distinct values themselves, with their counts; on a lattice if all are whole steps apart.
new_squashed_values <- function(x, w, n_missing = 0, step = 0, rounding = NULL, base = 0,
                                scale = NULL) {
  new_rounded(c(if (step > 0) "squashed_lattice", "squashed_values"), rounding, x, w,
              n_missing = n_missing, step = step, base = base, scale = scale)
}

drawer_like.squashed_values <- function(points, mixture, size, control) {
  options <- squash_options(control)
  function() squashed_of(squash_cpp(draws_of(size, mixture), numeric(), options))
}

# Values merged with cells are put into cells.
merge_samples.squashed_values <- function(a, b) {
  if (is_of_cells(b)) return(merge_cells(a, b))
  base <- merged_base(a, b)
  values <- squash_cpp(c(values_about(a, base), values_about(b, base)), c(a$w, b$w),
                       squash_options(gmm1d_control()))
  values$base <- base
  squashed_of(values, a$rounding)
}

merged_base <- function(a, b) if (a$base != 0) a$base else b$base

# The values relative to a base.
values_about <- function(points, base) {
  about <- points$about
  if (is.null(about)) points$x - base else about$x + (about$offset - base)
}

fields_of.squashed_values <- function(points) {
  fields_with(step = function(x, points) identical(x, 0))
}

edges_of.squashed_lattice <- function(points) intervals_around(points, points$step)

# All bars cover the same number of lattice points, with edges between these.
breaks_between.squashed_lattice <- function(points, breaks, range) {
  step <- points$step
  width <- max(round(diff(breaks[1:2]) / step), 1) * step
  first <- points$x[1L] + (floor((breaks[1L] - points$x[1L]) / step + 1e-9) - 0.5) * step
  edges <- first + width * seq.int(0, ceiling((range[2L] - first) / width))
  edges[c(edges[-1L] > range[1L], TRUE)]
}

drawer_like.squashed_lattice <- function(points, mixture, size, control) {
  lattice_drawer(points, sharpened(mixture, points$step), size, control, points$step)
}

# Rounding to a step d adds d^2 / 12 to a variance. If values are treated as exact, the sigmas
# already include this, so it is subtracted.
sharpened <- function(mixture, step) {
  variance <- mixture$sigma^2 - step^2 / 12
  mixture$sigma <- sqrt(pmax(variance, mixture$sigma^2 / 100))
  mixture
}

# Draws only a count for each lattice point, unless there are more lattice points than values. With
# a window, values are recorded at the nearest point that could have been observed.
lattice_drawer <- function(points, mixture, size, control, step) {
  options <- squash_options(control)
  window <- window_of(mixture)
  first <- points$x[1L]
  squashed <- function(steps, count) {
    x <- pmin(pmax(first + step * steps, window[1L]), window[2L])
    squashed_of(squash_cpp(x, count, options), points$rounding, points$step)
  }
  # A value stands for its interval if it is rounded, and for itself if not.
  margin <- (points$rounding %||% 0) / 2
  ends <- (window + c(margin, -margin) - first) / step
  ends <- c(ceiling(ends[1L] - 1e-6), floor(ends[2L] + 1e-6))
  reach <- pmin(pmax((reach_of(mixture) - first) / step, ends[1L]), ends[2L])
  if (diff(reach) < size) {
    steps <- seq(floor(reach[1L]), ceiling(reach[2L]))
    x <- first + step * steps
    draw_counts <- count_drawer(mixture, size, ifelse(steps == ends[1L], -Inf, x - step / 2),
                                ifelse(steps == ends[2L], Inf, x + step / 2))
    function() squashed(steps, draw_counts())
  } else {
    function() {
      steps <- round((draws_of(size, mixture) - first) / step)
      squashed(pmin(pmax(steps, ends[1L]), ends[2L]), numeric())
    }
  }
}

# The range outside which a mixture has practically no values: a number of sigmas from the means,
# or as far beyond the end of a window as the log density takes to fall by as much; and that of the
# noise.
reach_of <- function(mixture) {
  window <- window_of(mixture)
  out <- function(to_end) {
    mixture$sigma * sqrt(reach_of_component^2 + pmax(to_end / mixture$sigma, 0)^2)
  }
  range(mixture$mu - out(mixture$mu - window[2L]), mixture$mu + out(window[1L] - mixture$mu),
        mixture$noise[2:3])
}

fields_of.squashed_lattice <- function(points) {
  fields_with(step = function(x, points) is_number(x) && x > 0)
}
