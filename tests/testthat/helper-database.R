# Databases for the tests: SQLite (and DuckDB) in memory, and PostgreSQL servers on sockets in a
# temporary folder, which are stopped and removed when the tests or R end.

local_sqlite <- function(frame = parent.frame()) {
  for (package in c("dbplyr", "RSQLite")) skip_if_not_installed(package)
  connection <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
  withr::defer(DBI::dbDisconnect(connection), envir = frame)
  connection
}

# The engines that need no server: SQLite, and DuckDB if it is installed. (Compiling DuckDB takes
# most of an hour, so nothing here installs it.)
local_engines <- function(frame = parent.frame()) {
  engines <- list(local_sqlite(frame))
  if (!rlang::is_installed("duckdb")) return(engines)
  duckdb <- suppressWarnings(DBI::dbConnect(getExportedValue("duckdb", "duckdb")()))
  withr::defer(DBI::dbDisconnect(duckdb, shutdown = TRUE), envir = frame)
  c(engines, duckdb)
}

local_postgres <- function(frame = parent.frame()) {
  server <- postgres_server("main")
  connection <- connect_to(server)
  withr::defer(DBI::dbDisconnect(connection), envir = frame)
  connection
}

# The engines in one form: `put()` creates a table and returns it as a lazy one, and `ask` is NULL
# if it has a connection.
engines <- c("SQLite", "PostgreSQL", "DuckDB", "PostgreSQL with Spark's FLOOR")

local_engine <- function(name, frame = parent.frame()) {
  connection <- switch(name, SQLite = local_sqlite(frame), DuckDB = local_duckdb(frame = frame),
                       local_postgres(frame))
  ask <- if (is.function(connection)) connection
         else if (grepl("Spark", name)) local_floor_of_spark(connection, frame)
  dialect <- if (name == "DuckDB") "duckdb" else "postgres"
  put <- function(columns, types = types_of(columns), name = "data") {
    send_table(connection, name, columns, types)
    if (is.null(ask)) suppressWarnings(dplyr::tbl(connection, name))
    else sql_table(name, names(columns), dialect)
  }
  list(name = name, ask = ask, put = put)
}

