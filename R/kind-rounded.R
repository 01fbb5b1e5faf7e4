# Values, or cells of values, that were rounded: each value represents the interval around it.

# Makes a sample of another kind, rounded if there is a `rounding`. `from` are the values minus the
# base, and the dots are for the constructor.
new_rounded <- function(kind, rounding, from, w, base = 0, ...) {
  if (is.null(rounding)) return(new_squashed(kind, from, w, base = base, ...))
  new_squashed(c("squashed_rounded", kind), from, w, base = base, ...,
               lower = from - rounding / 2 + base, upper = from + rounding / 2 + base,
               rounding = rounding)
}

edges_of.squashed_rounded <- function(points) {
  if (is_of_cells(points)) NextMethod() else intervals_around(points, points$rounding)
}

bounds_of.squashed_rounded <- function(points) points[c("lower", "upper")]

spans_of.squashed_rounded <- function(points) closed_bounds(points)

columns_of.squashed_rounded <- function(points) c(NextMethod(), "lower", "upper")

# The number of rounding intervals from the smallest value to the largest.
places_of.squashed_rounded <- function(points) {
  round(diff(range(points$x)) / points$rounding) + 1
}

edges_within.squashed_rounded <- function(points, limits) edges_of_spans(points, limits)

drawer_like.squashed_rounded <- function(points, mixture, size, control) {
  if (is_of_cells(points)) NextMethod()
  else lattice_drawer(points, mixture, size, control, points$rounding)
}

record_of.squashed_rounded <- function(points) list("rounded", points$rounding)

merge_samples.squashed_rounded <- function(a, b) {
  if (!is_of_cells(a) && !is_of_cells(b) && is_off_lattice(b$x[1L], a$x[1L], a$rounding)) {
    abort_rounding(a$rounding, a$x[1L], b$x[1L])
  }
  NextMethod()
}

# True for values that are not whole steps away from another.
is_off_lattice <- function(x, from, step) {
  steps <- x / step - from / step
  away <- abs(steps - round(steps))
  is.na(away) | away > 1e-6 + 1e-12 * max(abs(x)) / step
}

abort_rounding <- function(rounding, a, b) {
  abort_gmm1d("range", "`rounding` (", format(rounding), ") is not the rounding unit of the ",
              "values: ", format(a, digits = 10), " and ", format(b, digits = 10),
              " are not a multiple of it apart.")
}

sample_words.squashed_rounded <- function(points) {
  words <- NextMethod()
  words$size <- paste0(words$size, ", rounded to ", format(points$rounding))
  c(words, place = "rounding interval", more = "a smaller `rounding`")
}

fields_of.squashed_rounded <- function(points) {
  fields <- NextMethod()
  fields[c("lower", "upper", "rounding")] <- list(
    is_of_points, is_above_lower, function(x, points) is_number(x) && x > 0
  )
  fields
}

is_above_lower <- function(x, points) is_of_points(x, points) && all(points$lower < x)
