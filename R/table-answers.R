# The answers of a database lead to the next query, or to the squashed data of each group.

# The answer as doubles, whether it comes from the query or from a user.
parse_answer <- function(answer, query, may_be_text = FALSE) {
  names(answer) <- tolower(names(answer))
  needed <- tolower(colnames(query$query))
  absent <- setdiff(needed, names(answer))
  if (length(absent) > 0L) {
    abort_gmm1d("argument", "the answer to a query must have its columns, but it has no `",
                absent[1L], "`; it has ", toString(paste0("`", names(answer), "`")), ".")
  }
  if (query$stage == "range" && length(query$keys) == 0L && nrow(answer) != 1L) {
    abort_gmm1d("shape", "the answer to a query for the range must have one row, not ",
                nrow(answer), ".")
  }
  numbers <- setdiff(needed, query$keys)
  answer[numbers] <- lapply(numbers, function(name) {
    label <- if (startsWith(name, "w_")) query$w
             else if (startsWith(name, "e_") || name == "e") query$e
             else query$x
    numbers_of_answer(answer[[name]], may_be_text) %||% abort_no_numbers(label, answer[[name]])
  })
  check_each(is.finite(answer$rows), answer$rows, "rows", "be finite in the answer", "infinite")
  answer
}

after_answer <- function(query, answer) {
  switch(query$stage,
    range = after_range(query, answer),
    cells = after_cells(query, answer),
    finer = after_finer(query, answer),
    pairs = after_pairs(query, answer),
    error_cells = after_error_cells(query, answer)
  )
}

# The range of the values, over all shards and groups, determines the grid and the next query.
after_range <- function(query, range) {
  if (any(range$texts > 0, na.rm = TRUE)) abort_no_numbers(query$x, "")
  if (is.null(query$n_rows)) {
    query$n_rows <- sum(range$rows)
    if (query$n_rows == 0 && length(query$groups) == 0L) abort_empty_column(query, 0)
    check_weight_column(query, range)
    check_error_column(query, range)
  }
  # Some engines answer 0 for the range of no values.
  range[range$rows == 0, c("low", "high")] <- NA
  if (!is_range(range, query)) return(guarded(query, range))
  range <- range[!is.na(range$low), ]
  is_empty <- nrow(range) == 0L
  if (is_empty && !query$is_guarded && length(query$groups) == 0L) {
    abort_empty_column(query, query$n_rows)
  }
  half <- (query$rounding %||% 0) / 2
  ends <- c(range$low - half, range$high + half)
  query$most <- max(abs(ends), 0)
  query$all_finite <- are_finite(range, query)
  if (!is.null(query$within) && !is_empty) check_within(ends, ends, query$within)
  if (!is.null(query$e) && query$n_rows <= most_pairs) {
    return(new_squash_query(query, "pairs", pairs_query(query)))
  }
  query$layout <- if (is_empty) region(0, -Inf, Inf, 0) else {
    layout_of(pooled(with_moments(range), query$groups), query$control$cells, query$rounding)
  }
  if (is.null(query$e)) {
    cells_query(query, "cells", query$layout)
  } else {
    new_squash_query(query, "error_cells", error_cells_query(query, query$layout, range))
  }
}

# True if the ends of the range are finite, or missing because there is no value. Without a
# connection, NaN may have been written as NULL.
is_range <- function(range, query) {
  ends <- c(range$low, range$high)
  if (any(is.nan(ends) | is.infinite(ends))) return(FALSE)
  query$is_guarded || !is_elsewhere(query) || !anyNA(ends[rep(range$rows > 0, 2L)])
}

# True if the mean of the values proves that all are finite. Rows of weight 0 have no part in it.
are_finite <- function(range, query) {
  is.null(query$w) && !query$is_guarded && !is.null(range$mean) && all(is.finite(range$mean))
}

check_weight_column <- function(query, range) {
  if (is.null(query$w)) return(invisible())
  name <- query$w
  if (sum(range$w_known) < query$n_rows) {
    abort_gmm1d("missing", "`", name, "` must have no missing values, not ",
                count_of(query$n_rows - sum(range$w_known), "missing weight"), ".")
  }
  known <- c(range$w_low, range$w_high)
  if (any(is.nan(known))) abort_gmm1d("missing", "`", name, "` must have no missing values (NaN).")
  bound <- c(min(range$w_low, Inf, na.rm = TRUE), max(range$w_high, 0, na.rm = TRUE))
  if (bound[1L] < 0) {
    abort_gmm1d("range", "`", name, "` must be non-negative, not ", format(bound[1L]), ".")
  }
  if (!is.finite(bound[2L])) abort_gmm1d("infinite", "`", name, "` must be finite.")
}

abort_empty_column <- function(query, rows) {
  abort_gmm1d("empty", "`", query$x, "` must have at least one value that is not missing",
              if (!is.null(query$w)) " and has a positive weight", "; there are ",
              count_of(rows, "row"), ".")
}

