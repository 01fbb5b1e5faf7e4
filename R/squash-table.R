#' Squash a table in a database
#'
#' `squash(tbl, column)` has a database squash its own data: a first query asks how many values
#' there are and where they lie, a second one groups them into cells (see [squash()]) and sums their
#' moments. Only cells travel; nothing is written. [gmm1d()] asks a third time where a component is
#' narrower than its cells allow.
#'
#' The cells are four times finer than those of a vector, with the standard deviation in the place
#' of the robust scale, so that most fits need no third query. Far from the mean they are coarser. A
#' cell of one value stands for this value, so data with few distinct values lose nothing. Sums in
#' double precision depend on the order in which an engine adds: the last digits may differ from run
#' to run.
#'
#' With `show_query = TRUE` nothing is run. The result holds the first query; its answer, as a
#' data frame, gives the next one or the squashed data: `squash(query, answer)`.
#'
#' @param x A lazy table of dbplyr, [dplyr::tbl()] of a connection or what dplyr's verbs make
#'   of it; or a `squash_query`. In a table with groups ([dplyr::group_by()]), each is squashed on
#'   its own.
#' @param column The column with the data, as a name, a string or an expression of columns that the
#'   database evaluates. Integer, real, numeric and bigint columns are taken as doubles; NULL and
#'   NaN are missing values.
#' @param weights `NULL` (default: all 1), or the column with the observation weights, likewise.
#' @param shard `NULL` (default), or the column that tells on which server a row lies, likewise. It
#'   is then among the groups of both queries, so that a coordinator (such as postgres_fdw with
#'   `enable_partitionwise_aggregate`) has the servers do the work; the parts are merged here.
#' @param control The result of [gmm1d_control()], or a list of its arguments: `cells` is used.
#' @param show_query `FALSE` (default) or `TRUE`: give the query without running it.
#' @param result The answer to a query: a data frame with the columns of the query.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return Squashed data (see [squash()]); of a table with groups, a list of them, with the groups
#'   as attribute `groups` (a data frame, one row for each). With `show_query = TRUE` a
#'   `squash_query`, a list with `sql` (text), `query` (a lazy table) and what is known so far.
#'
#' @section Errors:
#' `gmm1d_error_argument` (no such column), `gmm1d_error_type` (a column that is not numeric),
#' `gmm1d_error_infinite`, `gmm1d_error_empty`, `gmm1d_error_missing` and `gmm1d_error_range`
#' (weights), `gmm1d_error_database` (the database reports an error, or the table has changed
#' between two queries; its message is kept).
#'
#' @seealso [gmm1d()], [predict.gmm1d()]
#' @examples
#' if (requireNamespace("dbplyr", quietly = TRUE) && requireNamespace("RSQLite", quietly = TRUE)) {
#'   connection <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
#'   geysers <- dplyr::copy_to(connection, faithful, "geysers")
#'   print(squash(geysers, waiting))
#'   print(squash(geysers, waiting, show_query = TRUE))
#'   print(gmm1d(geysers, waiting, k = 2))
#'   DBI::dbDisconnect(connection)
#' }
#' @name squash.tbl_lazy
NULL

#' @rdname squash.tbl_lazy
#' @export
squash.tbl_lazy <- function(x, column, weights = NULL, shard = NULL,  # nolint: object_name_linter.
                            control = gmm1d_control(),
                            show_query = FALSE, ...) {
  check_no_dots(...)
  query <- range_query(
    x, rlang::enquo(column), rlang::enquo(weights), rlang::enquo(shard), parse_control(control)
  )
  if (parse_flag(show_query, "show_query")) query else answered(query)
}

#' @rdname squash.tbl_lazy
#' @export
squash.squash_query <- function(x, result, ...) {  # nolint: object_name_linter.
  check_no_dots(...)
  answer <- parse_answer(result, x)
  switch(x$stage,
    range = after_range(x, answer),
    cells = after_cells(x, answer),
    finer = after_finer(x, answer)
  )
}

#' @rdname squash.tbl_lazy
#' @export
print.squash_query <- function(x, ...) {
  check_no_dots(...)
  cat("-- ", c(range = "1: where the values lie", cells = "2: what the cells hold",
               finer = "3: what finer cells hold")[[x$stage]],
      "; then: squash(query, result)\n", x$sql, "\n", sep = "")
  invisible(x)
}

