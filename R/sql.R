# These functions write SQL that dplyr's verbs cannot. dbplyr prints numbers with 15 digits, so
# numbers that must be exact are whole numbers of fewer digits, or texts of 17 digits.

# A function that casts a column of a lazy table to double precision. (as.double() of dbplyr would
# be NUMERIC, of 15 digits, or DECIMAL(18, 3) on some engines.)
sql_double <- function(tbl) {
  connection <- dbplyr::remote_con(tbl)
  type <- double_type(connection)
  function(name) dplyr::sql(paste0("CAST(", sql_name(name, connection), " AS ", type, ")"))
}

# Names as SQL identifiers, whatever characters they contain.
sql_name <- function(name, connection) {
  escaped <- dbplyr::escape(dbplyr::ident(name), parens = FALSE, collapse = NULL, con = connection)
  dplyr::sql(as.character(escaped))
}

# The SQL type of a double. Drivers for many databases, such as ADBC or JDBC, do not know it.
double_type <- function(connection) {
  of_dialect <- double_types[dialects_of(connection)]
  of_dialect <- of_dialect[!is.na(of_dialect)][1L]
  if (is_of_many(connection) && !is.na(of_dialect)) return(of_dialect[[1L]])
  tryCatch(DBI::dbDataType(connection, 1.5), error = function(e) {
    if (is.na(of_dialect)) "DOUBLE PRECISION" else of_dialect[[1L]]
  })
}

# The types by class of the connection, or of dbplyr's dialect.
double_types <- c(
  Oracle = "BINARY_DOUBLE", sql_dialect_oracle = "BINARY_DOUBLE",
  `Microsoft SQL Server` = "FLOAT", sql_dialect_mssql = "FLOAT",
  Hive = "DOUBLE", sql_dialect_hive = "DOUBLE", Impala = "DOUBLE", sql_dialect_impala = "DOUBLE",
  `Spark SQL` = "DOUBLE", sql_dialect_spark_sql = "DOUBLE",
  Snowflake = "DOUBLE", sql_dialect_snowflake = "DOUBLE",
  MariaDBConnection = "DOUBLE", sql_dialect_mariadb = "DOUBLE",
  MySQLConnection = "DOUBLE", sql_dialect_mysql = "DOUBLE",
  SQLiteConnection = "DOUBLE", sql_dialect_sqlite = "DOUBLE",
  sql_dialect_postgres = "DOUBLE PRECISION", sql_dialect_redshift = "DOUBLE PRECISION"
)

is_of_many <- function(connection) {
  inherits(connection, c("AdbiConnection", "JDBCConnection")) ||
    !is.null(attr(connection, "dbplyr_dialect", exact = TRUE))
}

# The classes of a connection, with that of its dialect first. Since version 2.6 dbplyr also knows
# the dialect behind drivers for many databases.
dialects_of <- function(connection) {
  ask <- get0("sql_dialect", asNamespace("dbplyr"), inherits = FALSE)
  dialect <- if (!is.null(ask)) tryCatch(class(ask(connection)), error = function(e) NULL)
  unique(c(dialect, class(connection)))
}

# A number as a text of 17 digits.
sql_number <- function(x) dplyr::sql(sprintf(if (x < 0) "(%.16e)" else "%.16e", x))

# x 2^level as an expression: products and quotients of whole numbers of at most 15 digits.
sql_scaled <- function(x, level) {
  most <- 49
  while (level != 0) {
    by <- min(abs(level), most)
    x <- if (level > 0) rlang::expr(!!x * !!2^by) else rlang::expr(!!x / !!2^by)
    level <- level - sign(level) * by
  }
  x
}

is_postgres <- function(tbl) is_postgres_connection(dbplyr::remote_con(tbl))

is_postgres_connection <- function(connection) {
  any(c("sql_dialect_postgres", "PostgreSQLConnection", "PqConnection") %in%
        dialects_of(connection))
}

is_sqlite <- function(tbl) is_sqlite_connection(dbplyr::remote_con(tbl))

is_sqlite_connection <- function(connection) {
  any(c("sql_dialect_sqlite", "SQLiteConnection") %in% dialects_of(connection))
}

# The standard deviation of x, or NA if the database has no function for it.
sql_sd <- function(tbl, x) {
  sd <- rlang::call2("sd", x, na.rm = TRUE)
  is_known <- tryCatch(
    is.character(dbplyr::translate_sql(!!sd, con = dbplyr::remote_con(tbl), window = FALSE)),
    error = function(e) FALSE
  )
  if (is_known) sd else NA_real_
}

# The number of values of a column that are not missing. (dbplyr's translation of is.na() is not
# valid SQL in a Turkish locale, where the upper case of "is" is not "IS".)
sql_count <- function(tbl, name) {
  dplyr::sql(paste0("COUNT(", sql_name(name, dbplyr::remote_con(tbl)), ")"))
}

# 1 if a value is a text: only SQLite allows texts in a numeric column.
sql_is_text <- function(tbl, name) {
  connection <- dbplyr::remote_con(tbl)
  if (!is_sqlite_connection(connection)) return(NULL)
  type <- paste0("typeof(", sql_name(name, connection), ")")
  dplyr::sql(paste0("CASE WHEN ", type, " IN ('text', 'blob') THEN 1 ELSE 0 END"))
}
