# Runs all tests against the installed package, or those whose files match `only=...` or do not
# match `without=...`. The last line counts the expectations.
Sys.setenv(NOT_CRAN = "true")
choice <- grep("^(only|without)=", commandArgs(trailingOnly = TRUE), value = TRUE)
results <- testthat::test_dir(
  "tests/testthat",
  filter = if (length(choice) > 0L) sub("^[a-z]+=", "", choice),
  invert = any(startsWith(choice, "without")),
  package = "gmm1d", load_package = "installed", stop_on_failure = FALSE,
  reporter = testthat::SummaryReporter$new(show_praise = FALSE, max_reports = Inf)
)
results <- as.data.frame(results)
failed <- sum(results$failed) + sum(results$error)
cat(sum(results$passed), " passed, ", failed, " failed, ", sum(results$skipped), " skipped\n",
    sep = "")
if (failed > 0L) quit(status = 1L)
