#' A table on any engine that answers SQL
#'
#' Names a table that R has no connection to, such as one in Spark, ClickHouse or BigQuery, or in a
#' database that only a program on the command line can reach. Give it to [squash()], [gmm1d()] or
#' [gmm1d_each()] with `ask`, a function that runs a query, or write the queries with
#' `show_query = TRUE`: see [squash.tbl_lazy]. dplyr's verbs work on it, and
#' [predict()][predict.gmm1d] adds columns to it.
#'
#' @details
#' The dialects are `"postgres"`, `"redshift"`, `"duckdb"`, `"sqlite"`, `"mysql"`, `"mariadb"`,
#' `"sqlserver"`, `"oracle"`, `"snowflake"`, `"bigquery"`, `"spark"`, `"hive"`, `"impala"`,
#' `"clickhouse"`, `"teradata"` and `"standard"`. They differ in the type of a double, in the quotes
#' around names and in the name of the standard deviation. An engine that is not among them is asked
#' in the words of the SQL standard, with the type `DOUBLE PRECISION` and double quotes. Engines
#' derived from one of these usually understand its dialect (Databricks that of `"spark"`,
#' CockroachDB that of `"postgres"`, Trino that of the standard).
#'
#' `dbplyr::lazy_frame(x = 1, con = dbplyr::simulate_postgres(), .name = "events")` is the same for
#' the dialects that dbplyr simulates.
#'
#' @param name A string: the table as it is written after `FROM` in SQL, for example `"events"`,
#'   `"shop.events"` or, for DuckDB, `"'events.parquet'"`. It is used unchanged.
#' @param columns A character vector: the names of the columns that are needed.
#' @param dialect A string: the dialect of the engine, in any case; default `"standard"`.
#'
#' @return A lazy table of dbplyr, of class `tbl_lazy`.
#'
#' @section Errors:
#' `gmm1d_error_type` (`name` or `columns` are not texts), `gmm1d_error_argument` (an unknown
#' dialect, a column that is named twice).
#'
#' @seealso [squash.tbl_lazy] for `ask`
#' @concept Spark
#' @concept ClickHouse
#' @concept DuckDB
#' @concept BigQuery
#' @concept Parquet
#' @concept data larger than memory
#' @examplesIf rlang::is_installed("dbplyr")
#' events <- sql_table("shop.events", c("price", "country"), dialect = "spark")
#' squash(events, log(price), show_query = TRUE)
#' @export
sql_table <- function(name, columns, dialect = "standard") {
  if (missing(name)) abort_gmm1d("argument", "`name`, the table, is missing.")
  if (missing(columns)) {
    abort_gmm1d("argument", "`columns` is missing: name the columns that are needed.")
  }
  check_table_name(name)
  check_column_names(columns)
  dialect <- parse_dialect(dialect)
  rlang::check_installed(c("dbplyr", "dplyr"), "to ask a database.")
  connection <- simulated_connection(dialect)
  row <- as.data.frame(stats::setNames(as.list(rep(1, length(columns))), columns),
                       optional = TRUE)
  name <- dbplyr::ident_q(name)
  tbl <- dbplyr::tbl_lazy(row, con = connection, name = name)
  # Before version 2.5, dbplyr quotes the names of tables without a connection.
  if (utils::packageVersion("dbplyr") < "2.5.0") {
    remote <- dbplyr::tbl_sql("lazy", dbplyr::src_dbi(connection), name, vars = columns)
    tbl[["lazy_query"]] <- remote[["lazy_query"]]
  }
  tbl
}

check_table_name <- function(name) {
  if (rlang::is_string(name) && nzchar(name)) return(invisible())
  is_text <- is.character(name) && !anyNA(name)
  abort_gmm1d("type", "`name` must be one string, the table as it is written after FROM, not ",
              if (is_text) count_of(sum(nzchar(name)), "string") else describe(name), ".")
}

check_column_names <- function(columns) {
  if (!is.character(columns) || length(columns) == 0L || anyNA(columns) || !all(nzchar(columns))) {
    abort_gmm1d("type", "`columns` must be names of columns as strings, not ",
                if (length(columns) == 0L) "none" else if (is.character(columns)) "empty or NA"
                else describe(columns), ".")
  }
  if (anyDuplicated(columns) > 0L) {
    abort_gmm1d("argument", "`columns` must be different, but `",
                columns[anyDuplicated(columns)], "` is given twice.")
  }
}

parse_dialect <- function(dialect) {
  if (rlang::is_string(dialect)) dialect <- tolower(dialect)
  ours <- if (rlang::is_string(dialect)) intersect(names(dialects_of_others), dialect)
  if (length(ours) > 0L) return(dialects_of_others[[ours]])
  if (!rlang::is_string(dialect) || !dialect %in% names(dialects)) {
    abort_gmm1d("argument", "`dialect` must be one of ",
                toString(dQuote(names(dialects), FALSE)), " (for any other engine), not ",
                if (rlang::is_string(dialect)) dQuote(dialect, FALSE) else describe(dialect),
                meant_words(dialect, names(dialects)))
  }
  dialect
}

# Other names of dialects.
dialects_of_others <- c(
  postgresql = "postgres", `spark sql` = "spark", spark_sql = "spark", sparksql = "spark",
  databricks = "spark", mssql = "sqlserver", `sql server` = "sqlserver", tsql = "sqlserver",
  googlesql = "bigquery", ansi = "standard"
)

# A dialect: the type of a double that may be NULL, the quotes around a name, the simulations of
# dbplyr that write it (the first that this version has), and the classes of connections and of
# dbplyr's dialects that use it.
new_dialect <- function(double, quotes, simulations, classes = character()) {
  list(double = double, quotes = rep_len(quotes, 2L), simulations = simulations, classes = classes)
}