# Asks the database until there is nothing more to ask.
answered <- function(query) ask(query)$points

# The last query, and the squashed data that its answer makes.
ask <- function(query) {
  force(query)
  repeat {
    points <- squash.squash_query(query, run(query))
    if (!inherits(points, "squash_query")) return(list(query = query, points = points))
    query <- points
  }
}

# The same with finer cells for mixtures, as far as there are any.
ask_finer <- function(table, mixtures) {
  regions <- narrow_regions(table$points, mixtures)
  if (nrow(regions) == 0L) return(table)
  ask(finer_query(table$query, table$points, regions))
}

run <- function(query) {
  tryCatch(
    DBI::dbGetQuery(dbplyr::remote_con(query$query), query$sql),
    error = function(e) {
      check_type_of_column(query)
      abort_gmm1d("database", "the database reports: ", conditionMessage(e))
    }
  )
}

# A database that fails may have been asked for the mean of texts.
check_type_of_column <- function(query) {
  first <- tryCatch(dplyr::collect(utils::head(query$raw, 1L)), error = function(e) NULL)
  for (name in names(first)) {
    value <- first[[name]]
    if (!is.numeric(value) && !all(is.na(value))) abort_no_numbers(query[[name]], value)
  }
}

abort_no_numbers <- function(label, value) {
  abort_gmm1d("type", "`", label, "` must be a numeric column, not one of class ",
              dQuote(class(value)[1L], FALSE), ".")
}

new_squash_query <- function(query, stage, lazy) {
  query$stage <- stage
  query$query <- lazy
  query$sql <- as.character(dbplyr::sql_render(lazy))
  structure(query, class = "squash_query")
}

# The columns asked for, renamed: x, w, the groups g1, g2, ... and the shard.
range_query <- function(tbl, column, weights, shard, control) {
  rlang::check_installed(c("dbplyr", "dplyr"), "to fit a table in a database.")
  if (rlang::quo_is_missing(column)) {
    abort_gmm1d("argument", "`column`, the second argument, is missing: name the column to fit.")
  }
  groups <- dplyr::group_vars(tbl)
  tbl <- dplyr::ungroup(tbl)
  asked <- list(x = column, w = if (!rlang::quo_is_null(weights)) weights,
                shard = if (!rlang::quo_is_null(shard)) shard)
  asked <- lapply(asked[lengths(asked) > 0L], parse_column, tbl)
  keys <- stats::setNames(rlang::syms(groups), sprintf("g%d", seq_along(groups)))
  raw <- dplyr::transmute(tbl, !!!keys, !!!asked)
  labels <- lapply(asked, rlang::as_label)
  query <- list(x = labels$x, w = labels$w, groups = groups,
                keys = c(names(keys), intersect("shard", names(asked))), control = control,
                raw = dplyr::select(raw, dplyr::any_of(c("x", "w"))))
  as_double <- sql_double(tbl)
  keys <- rlang::syms(query$keys)
  doubles <- list(x = as_double("x"), w = if (!is.null(query$w)) as_double("w"))
  doubles <- doubles[lengths(doubles) > 0L]
  query$source <- dplyr::transmute(raw, !!!keys, !!!doubles)
  query$source_of_range <- dplyr::transmute(
    raw, !!!keys, raw = .data$x, !!!(if (!is.null(query$w)) list(raw_w = rlang::sym("w"))),
    !!!doubles
  )
  new_squash_query(query, "range", range_summary(query))
}

# The smallest and the largest value are asked for without a cast: a text shows as one.
range_summary <- function(query) {
  of_weights <- if (!is.null(query$w)) {
    rlang::exprs(w_known = sum(ifelse(is.na(.data$w), 0L, 1L), na.rm = TRUE),
                 w_low = min(.data$raw_w, na.rm = TRUE), w_high = max(.data$raw_w, na.rm = TRUE))
  }
  dplyr::ungroup(dplyr::summarise(
    grouped(query$source_of_range, query$keys), rows = dplyr::n(),
    low = min(.data$raw, na.rm = TRUE), high = max(.data$raw, na.rm = TRUE),
    mean = mean(.data$x, na.rm = TRUE), sd = !!sql_sd(query$source), !!!of_weights
  ))
}

grouped <- function(tbl, keys) {
  if (length(keys) > 0L) dplyr::group_by(tbl, !!!rlang::syms(keys)) else tbl
}

