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

# The SQL type of a double. Drivers of dialects that are not in the table may know it.
double_type <- function(connection) {
  name <- dialect_of(connection)
  if (!is.null(name)) return(dialects[[name]]$double)
  tryCatch(DBI::dbDataType(connection, 1.5), error = function(e) dialects$standard$double)
}

# A number as a text of 17 digits.
sql_number <- function(x) dplyr::sql(sprintf(if (x < 0) "(%.16e)" else "%.16e", x))

# x 2^level, for a text x: products and quotients of whole numbers of at most 15 digits.
sql_scaled <- function(x, level) {
  most <- 49
  while (level != 0) {
    by <- min(abs(level), most)
    x <- paste0(x, if (level > 0) " * " else " / ", sprintf("%.1f", 2^by))
    level <- level - sign(level) * by
  }
  x
}

# The value of the first condition that holds; the last value applies if none of the others does.
# Conditions and values are texts: dbplyr takes seconds to translate hundreds of them.
sql_case <- function(conditions, values) {
  last <- length(values)
  if (last == 1L) return(dplyr::sql(as.character(values)))
  cases <- paste0("WHEN (", conditions[seq_len(last - 1L)], ") THEN ", values[-last])
  dplyr::sql(paste(c("CASE", cases, paste("ELSE", values[last]), "END"),
                   collapse = if (last > 3L) "\n" else " "))
}

# One row for each group, with columns that sum it up. Before version 2.6, dbplyr's summarise()
# formats a text with cli for each column, which takes longer than the rest of the query. (Before
# version 2.3, lazy queries are made otherwise.)
sql_summary <- function(tbl, keys, columns) {
  version <- utils::packageVersion("dbplyr")
  if (version < "2.3.0" || version >= "2.6.0") {
    return(dplyr::ungroup(dplyr::summarise(grouped(tbl, keys), !!!columns)))
  }
  keys <- rlang::syms(stats::setNames(nm = keys))
  columns <- lapply(columns, function(column) {
    rlang::new_quosure(dbplyr::partial_eval(column, tbl))
  })
  tbl$lazy_query <- getExportedValue("dbplyr", "lazy_select_query")(
    tbl$lazy_query, select = c(keys, columns), group_by = unname(keys), group_vars = character(),
    select_operation = "summarise"
  )
  tbl
}

is_postgres <- function(tbl) is_postgres_connection(dbplyr::remote_con(tbl))

is_postgres_connection <- function(connection) identical(dialect_of(connection), "postgres")

is_sqlite <- function(tbl) is_sqlite_connection(dbplyr::remote_con(tbl))

is_sqlite_connection <- function(connection) identical(dialect_of(connection), "sqlite")

# The standard deviation of x, or NA if the database has no function for it.
sql_sd <- function(tbl, x) {
  connection <- dbplyr::remote_con(tbl)
  # The function that dbplyr knows is not SQLite's, but one of the package RSQLite.
  if (is_sqlite_connection(connection) && is_simulated(connection)) return(NA_real_)
  sd <- rlang::call2("sd", x, na.rm = TRUE)
  is_known <- tryCatch(
    is.character(dbplyr::translate_sql(!!sd, con = connection, window = FALSE)),
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
