# R CMD check --as-cran where none of the suggested packages is installed: what needs one must say
# so or be left out. Fails on any error, and on warnings and notes but those that a missing package
# itself makes (R cannot rebuild vignettes, nor follow links to its help) and those that
# CONTRIBUTING.md explains.
tarball <- commandArgs(trailingOnly = TRUE)

# A library with the packages that ours cannot do without, and no others.
library_path <- tempfile("library")
dir.create(library_path)
needed <- read.dcf("DESCRIPTION", c("Imports", "LinkingTo"))
needed <- unique(trimws(sub("[(].*", "", unlist(strsplit(needed, ",")))))
needed <- c(needed, unlist(tools::package_dependencies(needed, installed.packages(),
                                                       recursive = TRUE)))
for (package in unique(needed)) {
  path <- find.package(package)
  if (dirname(path) != .Library) file.symlink(path, file.path(library_path, package))
}

# R would ask CRAN who maintains the packages that are not there.
web <- tempfile("web")
dir.create(file.path(web, "web", "packages"), recursive = TRUE)
saveRDS(cbind(Package = "none", Maintainer = "none", MD5sum = ""),
        file.path(web, "web", "packages", "packages.rds"))

output <- tempfile("check")
dir.create(output)
Sys.setenv(R_LIBS = "", R_LIBS_SITE = library_path, R_LIBS_USER = library_path,
           R_CRAN_WEB = paste0("file://", web), "_R_CHECK_FORCE_SUGGESTS_" = "false",
           # The library is a folder of temporary links.
           "_R_CHECK_THINGS_IN_TEMP_DIR_" = "false")
system2(file.path(R.home("bin"), "R"),
        c("CMD", "check", "--as-cran", "--no-manual", "-o", output, tarball))

log <- readLines(file.path(output, "gmm1d.Rcheck", "00check.log"))
checks_with <- function(result) {
  pattern <- paste0("^\\* checking (.*) \\.\\.\\.( \\[.*\\])? ", result, "$")
  sub(pattern, "\\1", grep(pattern, log, value = TRUE))
}
explained <- sub("^- Note in `(.*)`:.*", "\\1",
                 grep("^- Note in `", readLines("CONTRIBUTING.md"), value = TRUE))
found <- c(checks_with("ERROR"), setdiff(checks_with("WARNING"), "package dependencies"),
           setdiff(checks_with("NOTE"), c(explained, "package dependencies",
                                          "Rd cross-references")))
ended <- any(grepl("^Status:", log)) && !any(grepl("^Status:.*ERROR", log))
if (length(found) > 0L || !ended) {
  cat("Not clean without suggested packages:", found, sep = "\n  ")
  quit(status = 1L)
}
cat("Clean without suggested packages.\n")