# Fills in the mean and standard deviation if the database could not compute them.
with_moments <- function(range) {
  if (is.null(range$mean)) range[c("mean", "sd")] <- NA_real_
  range$sd <- ifelse(is.finite(range$mean) & is.finite(range$sd), range$sd,
                     range$high / 8 - range$low / 8)
  range$mean <- ifelse(is.finite(range$mean), range$mean, range$low / 2 + range$high / 2)
  range
}

# One row for each group, pooled over all shards.
pooled <- function(range, groups) {
  parts <- split(range, group_numbers(range, groups))
  of_each <- function(f) vapply(parts, f, 1, USE.NAMES = FALSE)
  data.frame(
    n = of_each(function(part) sum(part$rows)),
    low = of_each(function(part) min(part$low)), high = of_each(function(part) max(part$high)),
    mean = of_each(mean_of_shards),
    sd = of_each(function(part) {
      away <- part$mean - mean_of_shards(part)
      largest <- max(part$sd, abs(away))
      if (!(largest > 0)) return(0)
      largest * sqrt(stats::weighted.mean((part$sd / largest)^2 + (away / largest)^2, part$rows))
    })
  )
}

# (A sum of large numbers may overflow.)
mean_of_shards <- function(part) sum(part$mean * (part$rows / sum(part$rows)))

# The number of each row's group, in order of first appearance, or in the order of known groups.
group_numbers <- function(answer, groups, known = NULL) {
  if (length(groups) == 0L) return(rep(1L, nrow(answer)))
  ids <- lapply(sprintf("g%d", seq_along(groups)), function(name) {
    ids_of(c(known[[name]], answer[[name]]))
  })
  text <- do.call(paste, ids)
  rows <- seq_len(NROW(known))
  if (length(rows) > 0L) match(text[-rows], text[rows]) else match(text, unique(text))
}

# Turns the contents of the cells into points.
after_cells <- function(query, cells) {
  cells$level <- cells$level %||% rep(query$level, nrow(cells))
  groups <- groups_in(query, cells)
  unless_heavy(groups$query, squashed_groups(groups, squashed_cells))
}

# The rows of an answer for each group, in the order of their keys, which are stored in the query.
groups_in <- function(query, answer) {
  if (sum(answer$rows) != query$n_rows) abort_changed(query$n_rows, sum(answer$rows))
  number <- group_numbers(answer, query$groups)
  parts <- split(answer, number)
  if (length(query$groups) > 0L) {
    names <- sprintf("g%d", seq_along(query$groups))
    keys <- as.data.frame(answer)[match(seq_along(parts), number), names, drop = FALSE]
    order <- do.call(order, unname(as.list(keys)))
    parts <- parts[order]
    query$known <- keys[order, , drop = FALSE]
    row.names(query$known) <- NULL
    query$group_keys <- stats::setNames(query$known, query$groups)
  }
  list(query = query, parts = unname(parts))
}

# Squashes the rows of each group by `squashed`.
squashed_groups <- function(groups, squashed) {
  query <- groups$query
  parts <- query$map(function(part) squashed(query, part), groups$parts)
  if (length(query$groups) == 0L && has_low_weights(parts[[1L]]$points)) {
    warn_of_weights(parts[[1L]]$points)
  }
  parts
}

# If one cell holds too many values, finer cells are queried. The number of queries has a bound,
# whatever the data.
unless_heavy <- function(query, parts) {
  source <- table_source(query, parts)
  if (query$number >= most_queries) return(source)
  heavy <- heavy_regions(parts)
  if (nrow(heavy$regions) > 0L) finer_query(query, parts, heavy$regions, heavy$layout) else source
}

most_queries <- 8

abort_changed <- function(before, after) {
  abort_gmm1d("database", "the table has changed between two queries (from ",
              count_of(before, "row"), " to ", format_count(after), "); use a snapshot of it, or ",
              "a transaction with snapshot isolation.")
}

# The points of a group, and the smallest and largest value of each of their cells. Rows with NULL,
# NaN and Inf have no cell number.
squashed_cells <- function(query, cells) {
  filled <- filled_cells(query, cells, is.na(cells$j), sums_of(cells))
  cells <- filled$rows
  sums <- filled$sums
  n_missing <- filled$n_missing
  # Rounded values may differ in their last digits.
  if (all(cells$high - cells$low <= 1e-6 * (query$rounding %||% 0))) {
    values <- squash_cpp(cells$low, sums[1L, ], squash_options(query$control))
    values$n_missing <- n_missing
    check_rounding(values, query$rounding)
    return(list(points = squashed_of(values, query$rounding)))
  }
  step <- lattice_of(c(cells$low, cells$high))
  extents <- extents_of(cells)
  cells <- with_zeros_back(cells, query$layout)
  if (any(filled$rows$level == level_of_zero)) {
    around <- cells$level[filled$rows$level == level_of_zero][1L]
    extents$zeros <- extents$level == around & extents$index == 0
  }
  part_of_cells(merged_cells(cells$level, cells$j, sums), extents, function(cells) {
    grid <- list(level = max(cells$level), first = min(cells$index), refined = NULL)
    new_squashed_cells(cells, n_missing, step, grid, query$rounding)
  })
}

