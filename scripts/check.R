# R CMD check --as-cran on a built tarball. Fails on any error or warning, and on any note whose
# check CONTRIBUTING.md does not list with its reason.
tarball <- commandArgs(trailingOnly = TRUE)
unlink("gmm1d.Rcheck", recursive = TRUE)
system2(file.path(R.home("bin"), "R"), c("CMD", "check", "--as-cran", "--no-manual", tarball))

log <- readLines("gmm1d.Rcheck/00check.log")
if (!any(grepl("^Status:", log))) stop("R CMD check did not end.", call. = FALSE)
checks_with <- function(result) {
  pattern <- paste0("^\\* checking (.*) \\.\\.\\.( \\[.*\\])? ", result, "$")
  sub(pattern, "\\1", grep(pattern, log, value = TRUE))
}
explained <- sub("^- Note in `(.*)`:.*", "\\1",
                 grep("^- Note in `", readLines("CONTRIBUTING.md"), value = TRUE))
found <- c(checks_with("ERROR"), checks_with("WARNING"),
           setdiff(checks_with("NOTE"), explained))
if (length(found) > 0L || any(grepl("^Status:.*(ERROR|WARNING)", log))) {
  cat("Not clean:", found, sep = "\n  ")
  quit(status = 1L)
}
cat("Clean: no error, no warning, no unexplained note.\n")
