#' Squash a table in a database
#'
#' `squash(tbl, column)` squashes a table inside the database. A first query finds the number and
#' the range of the values, a second one groups them into cells (see [squash()]) and sums their
#' moments. Only the cells are transferred; nothing is written. [gmm1d()] runs a third query if a
#' component is too narrow for its cells.
#'
#' The cells are four times finer than those of a vector, and based on the standard deviation
#' instead of the robust scale, so most fits need no third query. Far from the mean they are
#' coarser. If one cell holds too many values, finer cells are queried, for all groups at once:
#' values such as 1e300 or -9999, which stand for missing ones, take one or two more queries. There
#' are never more than eight queries; if cells are then still too wide for a component, [gmm1d()]
#' warns. A cell with one distinct value represents it exactly, so nothing is lost if there are few
#' distinct values, or some far out. Sums in double precision depend on the order of the additions
#' in the database, so the last digits may differ from run to run.
#'
#' NULL and NaN are missing values on every engine, and infinite values are an error. (A value is
#' finite if `x - x = 0`. If the range of all values is not finite, one more query asks for that of
#' the finite ones.)
#'
#' @section Tables without a connection:
#' If R has no connection to the engine, name the table with [sql_table()], or with
#' `dbplyr::lazy_frame()` and one of dbplyr's simulated connections. `ask` then runs the queries: a
#' function of one argument, the query as a string, that returns a data frame with the columns of
#' the query. Names may be in capitals; numbers may be integer, double, integer64 or text, and
#' missing ones NA, NaN or empty. Clients should write numbers with all digits (17): rounded ones
#' change the estimates. An error of `ask` becomes one of class `gmm1d_error_database`, with its
#' message.
#'
#' With `show_query = TRUE` nothing is run. The result holds the first query. Run it, and give its
#' answer (a data frame) to `squash(query, answer)`: that returns the next query or the squashed
#' data.
#'
#' `predict()` of such a table returns a table again; `dbplyr::sql_render()` shows its query, which
#' `ask` can run.
#'
#' @param x A lazy table of dbplyr: [dplyr::tbl()] of a connection, [sql_table()], or the result of
#'   dplyr verbs on one; or a `squash_query`. The groups of a grouped table ([dplyr::group_by()])
#'   are squashed separately.
#' @param column The column with the data: a name, a string, or an expression of columns that the
#'   database evaluates. Integer, real, numeric and bigint columns are read as doubles; NULL and NaN
#'   are missing values.
#' @param weights `NULL` (default: all 1), or the column with the observation weights, likewise.
#' @param error `NULL` (default: exact), or the column with the standard deviations of the errors of
#'   the values, likewise, or one number for all: see [gmm1d()]. Up to 2^18 rows, the distinct pairs
#'   of values and errors are transferred; for more, cells of pairs, which change estimates by at
#'   most 1e-3 standard errors.
#' @param within `NULL` (default), or the window through which the values were observed, as for
#'   [gmm1d()].
#' @param rounding `NULL` (default: exact), or the rounding unit of the values, as for [gmm1d()]; it
#'   cannot be combined with `error`.
#' @param shard `NULL` (default), or the column that identifies the server of a row, likewise. Both
#'   queries then group by it, so that a coordinator (such as postgres_fdw with
#'   `enable_partitionwise_aggregate`) can delegate the work to the servers; the parts are merged
#'   here.
#' @param control The result of [gmm1d_control()], or a list of its arguments: `cells` is used.
#' @param ask `NULL` (default: the connection of the table runs the queries), or a function that
#'   runs a query, given as a string, and returns a data frame: see below.
#' @param show_query `FALSE` (default) or `TRUE`: return the query without running it.
#' @param result The answer to a query: a data frame with the columns of the query.
#' @param ... Not used; an unknown argument is an error.
#'
#' @return Squashed data (see [squash()]); for a grouped table, a list of them, with the groups as
#'   attribute `groups` (a data frame, one row for each). With `show_query = TRUE` a `squash_query`,
#'   a list with `sql` (text), `query` (a lazy table) and the results so far.
#'
#' @section Errors:
#' `gmm1d_error_argument` (no such column), `gmm1d_error_type` (a column that is not numeric),
#' `gmm1d_error_infinite`, `gmm1d_error_empty`, `gmm1d_error_missing` and `gmm1d_error_range`
#' (weights), `gmm1d_error_database` (the database reports an error, or the table has changed
#' between two queries; its message is kept). `gmm1d_error_type` and `gmm1d_error_shape` also if
#' `ask` does not return a data frame, or one with the wrong number of rows.
#'
#' @seealso [gmm1d()], [predict.gmm1d()], [sql_table()]
#' @concept any database
#' @concept Spark
#' @concept ClickHouse
#' @concept data larger than memory
#' @examples
#' if (requireNamespace("dbplyr", quietly = TRUE) && requireNamespace("RSQLite", quietly = TRUE)) {
#'   connection <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
#'   geysers <- dplyr::copy_to(connection, faithful, "geysers")
#'   print(squash(geysers, waiting))
#'   print(squash(geysers, waiting, show_query = TRUE))
#'   print(gmm1d(geysers, waiting, k = 2))
#'
#'   # the same where R has no connection: a function runs the queries
#'   ask <- function(sql) DBI::dbGetQuery(connection, sql)
#'   print(gmm1d(sql_table("geysers", "waiting", "sqlite"), waiting, k = 2, ask = ask))
#'   DBI::dbDisconnect(connection)
#' }
#' @name squash.tbl_lazy
NULL