dialects <- list(
  postgres = new_dialect("DOUBLE PRECISION", "\"", "postgres",
                         c("sql_dialect_postgres", "PostgreSQLConnection", "PqConnection")),
  redshift = new_dialect("DOUBLE PRECISION", "\"", "redshift",
                         c("sql_dialect_redshift", "RedshiftConnection", "Redshift")),
  duckdb = new_dialect("DOUBLE", "\"", "postgres", "duckdb_connection"),
  sqlite = new_dialect("DOUBLE", "\"", "sqlite", c("sql_dialect_sqlite", "SQLiteConnection")),
  mysql = new_dialect("DOUBLE", "`", "mysql", c("sql_dialect_mysql", "MySQLConnection", "MySQL")),
  mariadb = new_dialect("DOUBLE", "`", c("mariadb", "mysql"),
                        c("sql_dialect_mariadb", "MariaDBConnection")),
  sqlserver = new_dialect("FLOAT", c("[", "]"), "mssql",
                          c("sql_dialect_mssql", "Microsoft SQL Server")),
  oracle = new_dialect("BINARY_DOUBLE", "\"", "oracle",
                       c("sql_dialect_oracle", "Oracle", "OraConnection")),
  snowflake = new_dialect("DOUBLE", "\"", "snowflake", c("sql_dialect_snowflake", "Snowflake")),
  bigquery = new_dialect("FLOAT64", "`", "odbc", "BigQueryConnection"),
  spark = new_dialect("DOUBLE", "`", c("spark_sql", "hive"),
                      c("sql_dialect_spark_sql", "Spark SQL", "spark_connection")),
  hive = new_dialect("DOUBLE", "`", "hive", c("sql_dialect_hive", "Hive")),
  impala = new_dialect("DOUBLE", "`", "impala", c("sql_dialect_impala", "Impala")),
  clickhouse = new_dialect("Nullable(Float64)", "\"", "odbc",
                           c("ClickhouseConnection", "ClickHouseHTTPConnection")),
  teradata = new_dialect("DOUBLE PRECISION", "\"", "teradata",
                         c("sql_dialect_teradata", "Teradata")),
  standard = new_dialect("DOUBLE PRECISION", "\"", "odbc")
)

# The name of the dialect of a connection, NULL if it is not known.
dialect_of <- function(connection) {
  given <- attr(connection, "gmm1d_dialect", exact = TRUE)
  if (!is.null(given)) return(given)
  for (class in dialects_of(connection)) {
    for (name in names(dialects)) if (class %in% dialects[[name]]$classes) return(name)
  }
  NULL
}

# The classes of a connection, with that of its dialect first. Since version 2.6 dbplyr also knows
# the dialect behind drivers for many databases.
dialects_of <- function(connection) {
  ask <- get0("sql_dialect", asNamespace("dbplyr"), inherits = FALSE)
  dialect <- if (!is.null(ask)) tryCatch(class(ask(connection)), error = function(e) NULL)
  unique(c(dialect, class(connection)))
}

# A connection of dbplyr that only writes SQL, in a dialect.
simulated_connection <- function(name) {
  simulations <- paste0("simulate_", dialects[[name]]$simulations)
  known <- simulations[simulations %in% getNamespaceExports("dbplyr")]
  connection <- getExportedValue("dbplyr", known[1L])()
  attr(connection, "gmm1d_dialect") <- name
  quoting(connection)
}

is_simulated <- function(connection) inherits(connection, c("TestConnection", "sql_dialect"))

# The table with names in the quotes of its dialect, if it is simulated. (Before version 2.6, dbplyr
# quotes all names of simulated tables by backticks, and since then those of Hive by double quotes.)
with_quotes <- function(tbl) {
  connection <- dbplyr::remote_con(tbl)
  if (!is_simulated(connection) || inherits(connection, "ACCESS")) return(tbl)
  connection <- quoting(connection)
  if (!is.null(tbl[["con"]])) tbl[["con"]] <- connection
  if (!is.null(tbl[["src"]]$con)) tbl[["src"]]$con <- connection
  tbl
}

# Versions of dbplyr before 2.6 ask a method of the connection's class how to quote, later ones its
# dialect.
quoting <- function(connection) {
  name <- dialect_of(connection) %||% "standard"
  attr(connection, "gmm1d_dialect") <- name
  ask <- get0("sql_dialect", asNamespace("dbplyr"), inherits = FALSE)
  if (is.null(ask)) {
    class(connection) <- unique(c("gmm1d_quoting", class(connection)))
    return(connection)
  }
  dialect <- ask(connection)
  if (!is.list(dialect) || is.null(dialect$quote_identifier)) return(connection)
  dialect$quote_identifier <- function(x) sql_in_quotes(x, dialects[[name]]$quotes)
  attr(connection, "dbplyr_dialect") <- dialect
  connection
}

#' @exportS3Method dbplyr::sql_escape_ident
sql_escape_ident.gmm1d_quoting <- function(con, x) { # nolint: object_name_linter.
  sql_in_quotes(x, dialects[[dialect_of(con)]]$quotes)
}

# A closing quote within a name is doubled.
sql_in_quotes <- function(names, quotes) {
  escaped <- gsub(quotes[2L], strrep(quotes[2L], 2L), as.character(names), fixed = TRUE)
  quoted <- if (length(names) == 0L) character() else paste0(quotes[1L], escaped, quotes[2L])
  dplyr::sql(ifelse(is.na(names), "NULL", quoted))
}