# Asks PostgreSQL with another FLOOR: as in Spark, it gives whole numbers, 0 for NaN, and an error
# for what is too large for them.
local_floor_of_spark <- function(connection, frame) {
  skip_if_not_installed("dbplyr")
  DBI::dbExecute(connection, "CREATE FUNCTION floor_of_spark(x double precision) RETURNS bigint AS
    'BEGIN RETURN CASE WHEN x = ''NaN'' THEN 0 ELSE floor(x)::bigint END; END' LANGUAGE plpgsql")
  withr::defer(DBI::dbExecute(connection, "DROP FUNCTION floor_of_spark"), frame,
               priority = "first")
  function(sql) {
    asked_of_postgres(connection, gsub("\\bFLOOR\\(", "floor_of_spark(", sql, ignore.case = TRUE))
  }
}

# The engines for tests of `ask`, each a list: `dialect`, `ask(sql)`, and `send(name, columns)`,
# which creates a table of doubles, whole numbers and texts. NA is sent as NULL; NaN is NULL in
# SQLite.
local_asked <- function(frame = parent.frame()) {
  sqlite <- local_sqlite(frame)
  engines <- list(sqlite = list(
    dialect = "sqlite", ask = function(sql) DBI::dbGetQuery(sqlite, sql),
    send = function(name, columns) DBI::dbWriteTable(sqlite, name, columns, overwrite = TRUE)
  ))
  if (has_postgres()) {
    postgres <- local_postgres(frame)
    engines$postgres <- list(
      dialect = "postgres", ask = function(sql) asked_of_postgres(postgres, sql),
      send = function(name, columns) send_table(postgres, name, columns)
    )
  }
  if (is.null(why_no_duckdb())) {
    duckdb <- local_duckdb(frame = frame)
    engines$duckdb <- list(dialect = "duckdb", ask = duckdb,
                           send = function(name, columns) send_table(duckdb, name, columns))
  }
  engines
}

# (RPostgreSQL prints and warns instead of raising an error.)
asked_of_postgres <- function(connection, sql) {
  utils::capture.output(type = "message", {
    answer <- suppressWarnings(try(DBI::dbGetQuery(connection, sql), silent = TRUE))
  })
  if (!is.data.frame(answer)) stop(DBI::dbGetException(connection)$errorMsg)
  answer
}

has_postgres <- function() {
  !is.null(postgres_programs()) && rlang::is_installed("RPostgreSQL") &&
    identical(Sys.getenv("NOT_CRAN"), "true")
}

# An `ask` that counts: its attribute `asked` is an environment with the `count`.
counting <- function(ask) {
  asked <- new.env()
  asked$count <- 0
  structure(function(sql) {
    asked$count <- asked$count + 1
    ask(sql)
  }, asked = asked)
}

count_asked <- function(ask) attr(ask, "asked")$count

# A coordinator and three servers. `rows` (with columns x and shard, 1 to 3) go into a partitioned
# table, with each partition on its own server.
local_shards <- function(rows, frame = parent.frame()) {
  coordinator <- local_postgres(frame)
  DBI::dbExecute(coordinator, "CREATE EXTENSION IF NOT EXISTS postgres_fdw")
  DBI::dbExecute(coordinator, "SET enable_partitionwise_aggregate = on")
  DBI::dbExecute(coordinator, paste("CREATE TABLE sharded (x double precision, shard integer)",
                                    "PARTITION BY LIST (shard)"))
  withr::defer(DBI::dbExecute(coordinator, "DROP TABLE sharded CASCADE"), frame,
               priority = "first")
  for (shard in 1:3) {
    server <- postgres_server(paste0("shard", shard))
    connection <- connect_to(server)
    send_table(connection, "part", rows[rows$shard == shard, ],
               c(x = "double precision", shard = "integer"))
    DBI::dbDisconnect(connection)
    name <- paste0("shard", shard)
    DBI::dbExecute(coordinator, paste0(
      "CREATE SERVER IF NOT EXISTS ", name, " FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '",
      server, "', dbname 'postgres', async_capable 'true')"
    ))
    DBI::dbExecute(coordinator, paste("CREATE USER MAPPING IF NOT EXISTS FOR postgres SERVER", name,
                                      "OPTIONS (user 'postgres')"))
    DBI::dbExecute(coordinator, paste0(
      "CREATE FOREIGN TABLE part", shard, " PARTITION OF sharded FOR VALUES IN (", shard,
      ") SERVER ", name, " OPTIONS (table_name 'part')"
    ))
  }
  coordinator
}

# PostgreSQL's plan for a query.
plan_of <- function(connection, sql) {
  rows <- DBI::dbGetQuery(connection, paste("EXPLAIN (VERBOSE, COSTS OFF)", sql))
  paste(rows[[1L]], collapse = "\n")
}

# Creates a table with columns of the given SQL types. Each value is sent by R or, if it is a text,
# unchanged. `connection` may also be a function that runs a query.
send_table <- function(connection, name, columns, types = types_of(columns)) {
  run <- if (is.function(connection)) connection
         else function(sql) DBI::dbExecute(connection, sql)
  run(paste("DROP TABLE IF EXISTS", name))
  run(paste0("CREATE TABLE ", name, " (", paste(names(types), types, collapse = ", "), ")"))
  if (nrow(columns) == 0L) return(invisible())
  texts <- lapply(columns[names(types)], function(column) {
    if (is.character(column)) return(ifelse(is.na(column), "NULL", paste0("'", column, "'")))
    sql_of_numbers(column, inherits(connection, "SQLiteConnection"))
  })
  rows <- paste0("(", do.call(paste, c(texts, sep = ", ")), ")")
  for (some in split(rows, ceiling(seq_along(rows) / 10000))) {
    run(paste("INSERT INTO", name, "VALUES", toString(some)))
  }
}

types_of <- function(columns) {
  vapply(columns, function(column) {
    switch(typeof(column), integer = "integer", character = "text", "double precision")
  }, "")
}

# (SQLite has no NaN, which becomes NULL, and no word for infinity.)
sql_of_numbers <- function(x, in_sqlite) {
  texts <- paste0("'", sprintf("%.17g", x), "'")
  if (in_sqlite) texts[is.infinite(x)] <- ifelse(x[is.infinite(x)] > 0, "9e999", "-9e999")
  ifelse(is.na(x) & (in_sqlite | !is.nan(x)), "NULL", texts)
}

connect_to <- function(folder, database = "postgres") {
  connection <- DBI::dbConnect(RPostgreSQL::PostgreSQL(), host = folder, user = "postgres",
                               dbname = database)
  DBI::dbExecute(connection, "SET client_min_messages = warning")
  connection
}

postgres_servers <- new.env()

# The folder, and the socket, of a server, which is started if it does not run.
postgres_server <- function(name) {
  skip_on_cran()
  for (package in c("dbplyr", "RPostgreSQL")) skip_if_not_installed(package)
  programs <- postgres_programs()
  skip_if(is.null(programs), "there is no initdb: PostgreSQL is not installed")
  if (is.null(postgres_servers[[name]])) {
    folder <- start_postgres(programs)
    withr::defer(stop_postgres(folder), testthat::teardown_env())
    assign(name, folder, postgres_servers)
  }
  postgres_servers[[name]]
}

postgres_programs <- function() {
  found <- c(Sys.glob("/usr/lib/postgresql/*/bin/initdb"), unname(Sys.which("initdb")))
  found <- found[nzchar(found)]
  if (length(found) > 0L) dirname(found[1L])
}

# A shell stops the server when R is gone, or has removed the file "wanted" in the folder.
start_postgres <- function(programs) {
  folder <- tempfile("pg", tmpdir = "/tmp")
  dir.create(folder)
  is_root <- Sys.info()[["user"]] == "root"
  if (is_root) system2("chown", c("postgres", folder))
  run <- function(command, ...) {
    if (is_root) system2("runuser", c("-u", "postgres", "--", "sh", "-c", shQuote(command)), ...)
    else system2("sh", c("-c", shQuote(command)), ...)
  }
  log <- file.path(folder, "log")
  data <- file.path(folder, "data")
  run(sprintf("%s/initdb -D %s -A trust -U postgres --no-sync > %s 2>&1", programs, data, log))
  run(sprintf(paste("%s/pg_ctl -D %s -l %s -w start -o",
                    "\"-c listen_addresses='' -k %s -c fsync=off\" > /dev/null 2>&1"),
              programs, data, log, folder))
  run(sprintf(paste("while kill -0 %d || [ -d /proc/%d ]; do [ -f %s/stop ] && break; sleep 0.3;",
                    "done; %s/pg_ctl -D %s -m immediate stop; rm -rf %s/*"),
              Sys.getpid(), Sys.getpid(), folder, programs, data, folder),
      wait = FALSE, stdout = FALSE, stderr = FALSE)
  folder
}

stop_postgres <- function(folder) {
  file.create(file.path(folder, "stop"))
  for (i in 1:50) {
    if (!file.exists(file.path(folder, "data", "postmaster.pid"))) break
    Sys.sleep(0.1)
  }
  unlink(folder, recursive = TRUE)
}
