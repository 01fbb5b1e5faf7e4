# Counts in bins. Each bin that is not empty is a point, at its midpoint; an open bin counts as wide
# as a typical one.
new_squashed_bins <- function(bins) {
  is_filled <- bins$count > 0
  lower <- bins$lower[is_filled]
  upper <- bins$upper[is_filled]
  x <- lower / 2 + upper / 2
  if (any(is.infinite(x) | is.nan(x))) {
    width <- bins$upper - bins$lower
    typical <- if (any(is.finite(width))) stats::median(width[is.finite(width)]) else 0
    x <- ifelse(is.infinite(lower), upper - typical / 2,
                ifelse(is.infinite(upper), lower + typical / 2, x))
  }
  new_squashed("squashed_bins", as.double(x), bins$count[is_filled], lower = lower, upper = upper,
               bins = bins)
}

edges_of.squashed_bins <- function(points) {
  with_gaps(list(lower = points$bins$lower, upper = points$bins$upper, w = points$bins$count))
}

bounds_of.squashed_bins <- function(points) points[c("lower", "upper")]

spans_of.squashed_bins <- function(points) closed_bounds(points)

columns_of.squashed_bins <- function(points) c("x", "w", "lower", "upper")

places_of.squashed_bins <- function(points) nrow(points$bins)

edges_within.squashed_bins <- function(points, limits) {
  empty <- points$bins[points$bins$count == 0, ]
  edges_of_spans(points, limits, c(empty$lower, empty$upper))
}

drawer_like.squashed_bins <- function(points, mixture, size, control) {
  draw_bins <- bins_drawer(mixture, size, points$bins$lower, points$bins$upper)
  function() new_squashed_bins(draw_bins())
}

record_of.squashed_bins <- function(points) "bins"

# Adds the counts of bins that are in both.
merge_samples.squashed_bins <- function(a, b) {
  bins <- rbind(a$bins, b$bins)
  name <- sprintf("%a %a", bins$lower, bins$upper)  # to the last bit
  key <- match(name, unique(name))
  first <- !duplicated(key)
  count <- as.vector(rowsum(bins$count, key))
  squash_bins(bins$lower[first], bins$upper[first], count)
}

sample_words.squashed_bins <- function(points) {
  number <- count_of(length(points$x), "bin")
  list(point = "bin", size = number, range = range(points$lower, points$upper),
       weights = "`count` sums", number = paste(number, "that are not empty"),
       place = "bin", more = "narrower bins")
}

fields_of.squashed_bins <- function(points) {
  fields_with(lower = is_of_points, upper = is_above_lower, bins = is_bins)
}

is_bins <- function(x, points) {
  columns <- c("lower", "upper", "count")
  x <- unclass(x)
  is_table(x, columns) && all(vapply(x[columns], is.double, NA)) && !anyNA(unlist(x[columns])) &&
    all(x$lower < x$upper) && all(x$count >= 0)
}

without_extras.squashed_bins <- function(points) {
  points$bins <- as_table(points$bins)
  points
}