# A name, a string or an expression as an expression of columns that are there.
parse_column <- function(column, tbl) {
  if (is.character(rlang::quo_get_expr(column))) {
    column <- rlang::quo_set_expr(column, rlang::sym(rlang::quo_get_expr(column)))
  }
  expression <- rlang::quo_get_expr(column)
  if (is.name(expression) && !as.character(expression) %in% colnames(tbl)) {
    abort_gmm1d("argument", "the table must have a column `", as.character(expression),
                "`; it has ", toString(paste0("`", colnames(tbl), "`")), ".")
  }
  column
}

# The answer, as R has it from the query or from a user, in order of the groups and in doubles.
parse_answer <- function(answer, query) {
  if (!is.data.frame(answer)) {
    abort_gmm1d("type", "`result` must be a data frame, the answer to the query, not ",
                describe(answer), ".")
  }
  names(answer) <- tolower(names(answer))
  needed <- tolower(colnames(query$query))
  absent <- setdiff(needed, names(answer))
  if (length(absent) > 0L) {
    abort_gmm1d("argument", "`result` must have the columns of the query; it has no `",
                absent[1L], "`.")
  }
  numbers <- setdiff(needed, query$keys)
  answer[numbers] <- lapply(numbers, function(name) {
    value <- answer[[name]]
    label <- if (startsWith(name, "w_")) query$w else query$x
    if (!is.numeric(value) && !all(is.na(value))) abort_no_numbers(label, value)
    if (inherits(value, "integer64")) from_integer64_cpp(value) else as.double(value)
  })
  answer
}

# Where the values lie, in all shards and groups, tells the grid, and with it what to ask next.
after_range <- function(query, range) {
  if (is.null(query$n_rows)) {
    query$n_rows <- sum(range$rows)
    check_weight_column(query, range)
  }
  range <- range[!is.na(range$low), ]
  if (nrow(range) == 0L && length(query$groups) == 0L) abort_empty_column(query)
  if (!all(is.finite(range$low) & is.finite(range$high))) return(guarded(query))
  query$layout <- layout_of(pooled(range, query$groups), query$control$cells)
  new_squash_query(query, "cells", cells_query(query, query$layout, rest = TRUE))
}

check_weight_column <- function(query, range) {
  if (is.null(query$w)) return(invisible())
  name <- query$w
  if (sum(range$w_known) < query$n_rows) {
    abort_gmm1d("missing", "`", name, "` must have no missing values, not ",
                count_of(query$n_rows - sum(range$w_known), "missing weight"), ".")
  }
  bound <- c(min(range$w_low, Inf, na.rm = TRUE), max(range$w_high, 0, na.rm = TRUE))
  if (bound[1L] < 0) {
    abort_gmm1d("range", "`", name, "` must be non-negative, not ", format(bound[1L]), ".")
  }
  if (!is.finite(bound[2L])) abort_gmm1d("infinite", "`", name, "` must be finite.")
}

abort_empty_column <- function(query) {
  abort_gmm1d("empty", "`", query$x, "` must have at least one value that is not missing; the ",
              "table has ", count_of(query$n_rows, "row"), ".")
}

# NaN and Inf, which engines order with the largest numbers, hide where the others lie.
guarded <- function(query) {
  query$is_guarded <- TRUE
  query$source_of_range <- dplyr::filter(query$source_of_range, abs(.data$x) <= 1.79e308)
  new_squash_query(query, "range", range_summary(query))
}

# Of each group one row: the rows of all shards together.
pooled <- function(range, groups) {
  key <- rep(1L, nrow(range))
  if (length(groups) > 0L) key <- group_numbers(range, groups)
  parts <- split(range, key)
  of_each <- function(f) vapply(parts, f, 1, USE.NAMES = FALSE)
  data.frame(
    n = of_each(function(part) sum(part$rows)),
    low = of_each(function(part) min(part$low)), high = of_each(function(part) max(part$high)),
    mean = of_each(function(part) stats::weighted.mean(part$mean, part$rows)),
    sd = of_each(function(part) {
      away <- part$mean - stats::weighted.mean(part$mean, part$rows)
      sqrt(stats::weighted.mean(ifelse(is.na(part$sd), 0, part$sd)^2 + away^2, part$rows))
    })
  )
}

