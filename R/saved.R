# Fits and squashed data come back from files: made by another version, or damaged on the way. What
# is read back is looked at before it is used.

# The number of the way in which fits and squashed data are laid out; it grows when that changes.
# Layouts of earlier numbers that can still be read are named where they are read.
saved_format <- 1L

# The same of what gmm1d_each() gives. With format 1 it was no list of fits, but of outcomes, keys,
# plan and data.
format_of_many <- 2L

parse_fit <- function(fit, name = "fit") {
  if (!inherits(fit, "gmm1d")) {
    abort_gmm1d("type", "`", name, "` must be a `gmm1d` fit, not ", describe(fit),
                if (inherits(fit, "gmm1d_each")) "; `lapply()` takes its fits one after the other",
                ".")
  }
  fields <- unclass(fit)
  check_format(fields, name)
  k <- fields$k
  sound <- is.integer(k) && length(k) == 1L && is_numbers(fields$lambda, k) &&
    is_numbers(fields$mu, k) && is_numbers(fields$sigma, k) && all(fields$sigma > 0) &&
    all(vapply(fields[c("loglik", "n", "n_missing", "df")], is_numbers, NA, 1L)) &&
    is.data.frame(fields$selection) && is.list(fields$control) &&
    inherits(fields$points, "squashed")
  check_sound(sound, name)
  fit$points <- with_base(fit$points)
  check_sound(are_points(fit$points), name)
  fit
}

parse_squashed <- function(points, name = "x") {
  check_format(unclass(points), name)
  points <- with_base(points)
  check_sound(are_points(points), name)
  points
}

# Version 0.1.0 knew of no values about a base.
with_base <- function(points) {
  if (is.null(points[["base"]])) points[c("base", "about")] <- list(0, NULL)
  points
}

# Many fits, those of format 1 as they are now.
parse_many <- function(fits, name = "x") {
  format <- attr(fits, "format", exact = TRUE)
  if (identical(format, format_of_many)) return(fits)
  fields <- unclass(fits)
  if (!is.null(format) || !identical(fields$format, 1L)) {
    abort_format(format %||% fields$format, format_of_many, name)
  }
  new_gmm1d_each(fields$outcomes, fields$keys, fields$plan, fields$data)
}

check_format <- function(fields, name) {
  format <- if (is.list(fields)) fields$format
  if (!identical(format, saved_format)) abort_format(format, saved_format, name)
}

abort_format <- function(format, known, name) {
  abort_gmm1d("saved", "`", name, "` was made by a version of gmm1d that this one cannot read, ",
              "or is damaged (format ", format(format %||% "unknown"), ", not ", known,
              "); make it again from the data.")
}

check_sound <- function(sound, name) {
  if (!isTRUE(sound)) {
    abort_gmm1d("saved", "`", name, "` is damaged: its parts do not belong together; make it ",
                "again from the data.")
  }
}

is_numbers <- function(x, length) {
  is.numeric(x) && length(x) == length && all(is.finite(x))
}

# Weighted points as new_squashed() makes them.
are_points <- function(points) {
  if (!inherits(points, "squashed")) return(FALSE)
  points <- unclass(points)
  count <- length(points$x)
  is_edges <- function(edges) is.null(edges) || (is.numeric(edges) && length(edges) == count)
  count > 0L && identical(points$format, saved_format) && is_numbers(points$x, count) &&
    !is.unsorted(points$x) && is_numbers(points$w, count) && all(points$w >= 0) &&
    all(vapply(points[c("n", "n_missing", "scale", "step")], is_numbers, NA, 1L)) &&
    is_edges(points$lower) && is_edges(points$upper) && is_edges(points$width) &&
    is.null(points$lower) == is.null(points$upper) && are_cells(points$cells) &&
    is_numbers(points$base, 1L) && is_about(points$about, count, !is.null(points$lower))
}

is_about <- function(about, count, has_edges) {
  if (!is.list(about)) return(is.null(about))
  is_numbers(about$offset, 1L) && is_numbers(about$x, count) && !is.unsorted(about$x) &&
    all(lengths(about[c("lower", "upper")]) == if (has_edges) count else 0L)
}

are_cells <- function(cells) {
  if (!is.list(cells)) return(is.null(cells))
  count <- length(cells$level)
  count > 0L && is_numbers(cells$level, count) &&
    is_numbers(cells$index, count) && is.matrix(cells$sums) &&
    identical(dim(cells$sums), c(6L, count)) && is_numbers(cells$sums, 6L * count)
}
