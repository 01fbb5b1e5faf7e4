# DuckDB for the tests, from its package for node: `make test` installs it in node_modules/.

duckdb_script <- file.path(getwd(), "duckdb.mjs")

# NULL if DuckDB can be used, or the reason why not.
why_no_duckdb <- function() {
  if (is.null(duckdb$is_known)) {
    duckdb$is_known <- TRUE
    duckdb$reason <- if (!identical(Sys.getenv("NOT_CRAN"), "true")) "this may be CRAN"
      else if (.Platform$OS.type != "unix") "there are no named pipes on this system"
      else if (!rlang::is_installed("jsonlite")) "the package jsonlite is not installed"
      else if (!nzchar(Sys.which("node"))) "there is no node"
      else if (!finds_duckdb()) "the package @duckdb/node-api of npm is not installed"
  }
  duckdb$reason
}

duckdb <- new.env()

finds_duckdb <- function() {
  command <- paste("cd", shQuote(dirname(duckdb_script)),
                   "&& node -e 'require(\"@duckdb/node-api\")' > /dev/null 2>&1")
  system(command) == 0L
}

# A function that runs a query in a new database and returns its answer as a data frame, until the
# caller ends. Node reads queries from a pipe, and stops at its end, also if R is gone; it writes
# answers to a fifo.
local_duckdb <- function(file = ":memory:", frame = parent.frame()) {
  skip_if(!is.null(why_no_duckdb()), why_no_duckdb())
  folder <- withr::local_tempdir("duckdb", .local_envir = frame)
  answers <- file.path(folder, "answers")
  system2("mkfifo", shQuote(answers))
  command <- paste("node", shQuote(duckdb_script), shQuote(file), ">", shQuote(answers))
  questions <- pipe(paste(command, "2>", shQuote(file.path(folder, "errors"))), "w")
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
