# Installs packages, given as names or as tarballs, into the first library that can be written;
# makes the user's own library where there is none.
targets <- commandArgs(trailingOnly = TRUE)

if (!any(file.access(.libPaths(), mode = 2L) == 0L)) {
  own <- Sys.getenv("R_LIBS_USER")
  dir.create(own, recursive = TRUE, showWarnings = FALSE)
  .libPaths(c(own, .libPaths()))
}
library_path <- Filter(function(path) file.access(path, mode = 2L) == 0L, .libPaths())[1L]
if (getOption("repos")["CRAN"] %in% c(NA, "@CRAN@")) utils::chooseCRANmirror(ind = 1L)

is_tarball <- grepl("\\.tar\\.gz$", targets)
for (tarball in targets[is_tarball]) {
  log <- system2(file.path(R.home("bin"), "R"),
                 c("CMD", "INSTALL", paste0("--library=", shQuote(library_path)), tarball),
                 stdout = TRUE, stderr = TRUE)
  if (!is.null(attr(log, "status"))) {
    writeLines(log)
    quit(status = 1L)
  }
  cat("Installed", basename(tarball), "into", library_path, "\n")
}
if (!all(is_tarball)) {
  utils::install.packages(targets[!is_tarball], lib = library_path, quiet = TRUE)
  absent <- Filter(function(package) !nzchar(system.file(package = package)), targets[!is_tarball])
  if (length(absent) > 0L) {
    stop("These packages could not be installed: ", toString(absent), call. = FALSE)
  }
}
