# Observations that are known in different ways: exactly or in an interval, with or without an
# error, with a known component or not.

# `rows` has the columns `lower`, `upper` and `w`, and may have `error`, `label` and `width` (of a
# cell for which an exact value stands).
new_squashed_observations <- function(rows, n = sum(rows$w), n_missing = 0, ...) {
  x <- places_between(rows$lower, rows$upper)
  rows <- lapply(c(list(x = x), rows), `[`, order(x, rows$lower, rows$upper))
  are_values <- all(rows$lower == rows$upper)
  new_squashed("squashed_observations", rows$x, rows$w, n = n, n_missing = n_missing,
               width = if (any(rows$width > 0)) rows$width,
               lower = if (!are_values) rows$lower, upper = if (!are_values) rows$upper,
               error = rows$error, label = rows$label, ...)
}

# A value for each interval: its middle, or the end of an open one.
places_between <- function(lower, upper) {
  ifelse(is.infinite(lower), upper, ifelse(is.infinite(upper), lower, lower / 2 + upper / 2))
}

# Rows for new_squashed_observations(), with equal rows combined.
squashed_rows <- function(rows, control) {
  parts <- split(seq_along(rows$w), rows$label %||% rep(0L, length(rows$w)))
  parts <- lapply(parts, function(at) {
    part <- lapply(rows, `[`, at)
    exact <- part$lower == part$upper
    bind_rows(list(
      if (any(exact)) squashed_exact(lapply(part, `[`, exact), control),
      if (!all(exact)) distinct_rows(lapply(part, `[`, !exact))
    ))
  })
  bind_rows(parts)
}

bind_rows <- function(parts) {
  parts <- Filter(Negate(is.null), unname(parts))
  columns <- c("lower", "upper", "w", "error", "label", "width")
  rows <- lapply(columns, function(name) unlist(lapply(parts, `[[`, name)))
  stats::setNames(rows, columns)[!vapply(rows, is.null, NA)]
}

# Squashes exact values of one label, together with their errors if they have any.
squashed_exact <- function(rows, control) {
  points <- if (!is.null(rows$error)) {
    squash_errors_cpp(rows$lower, rows$error, rows$w, control$cells)
  } else {
    # These data are not read again, so the cells must be finer.
    fine <- squash_options(control)
    fine$cells <- finer_than_vectors * fine$cells
    squash_cpp(rows$lower, rows$w, fine)$points
  }
  size <- length(points$x)
  list(lower = points$x, upper = points$x, w = points$w, error = points$error,
       label = if (!is.null(rows$label)) rep(rows$label[1L], size),
       width = if (length(points$width) == size) points$width else numeric(size))
}

# The distinct intervals of one label.
distinct_rows <- function(rows) {
  by <- c(list(rows$lower, rows$upper), if (!is.null(rows$error)) list(rows$error))
  in_order <- do.call(order, by)
  rows <- lapply(rows, `[`, in_order)
  by <- lapply(by, `[`, in_order)
  size <- length(in_order)
  is_new <- c(TRUE, Reduce(`|`, lapply(by, function(column) column[-1L] != column[-size])))
  weight <- as.vector(rowsum(rows$w, cumsum(is_new), reorder = FALSE))
  rows <- lapply(rows, `[`, is_new)
  rows$w <- weight
  rows$width <- numeric(length(weight))
  rows
}

bounds_of.squashed_observations <- function(points) {
  list(lower = points$lower %||% points$x, upper = points$upper %||% points$x)
}

errors_of_points.squashed_observations <- function(points) {
  points$error %||% numeric(length(points$x))
}

labels_of_points.squashed_observations <- function(points) {
  points$label %||% integer(length(points$x))
}

spans_of.squashed_observations <- function(points) {
  bounds <- bounds_of(points)
  points[c("lower", "upper")] <- bounds
  closed_bounds(points)
}

# Errors if intervals overlap, because an empirical distribution function needs disjoint ones.
edges_of.squashed_observations <- function(points) {
  bounds <- bounds_of(points)
  in_order <- order(bounds$lower, bounds$upper)
  edges <- lapply(c(bounds, points["w"]), `[`, in_order)
  # Rows with different errors or labels may have the same interval.
  same <- duplicated(edges$lower) & duplicated(data.frame(edges$lower, edges$upper))
  number <- cumsum(!same)
  edges <- list(lower = edges$lower[!same], upper = edges$upper[!same],
                w = as.vector(rowsum(edges$w, number, reorder = FALSE)))
  if (any(overlaps_next(edges$lower, edges$upper))) {
    abort_gmm1d("argument", "observations in overlapping intervals have no empirical ",
                "distribution function.")
  }
  with_gaps(edges)
}

