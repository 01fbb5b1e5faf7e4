# Prints the R packages that are listed in the given fields of DESCRIPTION but are not installed, or
# only in a version that is too old.
fields <- strsplit(commandArgs(trailingOnly = TRUE), " ")[[1L]]
listed <- read.dcf("DESCRIPTION", fields = fields)
entries <- trimws(unlist(strsplit(listed[!is.na(listed)], ",")))
pattern <- "^([[:alnum:].]+)(?:\\s*\\(>=\\s*([0-9.-]+)\\))?$"
package <- sub(pattern, "\\1", entries, perl = TRUE)
version <- sub(pattern, "\\2", entries, perl = TRUE)
is_installed <- function(package, version) {
  nzchar(system.file(package = package)) &&
    (!nzchar(version) || utils::packageVersion(package) >= version)
}
cat(unique(package[!mapply(is_installed, package, version)]))
