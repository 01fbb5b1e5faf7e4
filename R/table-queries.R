# What a database is asked: the columns that are needed, and the range of their values.

# `lazy` is built here, when it is first used, so that build_query() sees its errors.
new_squash_query <- function(query, stage, lazy) {
  query$stage <- stage
  query$number <- (query$number %||% 0L) + 1L
  build_query({
    query$query <- lazy
    query$sql <- as.character(dbplyr::sql_render(lazy))
  })
  structure(query, class = "squash_query")
}

# The columns that are needed, renamed: x, w, the errors e, the groups g1, g2, ... and the shard.
# `map` decides what happens if one group fails.
range_query <- function(tbl, column, weights, shard, error, within, control, map = Map,
                        rounding = NULL, ask = NULL) {
  rlang::check_installed(c("dbplyr", "dplyr"), "to fit a table in a database.")
  if (rlang::quo_is_missing(column)) {
    abort_gmm1d("argument", "`column`, the second argument, is missing: name the column to fit.")
  }
  if (!is.null(rounding) && !rlang::quo_is_null(error)) {
    abort_gmm1d("argument", "`rounding` and `error` cannot be combined for a table in a database.")
  }
  groups <- dplyr::group_vars(tbl)
  tbl <- with_quotes(dplyr::ungroup(tbl))
  asked <- list(x = column, w = if (!rlang::quo_is_null(weights)) weights,
                e = if (!rlang::quo_is_null(error)) error,
                shard = if (!rlang::quo_is_null(shard)) shard)
  asked <- asked[lengths(asked) > 0L]
  labels <- lapply(asked, rlang::as_label)
  arguments <- c(x = "column", w = "weights", e = "error", shard = "shard")
  asked <- Map(parse_column, asked, arguments[names(asked)], list(tbl),
               may_be_number = names(asked) == "e")
  column <- asked$x
  error_column <- asked$e
  safe <- with_safe_names(tbl)
  tbl <- safe$tbl
  asked <- lapply(asked, function(column) {
    if (is.numeric(column)) sql_number(column) else safe$renamed_in(column)
  })
  keys <- stats::setNames(lapply(rlang::syms(groups), safe$renamed_in),
                          sprintf("g%d", seq_along(groups)))
  query <- list(x = labels$x, w = labels$w, e = labels$e, column = column,
                error_column = error_column, groups = groups,
                keys = c(names(keys), intersect("shard", names(asked))), within = within,
                rounding = rounding, control = control, map = map, ask = ask, is_guarded = FALSE)
  build_query({
    raw <- renamed(tbl, c(keys, asked))
    query$raw <- raw
    query[c("source", "source_of_range")] <- sources_of_table(raw, query)
  })
  range_summary(query)
}

# Errors of dplyr and dbplyr come from the user's expressions. (dbplyr has cli format a text for
# each expression. If that is interrupted, cli raises an error that replaces the interrupt.)
build_query <- function(code) {
  is_interrupted <- FALSE
  tryCatch(
    withCallingHandlers(code, interrupt = function(i) is_interrupted <<- TRUE),
    error = function(e) {
      if (is_interrupted) rlang::interrupt()
      if (inherits(e, "gmm1d_error")) stop(e)
      abort_gmm1d("argument", "the query cannot be built: ", conditionMessage(e))
    }
  )
}

# Turns a name, a string or an expression into an expression of columns, with the current values of
# everything else in it. If `may_be_number`, it may also be a number for all rows.
parse_column <- function(column, name, tbl, may_be_number = FALSE) {
  expression <- rlang::quo_get_expr(column)
  if (may_be_number && !any(all.vars(expression) %in% colnames(tbl))) {
    value <- tryCatch(rlang::eval_tidy(column), error = function(e) NULL)
    if (is.numeric(value)) return(parse_number(value, name, at_least = 0))
  }
  if (rlang::is_string(expression) && nzchar(expression)) {
    expression <- rlang::sym(expression)
    column <- rlang::quo_set_expr(column, expression)
  }
  if (!is.name(expression) && !is.call(expression)) {
    abort_gmm1d("argument", "`", name, "` must be a name, a string or an expression of columns, ",
                "not ", describe(expression), ".")
  }
  if (is.name(expression) && !as.character(expression) %in% colnames(tbl)) {
    abort_gmm1d("argument", "the table must have a column `", as.character(expression),
                "`; it has ", toString(paste0("`", colnames(tbl), "`")), ".")
  }
  evaluated <- build_query(dbplyr::partial_eval(column, tbl))
  if (!any(all.vars(evaluated) %in% colnames(tbl))) {
    abort_gmm1d("argument", "`", name, "` must use a column of the table, but `",
                rlang::as_label(expression), "` does not.")
  }
  evaluated
}

