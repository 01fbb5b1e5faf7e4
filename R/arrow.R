#' Tables and datasets of Arrow
#'
#' [gmm1d()], [squash()] and [gmm1d_each()] accept the objects of the arrow package: tables and
#' record batches, datasets of files, dplyr queries, and record batch readers. Only the columns that
#' are needed are read.
#'
#' Tables and record batches are in memory and are fitted like data frames. Datasets, queries and
#' readers are read once, batch by batch, and squashed like any stream ([squash.function()]), so
#' memory does not grow with the size of the files. If there are groups ([dplyr::group_by()] or
#' `by`), the columns that are needed are collected first.
#'
#' `arrow::to_duckdb()` turns any of these into a table in DuckDB, which is queried like other
#' databases ([squash.tbl_lazy]), also with groups. It runs in parallel, and can be queried again
#' if a component is narrower than its cells allow.
#'
#' @param x An object of arrow: a `Table`, `RecordBatch` or `Dataset`, a query with dplyr's verbs, a
#'   `RecordBatchReader` (which is exhausted afterwards), or values in an `Array` or `ChunkedArray`.
#' @param column,by The column with the data, and the columns with the groups, as for data frames:
#'   see [gmm1d()] and [gmm1d_each()].
#' @param weights,error,labels Columns with the observation weights, the standard deviations of the
#'   measurement errors and the known components, as for data frames; default `NULL`.
#' @param rounding,control As for [gmm1d()].
#' @param ... Further arguments of [gmm1d()], [squash()] or [gmm1d_each()]; for data read as a
#'   stream, only those that the methods for streams have.
#'
#' @return As for other data: a `gmm1d` fit, squashed data, or many fits.
#'
#' @section Errors:
#' As for a data frame: see [gmm1d()].
#'
#' @concept Arrow
#' @concept Parquet
#' @concept Feather
#' @concept DuckDB
#' @concept data larger than memory
#' @seealso [gmm1d()], [squash.tbl_lazy] for databases, [squash.function()] for other streams
#' @examplesIf rlang::is_installed("arrow")
#' geysers <- getExportedValue("arrow", "arrow_table")(faithful)
#' gmm1d(geysers, waiting, k = 2)
#' @name gmm1d_arrow
NULL

#' @rdname gmm1d_arrow
#' @exportS3Method
squash.ArrowTabular <- function(x, column, ..., weights = NULL, error = NULL) { # nolint
  frame <- arrow_frame(x, rlang::enquos(column, weights, error))
  squash.data.frame(frame, {{ column }}, ..., weights = {{ weights }}, error = {{ error }})
}

#' @rdname gmm1d_arrow
#' @exportS3Method
squash.Dataset <- function(x, column, ..., weights = NULL, error = NULL, rounding = NULL, # nolint
                           control = gmm1d_control()) {
  asked <- rlang::enquos(column = column, weights = weights, error = error)
  if (length(arrow_groups(x)) == 0L) {
    return(squash.function(arrow_stream(x, asked), rounding, control, ...))
  }
  squash.data.frame(arrow_frame(x, asked), {{ column }}, ..., weights = {{ weights }},
                    error = {{ error }}, rounding = rounding, control = control)
}

#' @rdname gmm1d_arrow
#' @exportS3Method
squash.arrow_dplyr_query <- squash.Dataset # nolint

#' @rdname gmm1d_arrow
#' @exportS3Method
squash.RecordBatchReader <- squash.Dataset # nolint

#' @rdname gmm1d_arrow
#' @exportS3Method
squash.ArrowDatum <- function(x, ...) squash.default(as.vector(x), ...) # nolint

# Reads the columns that these quosures and the groups use into a data frame.
arrow_frame <- function(x, asked) {
  columns <- arrow_columns(x)
  needed <- union(names_asked(asked, columns), arrow_groups(x))
  # If no column is used, the error of the data frame method lists those that exist.
  none <- list2DF(stats::setNames(rep(list(numeric()), length(columns)), columns))
  if (length(needed) == 0L) return(none)
  if (inherits(x, "RecordBatchReader")) {
    batches <- list()
    while (!is.null(batch <- x$read_next_batch())) {
      batches <- c(batches, list(as.data.frame(batch)[needed]))
    }
    return(do.call(rbind, batches) %||% none)
  }
  if (inherits(x, "ArrowTabular")) return(as.data.frame(x[needed]))
  dplyr::collect(dplyr::select(x, dplyr::all_of(needed)))
}

# A stream for squash(): a function that returns the next rows, skipping empty batches, and NULL at
# the end.
arrow_stream <- function(x, asked) {
  columns <- arrow_columns(x)
  column_expression(asked$column, columns)
  reader <- arrow_reader(x, names_asked(asked, columns))
  function() {
    repeat {
      batch <- reader$read_next_batch()
      if (is.null(batch)) return(NULL)
      rows <- as.data.frame(batch)
      if (nrow(rows) > 0L) break
    }
    c(list(x = column_frame(rows, asked$column)$x),
      said_of_rows(rows, asked[c("weights", "error")]))
  }
}

arrow_reader <- function(x, needed) {
  if (inherits(x, "RecordBatchReader")) return(x)
  rlang::check_installed(c("arrow", "dplyr"), "to read Arrow data.")
  getExportedValue("arrow", "as_record_batch_reader")(dplyr::select(x, dplyr::all_of(needed)))
}

arrow_columns <- function(x) {
  if (inherits(x, "RecordBatchReader")) names(x$schema) else names(x)
}

# The groups of a query; other Arrow data have none.
arrow_groups <- function(x) {
  if (inherits(x, "arrow_dplyr_query")) dplyr::group_vars(x) else character()
}
