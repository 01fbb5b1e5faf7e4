# DuckDB for the tests, from its package for node: `make test` installs it in node_modules/.

duckdb_script <- file.path(getwd(), "duckdb.mjs")

# A function that runs a query in a new database and returns its answer as a data frame, until the
# caller ends. Node reads queries from a pipe, and stops at its end, also if R is gone; it writes
# answers to a fifo.
local_duckdb <- function(file = ":memory:", frame = parent.frame()) {
  skip_on_cran()
  skip_if_not_installed("jsonlite")
  skip_if(.Platform$OS.type != "unix", "there are no pipes with names on this system")
  skip_if(!nzchar(Sys.which("node")), "there is no node")
  folder <- withr::local_tempdir("duckdb", .local_envir = frame)
  answers <- file.path(folder, "answers")
  system2("mkfifo", shQuote(answers))
  questions <- pipe(paste("node", shQuote(duckdb_script), shQuote(file), ">", shQuote(answers), "2>",
                          shQuote(file.path(folder, "errors"))), "w")
  answers <- fifo(answers, "r", blocking = TRUE)
  withr::defer({
    close(questions)
    close(answers)
  }, envir = frame)
  ask <- function(sql) {
    writeLines(gsub("\n", " ", sql), questions)
    flush(questions)
    line <- readLines(answers, 1L)
    if (length(line) == 0L) stop("DuckDB has stopped")
    read_duckdb(line)
  }
  skip_if(inherits(try(ask("SELECT 1"), silent = TRUE), "try-error"),
          "there is no package @duckdb/node-api for node")
  ask
}

# (Simplified by jsonlite, the text "NA" would be missing.)
read_duckdb <- function(line) {
  answer <- jsonlite::fromJSON(line, simplifyVector = FALSE)
  if (!is.null(answer$error)) stop(answer$error, call. = FALSE)
  columns <- Map(function(column, type) {
    texts <- vapply(column, function(value) if (is.null(value)) NA_character_ else value, "")
    if (grepl("INT|FLOAT|DOUBLE|DECIMAL", type)) as.double(texts) else texts
  }, answer$columns, answer$types)
  as.data.frame(stats::setNames(columns, unlist(answer$names)), optional = TRUE)
}
