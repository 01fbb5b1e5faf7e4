# Measures the share of the R and C++ code that the tests run. Fails if it is below 97 %, and lists
# the lines that no test runs.
Sys.setenv(NOT_CRAN = "true")
coverage <- covr::package_coverage(type = "tests", quiet = TRUE)
percent <- covr::percent_coverage(coverage)
uncovered <- covr::zero_coverage(coverage)
lines <- covr::tally_coverage(coverage, by = "line")
lines$language <- ifelse(grepl("^src/", lines$filename), "C++", "R")
for (one in unique(lines$language)) {
  covered <- lines$value[lines$language == one] > 0
  cat(one, ": ", format(100 * mean(covered), digits = 4), " % of ", length(covered), " lines\n",
      sep = "")
}
if (nrow(uncovered) > 0L) {
  shown <- unique(uncovered[c("filename", "line")])
  for (file in unique(shown$filename)) {
    cat(file, ": ", toString(sort(shown$line[shown$filename == file])), "\n", sep = "")
  }
}
cat("coverage:", format(percent, digits = 4), "%\n")
if (percent < 97) quit(status = 1L)
