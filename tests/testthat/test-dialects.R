# What each engine calls a double, and its quotes around a name.
known_dialects <- list(
  standard = c("DOUBLE PRECISION", "\"a b\""), postgres = c("DOUBLE PRECISION", "\"a b\""),
  redshift = c("DOUBLE PRECISION", "\"a b\""), duckdb = c("DOUBLE", "\"a b\""),
  sqlite = c("DOUBLE", "\"a b\""), mysql = c("DOUBLE", "`a b`"), mariadb = c("DOUBLE", "`a b`"),
  sqlserver = c("FLOAT", "[a b]"), oracle = c("BINARY_DOUBLE", "\"a b\""),
  snowflake = c("DOUBLE", "\"a b\""), bigquery = c("FLOAT64", "`a b`"),
  spark = c("DOUBLE", "`a b`"), hive = c("DOUBLE", "`a b`"), impala = c("DOUBLE", "`a b`"),
  clickhouse = c("Nullable(Float64)", "\"a b\""), teradata = c("DOUBLE PRECISION", "\"a b\"")
)

test_that("every dialect has its type of a double and its quotes, in queries and predictions", {
  skip_if_not_installed("dbplyr")
  expect_setequal(names(dialects), names(known_dialects))
  fit <- gmm1d(faithful$waiting, k = 2)
  range <- data.frame(rows = 9, low = -1e6, high = 90, mean = 4, sd = 2, texts = 0)
  for (name in names(known_dialects)) {
    tbl <- sql_table("shop.events", c("a b", "group"), name)
    query <- squash(dplyr::group_by(tbl, .data$group), `a b`, show_query = TRUE)
    queries <- c(query$sql, squash(query, cbind(range, g1 = 1))$sql,
                 as.character(dbplyr::sql_render(predict(fit, tbl, column = `a b`))))
    type <- known_dialects[[name]][1L]
    for (sql in queries) {
      expect_match(sql, paste0(" AS ", type, ")"), fixed = TRUE, label = name)
      expect_match(sql, known_dialects[[name]][2L], fixed = TRUE, label = name)
      expect_match(sql, "FROM \\(?shop[.]events", label = name)
      others <- setdiff(c("\"", "`", "["), substr(known_dialects[[name]][2L], 1L, 1L))
      for (quote in others) expect_no_match(sql, quote, fixed = TRUE)
    }
    expect_match(queries[2L], "GROUP BY")
    # SQLite itself has no function for it.
    expect_match(queries[1L], if (name == "sqlite") "NULL AS \"sd\"" else "STDDEV|STDEV")
  }
})

test_that("tables that dbplyr simulates are quoted as their engines do", {
  skip_if_not_installed("dbplyr")
  quotes <- c(postgres = "\"x\"", hive = "`x`", mssql = "[x]", mysql = "`x`", oracle = "\"x\"")
  for (name in names(quotes)) {
    connection <- getExportedValue("dbplyr", paste0("simulate_", name))()
    tbl <- dbplyr::lazy_frame(x = 1, con = connection, .name = "events")
    expect_match(squash(tbl, x, show_query = TRUE)$sql, paste("SELECT", quotes[[name]]),
                 fixed = TRUE)
  }
})

test_that("quotes within names are doubled", {
  skip_if_not_installed("dbplyr")
  sql <- function(dialect) squash(sql_table("t", "a\"b`c]d", dialect), `a"b\`c]d`,
                                  show_query = TRUE)$sql
  expect_match(sql("duckdb"), "\"a\"\"b`c]d\"", fixed = TRUE)
  expect_match(sql("spark"), "`a\"b``c]d`", fixed = TRUE)
  expect_match(sql("sqlserver"), "[a\"b`c]]d]", fixed = TRUE)
})

test_that("a dialect goes by several names, in any case, and dplyr's verbs keep it", {
  skip_if_not_installed("dbplyr")
  expect_identical(squash(sql_table("t", "x", "PostgreSQL"), x, show_query = TRUE)$sql,
                   squash(sql_table("t", "x", "postgres"), x, show_query = TRUE)$sql)
  expect_identical(squash(sql_table("t", "x", "Databricks"), x, show_query = TRUE)$sql,
                   squash(sql_table("t", "x", "spark"), x, show_query = TRUE)$sql)
  tbl <- dplyr::filter(dplyr::mutate(sql_table("t", "x", "bigquery"), y = log(x)), y > 0)
  expect_match(squash(tbl, y, show_query = TRUE)$sql, "FLOAT64", fixed = TRUE)
})

test_that("only PostgreSQL gets the union with no rows that keeps it from sorting", {
  skip_if_not_installed("dbplyr")
  range <- data.frame(rows = 9, low = 1, high = 9, mean = 4, sd = 2)
  second <- function(name) {
    squash(squash(sql_table("t", "x", name), x, show_query = TRUE), transform(range, texts = 0))$sql
  }
  for (name in names(known_dialects)) expect_identical(grepl("UNION", second(name)),
                                                       name == "postgres")
})

test_that("a table is named by texts", {
  skip_if_not_installed("dbplyr")
  for (name in list(3, c("a", "b"), "", NA_character_, NULL)) {
    expect_error(sql_table(name, "x"), "`name`", class = "gmm1d_error_type")
  }
  for (columns in list(3, character(), c("a", NA), "")) {
    expect_error(sql_table("t", columns), "`columns`", class = "gmm1d_error_type")
  }
  for (dialect in list("sql", 3, NULL, c("spark", "hive"))) {
    expect_error(sql_table("t", "x", dialect), "`dialect`", class = "gmm1d_error_argument")
  }
  expect_error(sql_table("t", c("a", "b", "a")), "`a`", class = "gmm1d_error_argument")
  expect_error(sql_table("t"), "`columns`", class = "gmm1d_error_argument")
  expect_error(sql_table(), "`name`", class = "gmm1d_error_argument")
})