#' @rdname squash.tbl_lazy
#' @export
squash.tbl_lazy <- function(x, column, weights = NULL, shard = NULL,  # nolint: object_name_linter.
                            control = gmm1d_control(),
                            show_query = FALSE, ..., error = NULL, within = NULL,
                            rounding = NULL, ask = NULL) {
  check_no_dots(...)
  query <- range_query(x, rlang::enquo(column), rlang::enquo(weights), rlang::enquo(shard),
                       rlang::enquo(error), parse_bounds(within, "within"),
                       parse_control(control), rounding = parse_rounding(rounding),
                       ask = parse_ask(ask))
  if (parse_flag(show_query, "show_query")) query else points_of(ask_database(query))
}

#' @rdname squash.tbl_lazy
#' @export
squash.squash_query <- function(x, result, ...) {  # nolint: object_name_linter.
  check_no_dots(...)
  if (missing(result)) abort_gmm1d("argument", "`result`, the answer to the query, is missing.")
  result <- parse_frame(result, "`result` must be")
  after <- after_answer(x, parse_answer(result, x, may_be_text = TRUE))
  if (inherits(after, "squash_query")) after else points_of(after)
}

#' @rdname squash.tbl_lazy
#' @export
print.squash_query <- function(x, ...) {
  check_no_dots(...)
  cat("-- ", x$number, ": ", stage_words[[x$stage]],
      "; then: squash(query, result)\n", x$sql, "\n", sep = "")
  invisible(x)
}

stage_words <- c(range = "the range of the values", cells = "the contents of the cells",
                 finer = "the contents of finer cells", pairs = "the pairs of values and errors",
                 error_cells = "the contents of cells of values and errors")

# Runs queries until the data are squashed.
ask_database <- function(query) {
  force(query)
  while (inherits(query, "squash_query")) {
    answer <- query_run(query)
    query <- if (is.null(answer)) range_without_moments(query)
             else after_answer(query, parse_answer(answer, query, !is.null(query$ask)))
  }
  query
}

# The same table with finer cells where the mixtures of a group need them, if they are available.
ask_finer <- function(source, mixtures) {
  extents <- extents_over(source$parts)
  regions <- union_of(Map(narrow_regions, source$parts, mixtures, list(extents)))
  if (nrow(regions) == 0L || source$query$number >= most_queries) return(source)
  ask_database(finer_query(source$query, source$parts, regions))
}

# The answer of the database. NULL if the query should be tried without moments, which may overflow
# for very large numbers.
query_run <- function(query) {
  show_work(paste("Querying the database for", stage_words[[query$stage]]))
  answer <- answer_to(query, query$sql)
  if (is.data.frame(answer)) return(answer)
  if (query$stage == "range" && query$has_moments) return(NULL)
  check_type_of_column(query)
  abort_gmm1d("database", "the database reports: ", conditionMessage(answer))
}

# The answer to SQL, or an error.
answer_to <- function(query, sql) {
  connection <- dbplyr::remote_con(query$query)
  if (!is.null(query$ask)) answer_elsewhere(query$ask, sql)
  else if (!is_simulated(connection)) answer_of_connection(connection, sql)
  else {
    abort_gmm1d("argument", "`ask` is missing: R has no connection to the table. Give a function ",
                "of a query that returns a data frame, or `squash()` with `show_query = TRUE`.")
  }
}

# (RPostgreSQL warns and returns NULL where other drivers raise an error.)
answer_of_connection <- function(connection, sql) {
  warnings <- list()
  answer <- withCallingHandlers(
    in_savepoint(connection, tryCatch(DBI::dbGetQuery(connection, sql), error = identity)),
    warning = function(w) {
      warnings <<- c(warnings, list(w))
      rlang::cnd_muffle(w)
    }
  )
  if (!is.data.frame(answer)) return(simpleError(complaint_of(connection, answer, warnings)))
  for (one in warnings) warning(one)
  answer
}

# In PostgreSQL a query that fails aborts the transaction that the user may have begun, so there it
# gets a savepoint.
in_savepoint <- function(connection, answer) {
  if (!is_in_transaction(connection)) return(answer)
  say <- function(words) suppressWarnings(DBI::dbExecute(connection, words))
  say("SAVEPOINT gmm1d")
  failed <- TRUE
  on.exit({
    if (failed) say("ROLLBACK TO SAVEPOINT gmm1d")
    say("RELEASE SAVEPOINT gmm1d")
  })
  failed <- !is.data.frame(answer)
  answer
}

# Outside a transaction, a statement begins its own.
is_in_transaction <- function(connection) {
  if (!is_postgres_connection(connection)) return(FALSE)
  asked <- "SELECT now() < statement_timestamp() AS later"
  isTRUE(tryCatch(DBI::dbGetQuery(connection, asked)$later, error = function(e) FALSE))
}

complaint_of <- function(connection, answer, warnings) {
  if (inherits(answer, "error")) return(conditionMessage(answer))
  said <- tryCatch(DBI::dbGetException(connection)$errorMsg, error = function(e) NULL)
  trimws(paste(said %||% vapply(warnings, conditionMessage, ""), collapse = "; "))
}

# The query may have failed because the column is not numeric.
check_type_of_column <- function(query) {
  columns <- dplyr::select(query$raw, dplyr::any_of(c("x", "w", "e")))
  sql <- as.character(dbplyr::sql_render(utils::head(columns, 1L)))
  first <- answer_to(query, sql)
  if (!is.data.frame(first)) return(invisible())
  for (name in names(first)) {
    if (is.null(numbers_of_answer(first[[name]], !is.null(query$ask)))) {
      abort_no_numbers(query[[tolower(name)]], first[[name]])
    }
  }
}

abort_no_numbers <- function(label, value) {
  abort_gmm1d("type", "`", label, "` must be a numeric column, not one of class ",
              dQuote(class(value)[1L], FALSE), ".")
}