group_numbers <- function(answer, groups) {
  keys <- unname(as.list(answer[sprintf("g%d", seq_along(groups))]))
  text <- do.call(paste, c(lapply(keys, as.character), sep = "\r"))
  match(text, unique(text))
}

# What the cells hold makes points. Where much lies in one cell, finer ones are asked for.
after_cells <- function(query, cells) {
  if (sum(cells$rows) != query$n_rows) abort_changed()
  if (length(query$groups) > 0L) return(squashed_groups(query, cells))
  points <- squashed_cells(query, cells)
  if (has_low_weights(points)) warn_of_weights(points)
  unless_heavy(points, query)
}

unless_heavy <- function(points, query) {
  heavy <- heavy_regions(points)
  if (nrow(heavy) > 0L) finer_query(query, points, heavy) else points
}

abort_changed <- function() {
  abort_gmm1d("database", "the table has changed between two queries; use a snapshot of it, or a ",
              "transaction that sees one.")
}

squashed_groups <- function(query, cells) {
  number <- group_numbers(cells, query$groups)
  first <- !duplicated(number)
  keys <- stats::setNames(cells[first, sprintf("g%d", seq_along(query$groups)), drop = FALSE],
                          query$groups)
  order <- do.call(base::order, unname(as.list(keys)))
  parts <- unname(split(cells, number))
  points <- lapply(parts[order], function(part) squashed_cells(query, part))
  keys <- keys[order, , drop = FALSE]
  row.names(keys) <- NULL
  structure(points, groups = keys)
}

# Rows of NULL, NaN and Inf have a cell of their own, which is none.
squashed_cells <- function(query, cells) {
  infinite <- is.infinite(cells$low) | is.infinite(cells$high)
  if (any(infinite)) {
    abort_gmm1d("infinite", "`", query$x, "` must be finite, not infinite in ",
                count_of(sum(cells$rows[infinite]), "row"), ".")
  }
  is_missing <- is.na(cells$low)
  n_missing <- sum(cells$rows[is_missing])
  cells <- cells[!is_missing, ]
  sums <- sums_of(cells)
  filled <- sums[1L, ] > 0
  if (!any(filled)) abort_empty_column(query)
  cells <- cells[filled, ]
  sums <- sums[, filled, drop = FALSE]
  if (all(cells$low == cells$high)) {
    values <- squash_cpp(cells$low, sums[1L, ], squash_options(query$control))
    values$n_missing <- n_missing
    return(squashed_of(values))
  }
  step <- lattice_of(c(cells$low, cells$high))
  cells <- merged_cells(cells$level, cells$j, sums)
  grid <- list(level = max(cells$level), first = min(cells$index), refined = NULL)
  new_squashed(points_of_cells_cpp(cells), n_missing, step, cells, grid)
}

sums_of <- function(cells) {
  zeroth <- if ("s0" %in% names(cells)) cells$s0 else cells$rows
  matrix(unlist(c(list(zeroth), cells[sprintf("s%d", 1:5)])), nrow = 6L, byrow = TRUE)
}

# Those of several shards are joined, none is made coarser.
merged_cells <- function(level, index, sums) {
  coarsened_cells_cpp(list(level = as.integer(level), index = index, sums = sums), max(level))
}

# The step of the lattice on which the smallest and largest values of all cells lie.
lattice_of <- function(values) {
  values <- sort(unique(values))
  lattice_step_cpp(new_squashed(list(x = values, w = rep(1, length(values))), 0, 0, NULL, NULL))
}

finer_query <- function(query, points, regions) {
  query$points <- points
  query$regions <- regions
  new_squash_query(query, "finer", cells_query(query, regions, rest = FALSE))
}

after_finer <- function(query, answer) {
  points <- query$points
  cells <- points$cells
  replaced <- in_regions(cells, query$regions)
  sums <- sums_of(answer)
  if (!isTRUE(all.equal(sum(sums[1L, ]), sum(cells$sums[1L, replaced]), tolerance = 1e-9))) {
    abort_changed()
  }
  cells <- merged_cells(
    c(cells$level[!replaced], answer$level), c(cells$index[!replaced], answer$j),
    cbind(cells$sums[, !replaced, drop = FALSE], sums)
  )
  grid <- list(level = points$grid$level, first = points$grid$first, refined = query$regions)
  points <- new_squashed(points_of_cells_cpp(cells), points$n_missing, points$step, cells, grid)
  unless_heavy(points, query)
}
