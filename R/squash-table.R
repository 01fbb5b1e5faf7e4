#' Squash a table in a database
#'
#' `squash(tbl, column)` has a database squash its own data: a first query asks how many values
#' there are and where they lie, a second one groups them into cells (see [squash()]) and sums their
#' moments. Only cells travel; nothing is written. [gmm1d()] asks a third time where a component is
#' narrower than its cells allow.
#'
#' The cells are four times finer than those of a vector, with the standard deviation in the place
#' of the robust scale, so that most fits need no third query. Far from the mean they are coarser;
#' where much lies in one of them, finer ones are asked for, of all groups at once: values that
#' spread over 40 orders of magnitude take a dozen queries. A
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
#' @param error `NULL` (default: values are exact), or the column with the standard deviations of
#'   the errors of the values, likewise, or one number for all: see [gmm1d()]. Up to 2^18 rows, the
#'   distinct pairs of values and errors travel; of more, cells of pairs, which change estimates by
#'   at most 1e-3 standard errors.
#' @param within `NULL` (default), or the window through which values were seen, as for [gmm1d()].
#' @param rounding `NULL` (default: the values are exact), or the step to which they were rounded,
#'   as for [gmm1d()]; it does not go with `error`.
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
                            show_query = FALSE, ..., error = NULL, within = NULL,
                            rounding = NULL) {
  check_no_dots(...)
  query <- range_query(x, rlang::enquo(column), rlang::enquo(weights), rlang::enquo(shard),
                       rlang::enquo(error), parse_bounds(within, "within"),
                       parse_control(control), rounding = parse_rounding(rounding))
  if (parse_flag(show_query, "show_query")) query else points_of(ask_database(query))
}

#' @rdname squash.tbl_lazy
#' @export
squash.squash_query <- function(x, result, ...) {  # nolint: object_name_linter.
  check_no_dots(...)
  if (missing(result)) abort_gmm1d("argument", "`result`, the answer to the query, is missing.")
  after <- after_answer(x, parse_answer(result, x))
  if (inherits(after, "squash_query")) after else points_of(after)
}

#' @rdname squash.tbl_lazy
#' @export
print.squash_query <- function(x, ...) {
  check_no_dots(...)
  cat("-- ", stage_numbers[[x$stage]], ": ", stage_words[[x$stage]],
      "; then: squash(query, result)\n", x$sql, "\n", sep = "")
  invisible(x)
}

stage_words <- c(range = "where the values lie", cells = "what the cells hold",
                 finer = "what finer cells hold", pairs = "which values and errors there are",
                 error_cells = "what the cells of values and errors hold")

stage_numbers <- c(range = 1L, cells = 2L, finer = 3L, pairs = 2L, error_cells = 2L)

# Asks the database until there is nothing more to ask.
ask_database <- function(query) {
  force(query)
  while (inherits(query, "squash_query")) {
    answer <- query_run(query)
    query <- if (is.null(answer)) range_without_moments(query)
             else after_answer(query, parse_answer(answer, query))
  }
  query
}

# The same table with finer cells for the mixtures of each group, as far as there are any.
ask_finer <- function(source, mixtures) {
  regions <- union_of(Map(narrow_regions, lapply(source$parts, `[[`, "points"), mixtures))
  if (nrow(regions) == 0L) return(source)
  ask_database(finer_query(source$query, source$parts, regions))
}

# The answer of the database. (RPostgreSQL warns where others have errors, and gives NULL.) NULL if
# the answer may be had without moments, which of very large numbers may be too large.
query_run <- function(query) {
  warnings <- list()
  connection <- dbplyr::remote_con(query$query)
  show_work(paste("Asking the database", stage_words[[query$stage]]))
  answer <- withCallingHandlers(
    in_savepoint(connection, tryCatch(DBI::dbGetQuery(connection, query$sql), error = identity)),
    warning = function(w) {
      warnings <<- c(warnings, list(w))
      rlang::cnd_muffle(w)
    }
  )
  if (is.data.frame(answer)) {
    for (one in warnings) warning(one)
    return(answer)
  }
  said <- complaint_of(connection, answer, warnings)
  check_type_of_column(query)
  if (isTRUE(query$has_moments)) return(NULL)
  abort_gmm1d("database", "the database reports: ", said)
}

# In PostgreSQL a query that fails ends the transaction that a user may have begun: there it has a
# savepoint of its own.
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

# Alone, a statement begins its own transaction.
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

# A database that fails may have been asked for the mean of texts.
check_type_of_column <- function(query) {
  first <- tryCatch(suppressWarnings(dplyr::collect(utils::head(query$raw, 1L))),
                    error = function(e) NULL)
  for (name in names(first)) {
    value <- first[[name]]
    if (!is.numeric(value) && !all(is.na(value))) abort_no_numbers(query[[name]], value)
  }
}

abort_no_numbers <- function(label, value) {
  abort_gmm1d("type", "`", label, "` must be a numeric column, not one of class ",
              dQuote(class(value)[1L], FALSE), ".")
}
