# A table of ten million rows in PostgreSQL, on its own server: the time of a fit compared with that
# of two sums, the number of queries, and how much R's memory grows with the rows.
database <- function(largest) {
  source("tests/testthat/helper-database.R", local = TRUE)
  programs <- postgres_programs()
  if (is.null(programs)) return(c("## A table in PostgreSQL", "", "PostgreSQL is not installed."))
  folder <- start_postgres(programs)
  on.exit(stop_postgres(folder))
  connection <- connect_to(folder)
  on.exit(DBI::dbDisconnect(connection), add = TRUE, after = FALSE)
  rows <- c(1e5, min(largest, 1e7))
  tables <- c("few", "many")
  for (i in 1:2) fill(connection, tables[i], rows[i])
  tbls <- lapply(tables, function(name) suppressWarnings(dplyr::tbl(connection, name)))
  gmm1d(tbls[[1L]], x, k = 3)  # loads what is only needed once
  memory <- vapply(tbls, function(tbl) {
    gc(reset = TRUE)
    gmm1d(tbl, x, k = 3)
    sum(gc()[, 6L])
  }, 1)
  sums <- function() DBI::dbGetQuery(connection, "SELECT sum(x), sum(x * x) FROM many")
  moments <- function() {
    DBI::dbGetQuery(connection, "SELECT avg(x), stddev(x), min(x), max(x) FROM many")
  }
  found <- seconds_beside(moments = moments(), sums = sums(), fit = gmm1d(tbls[[2L]], x, k = 3))
  times <- unname(found$time[c("sums", "fit")])
  query <- squash(tbls[[2L]], x, show_query = TRUE)
  asked <- numeric()
  while (inherits(query, "squash_query")) {
    asked <- c(asked, seconds(answer <- DBI::dbGetQuery(connection, query$sql), 3L))
    query <- squash(query, answer)
  }
  record("s", database_sums = times[1L], database_gmm1d = times[2L], database_query_1 = asked[1L],
         database_query_2 = asked[2L])
  record("times", database_ratio = times[2L] / times[1L])
  record("times", database_moments = found$ratio[["fit"]], goal = "at most 5",
         about = "gmm1d(tbl, x, k = 3), 1e7 rows in PostgreSQL: avg, stddev, min and max")
  c(
    "## A table in PostgreSQL", "",
    table_of(
      what = c("SELECT avg(x), stddev(x), min(x), max(x)", "SELECT sum(x), sum(x * x)",
               "gmm1d(tbl, x, k = 3)", paste("its query", seq_along(asked))),
      time = milliseconds(c(found$time[["moments"]], times, asked)),
      ratio = number(c(1, found$ratio[["sums"]], found$ratio[["fit"]],
                       asked / found$time[["moments"]])),
      goal = c("", "", "5", rep("", length(asked)))
    ), "",
    paste0(format(rows[2L], big.mark = ","), " rows; R's memory at its peak was ",
           number(memory[2L]), " MB, with ", format(rows[1L], big.mark = ","), " rows ",
           number(memory[1L]), " MB.")
  )
}

# Three components, drawn by the server.
fill <- function(connection, name, rows) {
  DBI::dbExecute(connection, sprintf(
    "CREATE TABLE %s AS
       SELECT CASE WHEN u < 0.3 THEN -3 + z WHEN u < 0.7 THEN 0.7 * z ELSE 4 + 1.5 * z END AS x
       FROM (SELECT random() AS u, sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) AS z
             FROM generate_series(1, %.0f)) AS normal", name, rows
  ))
  DBI::dbExecute(connection, paste("ANALYZE", name))
}
