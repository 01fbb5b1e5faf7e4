# Plants the faults of mutants.tsv in the C++ core, one at a time, and runs the tests of the core. A
# fault that no test finds is a gap in the tests. Usage: Rscript tests/mutants/mutants.R [rows].
# `check` in place of rows only checks that each fault can be planted: that its text is there once.
mutants <- utils::read.delim("tests/mutants/mutants.tsv", quote = "")
mutants[c("from", "to")] <- lapply(mutants[c("from", "to")], gsub, pattern = "\\n",
                                   replacement = "\n", fixed = TRUE)
text_of <- function(file) paste(readLines(file), collapse = "\n")

times <- mapply(function(file, from) {
  lengths(regmatches(file, gregexpr(from, file, fixed = TRUE)))
}, vapply(file.path("src", mutants$file), text_of, ""), mutants$from)
if (any(times != 1L)) {
  stop("no longer once in the source: ", toString(mutants$fault[times != 1L]), call. = FALSE)
}
arguments <- commandArgs(trailingOnly = TRUE)
if (identical(arguments, "check")) quit()
rows <- as.integer(arguments)
if (length(rows) == 0L) rows <- seq_len(nrow(mutants))
workers <- max(1L, parallel::detectCores(), na.rm = TRUE)

# Copies the package with its compiled objects, so that each fault needs only one to be recompiled.
new_copy <- function(worker) {
  copy <- file.path(tempfile("mutants"), "gmm1d")
  dir.create(file.path(copy, "library"), recursive = TRUE)
  parts <- c("DESCRIPTION", "NAMESPACE", "R", "inst", "src", "tests")
  file.copy(parts, copy, recursive = TRUE)
  copy
}

in_copy <- function(copy, command, ...) {
  log <- file.path(copy, "log")
  system2("sh", c("-c", shQuote(paste("cd", shQuote(copy), "&&", command))),
          env = paste0("R_LIBS=", file.path(copy, "library")), stdout = log, stderr = log, ...)
}

install <- function(copy) {
  in_copy(copy, "R CMD INSTALL --no-docs --no-byte-compile --no-test-load --library=library .")
}

# The reporter stops at the first failure.
tests <- paste(
  "Rscript -e 'Sys.setenv(NOT_CRAN = \"true\"); testthat::test_dir(\"tests/testthat\",",
  "package = \"gmm1d\", load_package = \"installed\", reporter = \"stop\", invert = TRUE,",
  "filter = \"explore|-table$|plot|knit|each|boot|goodness|tidy|bad-input|print\")'"
)

outcome_of <- function(i, copy) {
  file <- file.path(copy, "src", mutants$file[i])
  original <- text_of(file)
  places <- gregexpr(mutants$from[i], original, fixed = TRUE)[[1L]]
  if (length(places) != 1L || places[1L] < 0) return("not planted: the code has changed")
  on.exit(writeLines(original, file))
  writeLines(sub(mutants$from[i], mutants$to[i], original, fixed = TRUE), file)
  if (install(copy) != 0L) return("not planted: it does not compile")
  status <- in_copy(copy, tests, timeout = 600)
  if (status == 0L) "MISSED" else if (status == 124L) "caught: no end" else "caught"
}

try_rows <- function(rows, worker) {
  copy <- new_copy(worker)
  on.exit(unlink(dirname(copy), recursive = TRUE))
  if (install(copy) != 0L || in_copy(copy, tests) != 0L) {
    writeLines(c("Without a fault:", utils::tail(readLines(file.path(copy, "log")), 30L)))
    stop("the tests fail without a fault")
  }
  vapply(rows, function(i) {
    outcome <- outcome_of(i, copy)
    cat(sprintf("%2d %-16s %-55s %s\n", i, mutants$file[i], mutants$fault[i], outcome))
    outcome
  }, "")
}

shares <- split(rows, seq_along(rows) %% workers)
outcomes <- unlist(parallel::mcmapply(try_rows, shares, seq_along(shares), SIMPLIFY = FALSE,
                                      mc.cores = workers))
caught <- startsWith(outcomes, "caught")
cat(length(outcomes), "faults planted,", sum(caught), "caught\n")
if (!all(caught)) quit(status = 1L)