# The rows of an answer that are not empty, their `sums` (the first are weights), and the number of
# missing values.
filled_cells <- function(query, answer, is_missing, sums) {
  infinite <- answer$level %in% level_of_infinite
  if (any(infinite)) {
    abort_gmm1d("infinite", "`", query$x, "` must be finite, not infinite in ",
                count_of(sum(answer$rows[infinite]), "row"), ".")
  }
  known <- sums[, !is_missing, drop = FALSE]
  if (!is.finite(sum(known[1L, ])) || !all(is.finite(known))) {
    abort_gmm1d("range", "`", query$w %||% query$x, "` must have a finite sum.")
  }
  filled <- !is_missing & sums[1L, ] > 0
  if (!any(filled)) abort_empty_column(query, sum(answer$rows))
  list(rows = answer[filled, ], sums = sums[, filled, drop = FALSE],
       n_missing = sum(answer$rows[is_missing]))
}

sums_of <- function(cells) {
  zeroth <- if ("s0" %in% names(cells)) cells$s0 else cells$rows
  others <- if ("mean2" %in% names(cells)) sums_by_regression(cells) else cells[sprintf("s%d", 1:5)]
  matrix(unlist(c(list(zeroth), others)), nrow = 6L, byrow = TRUE)
}

# The part of a group. A cell with one value is that value: so it becomes as fine as the others.
part_of_cells <- function(cells, extents, as_points) {
  at <- match(cell_names(cells), cell_names(extents))
  is_one <- extents$low == extents$high & !extents$zeros
  alone <- is_one[at] %in% TRUE & cells$level < max(cells$level)
  if (any(alone)) {
    values <- extents$low[at][alone]
    fine <- cells_of_values_cpp(values, cells$sums[1L, alone], max(cells$level))
    extents <- rbind(extents[-at[alone], ],
                     joined_extents(fine$level, fine$index, sort(values), sort(values)))
    cells <- merged_cells(c(cells$level[!alone], fine$level), c(cells$index[!alone], fine$index),
                          cbind(cells$sums[, !alone, drop = FALSE], fine$sums))
  }
  list(points = as_points(cells), extents = extents)
}

# The smallest and largest value of each cell, over all shards; of a cell beside 0, except zeros.
extents_of <- function(cells) {
  cells <- cells[cells$level != level_of_zero, ]
  joined_extents(cells$level, cells$j, cells$low, cells$high)
}

# Merges the cells of several shards without making any coarser.
merged_cells <- function(level, index, sums) {
  coarsened_cells_cpp(list(level = as.integer(level), index = index, sums = sums), max(level))
}

# The step of the lattice on which the smallest and largest values of all cells lie.
lattice_of <- function(values) {
  values <- sort(unique(values))
  lattice_step_cpp(new_squashed_values(values, rep(1, length(values))))
}

after_finer <- function(query, answer) {
  answer$level <- answer$level %||% rep(query$level, nrow(answer))
  number <- group_numbers(answer, query$groups, query$known)
  answers <- split(answer, factor(number, seq_along(query$parts)))
  unless_heavy(query, unname(Map(refined, query$parts, answers, list(query$regions))))
}

# A group with its cells in the regions replaced by those of the answer. Exact values are not cells.
refined <- function(part, answer, regions) {
  points <- part$points
  if (!is_of_cells(points)) return(part)
  cells <- points$cells
  replaced <- in_regions(cells, regions)
  answer <- answer[!is.na(answer$low), ]
  sums <- sums_of(answer)
  filled <- sums[1L, ] > 0
  answer <- answer[filled, ]
  sums <- sums[, filled, drop = FALSE]
  if (!isTRUE(all.equal(sum(sums[1L, ]), sum(cells$sums[1L, replaced]), tolerance = 1e-9))) {
    abort_changed(sum(cells$sums[1L, replaced]), sum(sums[1L, ]))
  }
  cells <- merged_cells(
    c(cells$level[!replaced], answer$level), c(cells$index[!replaced], answer$j),
    cbind(cells$sums[, !replaced, drop = FALSE], sums)
  )
  grid <- list(level = points$grid$level, first = points$grid$first, refined = regions)
  extents <- rbind(part$extents[!in_regions(part$extents, regions), ], extents_of(answer))
  part_of_cells(cells, extents, function(cells) {
    new_squashed_cells(cells, points$n_missing, points$step, grid, points$rounding)
  })
}
