test_that("connections by drivers for many databases are recognised by dbplyr's dialect", {
  skip_if_not_installed("dbplyr", "2.6.0")
  dialect <- function(name) getExportedValue("dbplyr", paste0("dialect_", name))()
  # Connections like those of RJDBC and adbi: dbplyr asks the driver, or uses the dialect given.
  driver <- function(name) {
    structure(list(), class = c("JDBCConnection", "DBIConnection"), dbplyr_dialect = dialect(name))
  }
  expect_true(is_postgres_connection(driver("postgres")))
  expect_false(is_postgres_connection(driver("oracle")))
  expect_true(is_sqlite_connection(driver("sqlite")))
  types <- c(postgres = "DOUBLE PRECISION", redshift = "DOUBLE PRECISION", oracle = "BINARY_DOUBLE",
             mssql = "FLOAT", spark_sql = "DOUBLE", mysql = "DOUBLE", sqlite = "DOUBLE")
  for (name in names(types)) expect_identical(double_type(driver(name)), types[[name]])
  # The queries equal those of connections that are recognised by their class.
  sql_for <- function(connection) {
    tbl <- dbplyr::lazy_frame(value = 1, con = connection)
    squash(tbl, value, show_query = TRUE)$sql
  }
  for (name in c("postgres", "oracle", "sqlite")) {
    expect_identical(sql_for(dialect(name)),
                     sql_for(getExportedValue("dbplyr", paste0("simulate_", name))()))
  }
})

test_that("connections are recognised by their classes with every version of dbplyr", {
  skip_if_not_installed("dbplyr")
  expect_true(is_postgres_connection(dbplyr::simulate_postgres()))
  expect_true(is_sqlite_connection(local_sqlite()))
  expect_false(is_postgres_connection(local_sqlite()))
  expect_identical(double_type(structure(list(), class = "Oracle")), "BINARY_DOUBLE")
  expect_identical(double_type(structure(list(), class = "unknown")), "DOUBLE PRECISION")
})

test_that("a number times 2^level is the same in a database as in R", {
  connection <- local_sqlite()
  levels <- c(-1070, -600, -49, -1, 0, 1, 49, 50, 1000)
  x <- 2^ifelse(levels > 0, -40, 20) * 3
  texts <- mapply(sql_scaled, sprintf("%.1f", 2^ifelse(levels > 0, 0, 20) * 3), levels)
  texts[levels > 0] <- paste(texts[levels > 0], "/ 1099511627776.0")
  answer <- DBI::dbGetQuery(connection, paste("SELECT", toString(texts)))
  expect_identical(unname(unlist(answer)), x * 2^levels)
})

test_that("a case has the value of the first condition that holds, or the last value", {
  connection <- local_sqlite()
  value <- function(x, conditions, values) {
    sql <- gsub("x", sprintf("%.1f", x), sql_case(conditions, values), fixed = TRUE)
    DBI::dbGetQuery(connection, paste("SELECT", sql, "AS value"))$value
  }
  conditions <- c("x < 1", "x < 2", "x < 3 AND x > 0", "x < 4")
  expect_identical(vapply(c(0, 1, 2, 3, 4), value, 1, conditions, 1:5 / 8), 1:5 / 8)
  # The condition of the last value does not count.
  expect_identical(vapply(c(0, 9), value, 1, conditions[1:2], 1:2 / 8), 1:2 / 8)
  expect_identical(value(9, conditions[1L], 0.5), 0.5)
})

test_that("the sums of groups are those of summarise()", {
  skip_if_not_installed("dbplyr")
  tbl <- dplyr::mutate(dplyr::copy_to(local_sqlite(), datasets::mtcars, "cars"), half = 0.5 * mpg)
  columns <- list(rows = quote(n()), all = quote(sum(half, na.rm = TRUE)), none = NA_real_,
                  known = dplyr::sql("COUNT(wt)"))
  for (keys in list(character(), "cyl", c("gear", "cyl"))) {
    summary <- sql_summary(tbl, keys, columns)
    usual <- dplyr::ungroup(dplyr::summarise(grouped(tbl, keys), !!!columns))
    expect_identical(dbplyr::sql_render(summary), dbplyr::sql_render(usual))
    expect_identical(dplyr::group_vars(summary), character())
    expect_equal(dplyr::collect(summary), dplyr::collect(usual))
  }
})
