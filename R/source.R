# A source of data that can be read again, with finer cells where a component is too narrow for
# them.

# The squashed data; for a grouped table, a list of them.
points_of <- function(source) UseMethod("points_of")

# The source with cells fine enough for the mixtures (for a grouped table, a list of mixtures for
# each group). The source is unchanged if no finer cells are available.
finer <- function(source, mixtures) UseMethod("finer")

# Squashed data alone cannot be read again.
squashed_source <- function(points) structure(list(points = points), class = "source")

points_of.source <- function(source) source$points

finer.source <- function(source, mixtures) source

# A vector that has been squashed. Without weights, `weights` is NULL or an empty vector.
vector_source <- function(points, x, weights, control) {
  structure(list(points = points, x = x, weights = weights, control = control),
            class = c("vector_source", "source"))
}

finer.vector_source <- function(source, mixtures) {
  x <- parse_data(source$x)
  weights <- parse_weights(if (length(source$weights) > 0L) source$weights, length(x))
  points <- source$points
  result <- with_memory(squash_finer_cpp(x, weights, squash_options(source$control), points,
                                         mixtures))
  source$points <- squashed_of(result, points$rounding, points$step)
  source$points["within"] <- points["within"]
  source
}

# A table in a database: its query, and for each group the points and other facts about its cells.
table_source <- function(query, parts) {
  for (i in which(!vapply(parts, has_failed, NA))) parts[[i]]$points["within"] <- list(query$within)
  structure(list(query = query, parts = parts),
            class = c(if (length(query$groups) > 0L) "groups_source", "table_source", "source"))
}

points_of.table_source <- function(source) source$parts[[1L]]$points

finer.table_source <- function(source, mixtures) ask_finer(source, list(mixtures))

points_of.groups_source <- function(source) {
  points <- lapply(source$parts, `[[`, "points")
  structure(unname(points), groups = source$query$group_keys)
}

finer.groups_source <- function(source, mixtures) ask_finer(source, mixtures)
