# Runs the recipes of vignettes/tables-anywhere.Rmd as the page has them, if their program is there.

# The lines of each recipe, from the sources or the installed package.
recipes <- local({
  pages <- c(test_path("..", "..", "vignettes", "tables-anywhere.Rmd"),
             system.file("doc", "tables-anywhere.Rmd", package = "gmm1d"))
  lines <- unlist(lapply(utils::head(pages[file.exists(pages)], 1L), readLines, encoding = "UTF-8"))
  starts <- grep("^```\\{r recipe-", lines)
  fences <- which(lines == "```")
  code <- lapply(starts, function(at) lines[seq(at + 1L, min(fences[fences > at]) - 1L)])
  stats::setNames(code, sub("^```\\{r recipe-([a-z0-9-]+).*", "\\1", lines[starts]))
})

# What a recipe defines, with `given` objects instead of those of R, and after a change of its text.
run_recipe <- function(name, given = list(), changed = identity) {
  defined <- list2env(given, parent = globalenv())
  eval(parse(text = changed(recipes[[name]])), defined)
  defined
}

visits <- function() {
  z <- stats::qnorm(stats::ppoints(2500))
  data.frame(minutes = c(12 + 3 * z, 35 + 8 * z), month = rep(1:4, length.out = 5000))
}

# A folder in which a recipe finds its files, until the test ends.
local_shop <- function(frame = parent.frame()) {
  skip_on_cran()
  skip_if(length(recipes) == 0L, "the vignettes are not there")
  for (package in c("dbplyr", "withr")) skip_if_not_installed(package)
  withr::local_dir(withr::local_tempdir(.local_envir = frame), .local_envir = frame)
}

# sqlite3 writes 15 digits.
expect_recipe <- function(ask, dialect, table = "visits") {
  rows <- visits()
  tbl <- sql_table(table, names(rows), dialect)
  expected <- gmm1d(rows$minutes, k = 2)
  fit <- gmm1d(tbl, minutes, k = 2, ask = ask)
  expect_identical(fit$n, expected$n)
  expect_equal(coef(fit), coef(expected), tolerance = 1e-8)
  months <- gmm1d(dplyr::group_by(tbl, month), minutes, k = 2, ask = ask)
  expect_equal(coef(months), coef(gmm1d_each(minutes ~ month, rows, k = 2)), tolerance = 1e-8,
               ignore_attr = "dimnames")
}

test_that("every recipe is R of at most five lines, for an engine that the page names", {
  skip_if(length(recipes) == 0L, "the vignettes are not there")
  for (recipe in recipes) {
    expect_lte(length(recipe), 5L)
    expect_silent(parse(text = recipe))
  }
  expect_true(all(c("sqlite3", "psql", "duckdb", "duckdb-program", "pyspark", "sparklyr",
                    "clickhouse") %in% names(recipes)))
})

test_that("the recipe for SQLite's command line gives the fit of the vector", {
  local_shop()
  skip_if(!nzchar(Sys.which("sqlite3")), "there is no sqlite3")
  skip_if_not_installed("RSQLite")
  connection <- DBI::dbConnect(RSQLite::SQLite(), "shop.db")
  DBI::dbWriteTable(connection, "visits", visits())
  DBI::dbDisconnect(connection)
  expect_recipe(run_recipe("sqlite3")$ask, "sqlite")
})

test_that("the recipe by hand gives the fit of the vector", {
  local_shop()
  connection <- local_sqlite()
  DBI::dbWriteTable(connection, "visits", visits())
  someone <- function(prompt) {
    expect_match(prompt, "query.sql")
    sql <- paste(readLines("query.sql"), collapse = "\n")
    utils::write.csv(DBI::dbGetQuery(connection, sql), "answer.csv", row.names = FALSE)
  }
  expect_recipe(run_recipe("by-hand", list(readline = someone))$ask, "sqlite")
})

test_that("the recipe for PostgreSQL's command line gives the fit of the vector", {
  local_shop()
  skip_if(!nzchar(Sys.which("psql")), "there is no psql")
  connection <- local_postgres()
  DBI::dbExecute(connection, "CREATE DATABASE shop")
  withr::defer(DBI::dbExecute(connection, "DROP DATABASE shop"))
  withr::local_envvar(PGHOST = postgres_server("main"), PGUSER = "postgres")
  shop <- connect_to(postgres_server("main"), "shop")
  send_table(shop, "visits", visits(), types_of(visits()))
  DBI::dbDisconnect(shop)
  ask <- run_recipe("psql")$ask
  expect_recipe(ask, "postgres")
  # The program says what is wrong, and writes no answer.
  expect_error(quietly(gmm1d(sql_table("nowhere", "minutes", "postgres"), minutes, ask = ask)),
               class = "gmm1d_error_database")
})

# Stands in for programs that may not be there.
program_script <- file.path(getwd(), "duckdb-program.mjs")

# A database and a Parquet file of DuckDB with the visits.
make_shop_of_duckdb <- function() {
  ask <- local_duckdb("shop.duckdb")
  send_table(ask, "visits", visits(), types_of(visits()))
  ask("COPY visits TO 'visits.parquet'")
}

test_that("the recipe for DuckDB's command line gives the fit of the vector, also from Parquet", {
  local_shop()
  make_shop_of_duckdb()
  if (!nzchar(Sys.which("duckdb"))) {
    writeLines(c("#!/bin/sh", paste("exec node", shQuote(program_script), "\"$@\"")), "duckdb")
    Sys.chmod("duckdb")
    withr::local_path(getwd())
  }
  ask <- run_recipe("duckdb-program")$ask
  expect_recipe(ask, "duckdb")
  expect_recipe(ask, "duckdb", "'visits.parquet'")
})

test_that("the recipe for the package duckdb gives the fit of the vector", {
  skip_if_not_installed("duckdb")
  local_shop()
  make_shop_of_duckdb()
  defined <- run_recipe("duckdb")
  withr::defer(DBI::dbDisconnect(defined$connection))
  expect_equal(coef(defined$fit), coef(gmm1d(visits()$minutes, k = 2)), tolerance = 1e-8)
})

test_that("the recipe over HTTP gives the fit of the vector, on a server that is not ClickHouse", {
  local_shop()
  skip_if(!nzchar(Sys.which("curl")), "there is no curl")
  withr::local_envvar(no_proxy = "localhost")
  make_shop_of_duckdb()
  server <- pipe(paste("node", shQuote(program_script), "-http shop.duckdb > port"), "w")
  withr::defer(close(server))
  for (i in 1:100) {
    port <- if (file.exists("port")) readLines("port")
    if (length(port) > 0L) break
    Sys.sleep(0.1)
  }
  changed <- function(text) sub("8123", port, text)
  expect_recipe(run_recipe("clickhouse", changed = changed)$ask, "duckdb")
})
