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
