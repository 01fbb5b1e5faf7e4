# Compares fits of arrow and DuckDB tables with fits of the same data as vectors, if these packages
# are installed, and says so if they are not. Compiling either takes most of an hour, so no test of
# the package needs them.
suppressMessages(library(gmm1d))

set.seed(1)
x <- c(rnorm(60000, 100), rnorm(40000, 105, 0.5), NA)
data <- data.frame(
  value = x, rounded = round(x, 1), weight = rep(c(1, 2), length.out = length(x)),
  error = 0.1, site = rep(c("a", "b", "c"), length.out = length(x))
)
few <- data[1:2000, ]

passed <- failed <- 0

# Compares two fits, or many, by the largest difference between their estimates, in standard errors.
# Points from cells, which streams and databases give, change estimates by up to 1e-6 of these.
expect_same <- function(what, fit, other, within = 1e-6) {
  away <- tryCatch({
    force(fit)
    if (inherits(other, "gmm1d")) distance(fit, other)
    else max(mapply(distance, as.list(fit), as.list(other)))
  }, error = function(e) {
    cat("  ", conditionMessage(e), "\n", sep = "")
    Inf
  })
  is_same <- away < within
  if (is_same) passed <<- passed + 1 else failed <<- failed + 1
  cat(if (is_same) "  the same" else "  DIFFERENT", ": ", what, " (", format(away, digits = 2),
      " standard errors)\n", sep = "")
}

distance <- function(fit, other) {
  if (fit$k != other$k || fit$n != other$n || fit$n_missing != other$n_missing) return(Inf)
  error <- sqrt(diag(vcov(other)))
  max((abs(coef(fit) - coef(other)) / error)[error > 0], 0)
}

has <- function(package) {
  is_installed <- requireNamespace(package, quietly = TRUE)
  cat(package, ": ", if (is_installed) format(utils::packageVersion(package)) else "not installed",
      "\n", sep = "")
  is_installed
}

of <- function(package, name) getExportedValue(package, name)

# The laws for every kind of table; `make` creates the table from a data frame.
expect_laws <- function(name, make) {
  expect_same(paste(name, "of values"), gmm1d(make(data), value, k = 2), gmm1d(data$value, k = 2))
  expect_same(paste(name, "with weights"), gmm1d(make(data), "value", k = 2, weights = weight),
              gmm1d(data$value, k = 2, weights = data$weight))
  expect_same(paste(name, "of rounded values"), gmm1d(make(data), rounded, k = 2, rounding = 0.1),
              gmm1d(data$rounded, k = 2, rounding = 0.1))
  expect_same(paste(name, "with errors"), gmm1d(make(few), value, k = 1, error = error),
              gmm1d(few$value, k = 1, error = few$error))
  expect_same(paste(name, "of groups"), gmm1d_each(make(data), value, by = site, k = 2),
              gmm1d_each(value ~ site, data, k = 2))
}

has_arrow <- has("arrow")
has_duckdb <- has("duckdb")

if (has_arrow) {
  to_table <- function(data) of("arrow", "arrow_table")(data)
  folders <- character()
  to_dataset <- function(data) {
    folder <- tempfile("dataset")
    folders <<- c(folders, folder)
    of("arrow", "write_dataset")(data, folder, max_rows_per_file = 30000)
    of("arrow", "open_dataset")(folder)
  }
  expect_laws("arrow table", to_table)
  expect_laws("arrow dataset", to_dataset)
  expect_laws("arrow reader", function(data) of("arrow", "as_record_batch_reader")(to_table(data)))
  expect_laws("arrow query", function(data) dplyr::filter(to_dataset(data), weight > 0))
  expect_same("arrow query with groups",
              gmm1d(dplyr::group_by(to_dataset(data), site), value, k = 2),
              gmm1d_each(value ~ site, data, k = 2))
  expect_same("array of arrow", gmm1d(to_table(data)$value, k = 2), gmm1d(data$value, k = 2))
  unlink(folders, recursive = TRUE)
}

if (has_duckdb) {
  connection <- DBI::dbConnect(of("duckdb", "duckdb")())
  expect_laws("DuckDB table", function(data) {
    DBI::dbWriteTable(connection, "data", data, overwrite = TRUE)
    dplyr::tbl(connection, "data")
  })
  DBI::dbDisconnect(connection, shutdown = TRUE)
  if (has_arrow) {
    expect_laws("arrow table in DuckDB", function(data) of("arrow", "to_duckdb")(to_table(data)))
  }
}

skipped <- (!has_arrow) + (!has_duckdb)
cat(passed, " passed, ", failed, " failed, ", skipped, " skipped\n", sep = "")
if (failed > 0) quit(status = 1L)
