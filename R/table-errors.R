# Tables with a column of errors: the database returns the distinct pairs of values and errors, or,
# for many rows, the cells of pairs that the core would make of vectors.

# Up to this many rows, all pairs may be distinct.
most_pairs <- 2^18

# The number of cells in an octave of errors, and the number of value cells per smallest error.
error_bits <- 4
value_bits <- 2

# The number and the range of the errors of values that are known and finite.
range_of_errors <- function(query) {
  if (is.null(query$e)) return(NULL)
  needed <- is_finite("x")
  known <- rlang::expr(!!needed & !!is_finite("e"))
  texts <- sql_is_text(query$source, "raw_e")
  c(
    rlang::exprs(
      e_needed = sum(dplyr::case_when(!!needed ~ 1, TRUE ~ 0), na.rm = TRUE),
      e_known = sum(dplyr::case_when(!!known ~ 1, TRUE ~ 0), na.rm = TRUE),
      e_low = min(dplyr::case_when(!!known ~ .data$raw_e), na.rm = TRUE),
      e_least = min(dplyr::case_when(!!known & .data$e > 0 ~ .data$raw_e), na.rm = TRUE),
      e_high = max(dplyr::case_when(!!known ~ .data$raw_e), na.rm = TRUE)
    ),
    if (!is.null(texts)) list(e_texts = sql_sum(texts))
  )
}

check_error_column <- function(query, range) {
  name <- query$e
  if (is.null(name)) return(invisible())
  if (any(range$e_texts > 0, na.rm = TRUE)) abort_no_numbers(name, "")
  absent <- sum(range$e_needed) - sum(range$e_known)
  if (absent > 0) {
    abort_gmm1d("missing", "`", name, "` must be finite and have no missing values where `",
                query$x, "` has none, as in ", count_of(absent, "row"), ".")
  }
  lowest <- min(range$e_low, Inf, na.rm = TRUE)
  if (lowest < 0) {
    abort_gmm1d("range", "`", name, "` must not be negative, not ", format(lowest), ".")
  }
}

pairs_query <- function(query) {
  keys <- c(query$keys, "p", "e", "level")
  w <- if (!is.null(query$w)) list(s0 = sql_sum(rlang::expr(.data$w)))
  source <- dplyr::transmute(of_weight(query), !!!kept_columns(query), e = .data$e,
                             p = !!if_finite(rlang::expr(.data$x), query),
                             level = !!if_finite(0L, query, infinite = TRUE))
  sql_summary(source, keys, c(rlang::exprs(rows = dplyr::n()), w))
}

after_pairs <- function(query, pairs) {
  groups <- groups_in(query, pairs)
  table_source(groups$query, squashed_groups(groups, squashed_pairs))
}

# The points of a group, as they would be for its rows.
squashed_pairs <- function(query, pairs) {
  filled <- filled_cells(query, pairs, is.na(pairs$p), rbind(pairs$s0 %||% pairs$rows))
  x <- filled$rows$p
  points <- squash_rows(x, x, filled$sums[1L, ], list(error = filled$rows$e), query$control)
  points$n_missing <- filled$n_missing
  list(points = points)
}