# The table with other names for columns that dbplyr would misread (`pi` as the number, `NULL` as
# missing), and a function that puts these names into an expression.
with_safe_names <- function(tbl) {
  connection <- dbplyr::remote_con(tbl)
  names <- colnames(tbl)
  quoted <- sql_name(names, connection)
  read <- dbplyr::translate_sql(!!!rlang::syms(names), con = connection, window = FALSE)
  is_odd <- as.character(quoted) != as.character(read)
  odd <- names[is_odd]
  safe <- fresh_names(sprintf("column_%s", odd), names)
  if (any(is_odd)) {
    # filter() makes a separate query, in which no verb reads the names.
    tbl <- dplyr::filter(tbl, 1L == 1L)
    columns <- stats::setNames(lapply(quoted, dplyr::sql), replace(names, is_odd, safe))
    tbl <- dplyr::transmute(tbl, !!!columns)
  }
  renamed_in <- function(column) {
    for (i in seq_along(odd)) column <- with_replaced(column, as.name(odd[i]), as.name(safe[i]))
    column
  }
  list(tbl = tbl, renamed_in = renamed_in, names = stats::setNames(odd, safe))
}

# The columns alone, under new names. dplyr's verbs see new columns immediately, so if the table
# already has a column of a new name, renaming takes two steps.
renamed <- function(tbl, columns) {
  final <- names(columns)
  names(columns) <- fresh_names(final, colnames(tbl))
  renamed <- dplyr::transmute(tbl, !!!columns)
  if (identical(names(columns), final)) return(renamed)
  dplyr::transmute(renamed, !!!stats::setNames(rlang::syms(names(columns)), final))
}

# Names that are not taken, ignoring case.
fresh_names <- function(names, taken) {
  while (any(tolower(names) %in% tolower(taken))) names <- paste0(names, "_")
  names
}

# The columns as doubles, for the cells and the range. The range also has the values without a cast,
# to detect texts. Rows of weight 0 have no value.
sources_of_table <- function(raw, query) {
  as_double <- sql_double(raw)
  keys <- rlang::syms(query$keys)
  names <- c("x", if (!is.null(query$w)) "w", if (!is.null(query$e)) "e")
  doubles <- stats::setNames(lapply(names, as_double), names)
  raws <- list(raw = rlang::expr(.data$x), raw_w = if (!is.null(query$w)) rlang::expr(.data$w),
               raw_e = if (!is.null(query$e)) rlang::expr(.data$e))
  list(dplyr::transmute(raw, !!!keys, !!!doubles),
       dplyr::transmute(raw, !!!keys, !!!raws[lengths(raws) > 0L], !!!doubles))
}

# A column, missing in rows of weight 0.
weighing <- function(name, query) {
  column <- rlang::expr(.data[[!!name]])
  if (is.null(query$w)) column else rlang::expr(dplyr::case_when(.data$w > 0 ~ !!column))
}

range_summary <- function(query, has_moments = TRUE) {
  x <- weighing("x", query)
  raw <- weighing("raw", query)
  moments <- list(mean = rlang::expr(mean(!!x, na.rm = TRUE)), sd = sql_sd(query$source, x))
  texts <- sql_is_text(query$source, "raw")
  of_weights <- if (!is.null(query$w)) {
    rlang::exprs(w_known = !!sql_count(query$source, "w"),
                 w_low = min(.data$raw_w, na.rm = TRUE), w_high = max(.data$raw_w, na.rm = TRUE))
  }
  query$has_moments <- has_moments
  new_squash_query(query, "range", sql_summary(
    query$source_of_range, query$keys,
    c(count_and_ends(raw), if (has_moments) moments,
      if (!is.null(texts)) list(texts = sql_sum(texts)), of_weights, range_of_errors(query))
  ))
}

range_without_moments <- function(query) range_summary(query, has_moments = FALSE)

# NaN and Inf, which databases order with the largest numbers, would hide the range of the others.
guarded <- function(query, range) {
  if (query$is_guarded) {
    abort_gmm1d("database", "the range of `", query$x, "` must be finite where `x - x = 0`, but ",
                "the database answers ", toString(unique(c(range$low, range$high))), ".")
  }
  query$is_guarded <- TRUE
  query$source_of_range <- dplyr::filter(query$source_of_range, !!is_finite("x"))
  range_summary(query, query$has_moments)
}

# True if R cannot tell how a value that is not a number is written in the answers.
is_elsewhere <- function(query) {
  !is.null(query$ask) || is_simulated(dbplyr::remote_con(query$raw))
}

# On every engine, the difference of a number to itself is 0 if and only if it is finite.
is_finite <- function(name) rlang::expr(.data[[!!name]] - .data[[!!name]] == 0L)

grouped <- function(tbl, keys) {
  if (length(keys) > 0L) dplyr::group_by(tbl, !!!rlang::syms(keys)) else tbl
}