columns_of.squashed_observations <- function(points) {
  columns <- c("x", "w", "width", "lower", "upper", "error", "label")
  columns[!vapply(unclass(points)[columns], is.null, NA)]
}

# Draws the errors, intervals and labels from the sample, then the values from the mixture.
drawer_like.squashed_observations <- function(points, mixture, size, control) {
  bounds <- bounds_of(points)
  is_open <- is.infinite(bounds$lower) | is.infinite(bounds$upper)
  low <- max(bounds$upper[bounds$lower == -Inf], -Inf)
  high <- min(bounds$lower[bounds$upper == Inf], Inf)
  window <- window_of(mixture)
  function() {
    at <- sample.int(length(points$w), size, replace = TRUE, prob = points$w * !is_open)
    drawn <- draws_like(points, mixture, at)
    width <- bounds$upper[at] - bounds$lower[at]
    lower <- drawn$x - ifelse(width > 0, stats::runif(size) * width, 0)
    upper <- pmin(lower + width, window[2L])
    lower <- pmax(lower, window[1L])
    lower[drawn$x <= low] <- -Inf
    upper[drawn$x <= low] <- low
    lower[drawn$x >= high] <- high
    upper[drawn$x >= high] <- Inf
    rows <- c(list(lower = lower, upper = upper, w = rep(1, size)), drawn[names(drawn) != "x"])
    new_squashed_observations(squashed_rows(rows, control), within = points$within,
                              labels_by = points$labels_by, label_names = points$label_names)
  }
}

# Draws a value for each of the points `at`, with its error, from its component if it has a label.
draws_like <- function(points, mixture, at) {
  error <- points$error[at]
  label <- points$label[at]
  x <- draws_of(length(at), mixture, error %||% 0, label)
  list(x = x, error = error, label = label)
}

record_of.squashed_observations <- function(points) {
  list("observations", is.null(points$error), points$within, points$labels_by,
       points$label_names)
}

merge_samples.squashed_observations <- function(a, b) {
  rows <- function(points) {
    c(bounds_of(points), unclass(points)[c("w", "error", "label")])
  }
  both <- bind_rows(lapply(list(a, b), rows))
  new_squashed_observations(squashed_rows(both, gmm1d_control()), n = a$n + b$n,
                            within = a$within, labels_by = a$labels_by, label_names = a$label_names)
}

sample_words.squashed_observations <- function(points) {
  bounds <- bounds_of(points)
  count <- length(points$x)
  in_intervals <- sum(bounds$lower < bounds$upper)
  spans <- unlist(bounds)
  number <- count_of(count, "distinct observation")
  list(
    point = "distinct observation",
    size = paste0(number,
                  if (in_intervals > 0L) paste0(", ", format_count(in_intervals), " in intervals"),
                  if (!is.null(points$error)) ", with errors",
                  if (!is.null(points$label)) ", some of known components"),
    range = range(spans[is.finite(spans)]), weights = "`weights` sum", number = number
  )
}

fields_of.squashed_observations <- function(points) {
  fields_with(
    step = function(x, points) identical(x, 0),
    lower = is_null_or(is_of_points), upper = is_null_or(is_not_below_lower),
    width = is_null_or(is_width),
    # Without errors, intervals or labels it would be a sample of values.
    error = function(x, points) {
      if (is.null(x)) !is.null(points$lower) || !is.null(points$label) else is_width(x, points)
    },
    label = is_null_or(function(x, points) {
      is.integer(x) && !is.object(x) && length(x) == length(points$x) && !anyNA(x) && all(x >= 0L)
    }),
    label_names = is_null_or(function(x, points) {
      is.character(x) && !is.object(x) && !anyNA(x) && length(x) >= max(points$label)
    }),
    labels_by = is_null_or(function(x, points) is_one_of(x, c("random", "design")))
  )
}

is_not_below_lower <- function(x, points) {
  is_of_points(x, points) && !is.null(points$lower) && all(points$lower <= x)
}