# The query for the contents of cells of pairs. The cells of exact values are those of a layout.
error_cells_query <- function(query, layout, range) {
  octaves <- octaves_of(range)
  layout <- layout[layout$level != level_of_zero, ]
  x <- name_in(query, "x")
  e <- name_in(query, "e")
  of_errors <- vapply(octaves, function(octave) {
    positive <- paste(e, "> 0")
    if (octave == max(octaves)) positive
    else paste(positive, "AND", e, "<", sql_number(2^(octave + 1)))
  }, "")
  some_exact <- any(range$e_low == 0, na.rm = TRUE)
  regions <- if (some_exact) regions_in(layout, query)
  level_of_error <- c(error_bits - octaves, rep(0, length(regions)))
  level <- c(value_bits - octaves, if (some_exact) layout$finer)
  cell_of <- function(values) sql_case(c(of_errors, regions), values)
  scaled_to <- function(levels, name) vapply(levels, sql_scaled, "", x = name)
  kept <- kept_columns(query)
  scaled <- dplyr::transmute(
    of_weight(query), !!!kept, t = !!if_finite(cell_of(scaled_to(level, x)), query),
    level = !!if_finite(cell_of(level), query, infinite = TRUE),
    te = !!if_finite(cell_of(scaled_to(level_of_error, e)), query),
    elevel = !!if_finite(cell_of(level_of_error), query)
  )
  nothing <- dplyr::transmute(query$source, !!!kept, t = .data$x, level = 0L, te = .data$x,
                              elevel = 0L)
  scaled <- fenced_errors(scaled, nothing, query)
  source <- dplyr::transmute(
    scaled, !!!kept, level = .data$level, j = floor(.data$t),
    u = .data$t - floor(.data$t) - 0.5, elevel = .data$elevel, c = floor(.data$te),
    p = .data$te - floor(.data$te)
  )
  # The position of the square of an error.
  source <- dplyr::mutate(source, v = .data$p * (.data$p + 2 * .data$c) / (2 * .data$c + 1) - 0.5)
  nothing <- dplyr::transmute(query$source, !!!kept, level = 0L, j = .data$x, u = .data$x,
                              elevel = 0L, c = .data$x, p = .data$x, v = .data$x)
  summary_of_cells(fenced_errors(source, nothing, query), c("level", "j", "elevel", "c"), query,
                   c(moments_of(query), moments_of_errors(query)))
}

# SQLite inlines long expressions into the outer query as often as they are used, but it computes a
# union only once.
fenced_errors <- function(source, nothing, query) {
  if (is_sqlite(source)) with_none(source, nothing) else fenced(source, nothing, query)
}

# The octaves of errors. Errors below the lowest octave use its cells, the finest that a query may
# have; errors above the highest use the cells of the highest.
octaves_of <- function(range) {
  low <- min(range$low)
  high <- max(range$high)
  width <- if (high > low) high - low else abs(low)
  finest <- min(finest_level(low, high), floor(log2(most_cells / width)))
  known <- which(range$e_high > 0)
  if (length(known) == 0L) return(integer())
  octaves <- floor(log2(c(min(range$e_least, na.rm = TRUE), max(range$e_high[known]))))
  lowest <- value_bits - finest
  octaves <- pmin(pmax(octaves, lowest), lowest + most_octaves)
  seq(octaves[1L], octaves[2L])
}

most_octaves <- 64

moments_of_errors <- function(query) {
  w <- if (!is.null(query$w)) rlang::expr(.data$w)
  v <- rlang::expr(.data$v)
  of_errors <- powers_of(v, 3L)
  of_both <- lapply(powers_of(rlang::expr(.data$u), 5L), function(power) rlang::expr(!!v * !!power))
  sums <- lapply(c(of_errors, of_both), function(power) sql_sum(weighted(power, w)))
  stats::setNames(sums, moments_with_errors)
}

# The columns with the sums of v^p, and of u^p v.
moments_with_errors <- c(sprintf("v%d", 1:3), sprintf("b%d", 1:5))

after_error_cells <- function(query, cells) {
  groups <- groups_in(query, cells)
  table_source(groups$query, squashed_groups(groups, squashed_error_cells))
}

squashed_error_cells <- function(query, cells) {
  is_missing <- is.na(cells$j)
  if (anyNA(cells$c[!is_missing])) {
    abort_gmm1d("range", "`", query$e, "` must not be 1e30 times as large as the range of `",
                query$x, "`.")
  }
  sums <- rbind(sums_of(cells), t(as.matrix(cells[moments_with_errors])))
  filled <- filled_cells(query, cells, is_missing, sums)
  # Those of several shards are joined.
  places <- as.data.frame(filled$rows)[c("level", "j", "elevel", "c")]
  names <- do.call(paste, lapply(places, format, digits = 15L))
  sums <- unname(t(rowsum(t(filled$sums), names, reorder = FALSE)))
  places <- places[!duplicated(names), ]
  points <- points_of_error_cells_cpp(list(
    level = as.integer(places$level), index = places$j, sums = sums[1:6, , drop = FALSE],
    error_level = as.integer(places$elevel), error_index = places$c,
    of_errors = sums[c(1L, 7:9), , drop = FALSE], of_both = sums[c(7L, 10:14), , drop = FALSE]
  ))
  rows <- list(lower = points$x, upper = points$x, w = points$w, error = points$error,
               width = points$width)
  list(points = new_squashed_observations(rows, sum(sums[1L, ]), filled$n_missing))
}
