# Installs packages, given as names or as tarballs, into the first writable library. Creates the
# user's own library if there is none. `.` is the package in this folder; it is installed if the
# installed one was built from other files. Compiled objects stay in `src`.
targets <- commandArgs(trailingOnly = TRUE)

if (!any(file.access(.libPaths(), mode = 2L) == 0L)) {
  own <- Sys.getenv("R_LIBS_USER")
  dir.create(own, recursive = TRUE, showWarnings = FALSE)
  .libPaths(c(own, .libPaths()))
}
library_path <- Filter(function(path) file.access(path, mode = 2L) == 0L, .libPaths())[1L]
if (getOption("repos")["CRAN"] %in% c(NA, "@CRAN@")) utils::chooseCRANmirror(ind = 1L)

# A fingerprint of the files that the package is built from.
sources <- function() {
  folders <- c("R", "inst", "man", "src")
  files <- list.files(folders, recursive = TRUE, full.names = TRUE)
  files <- grep("[.](o|so|dll)$", files, value = TRUE, invert = TRUE)
  c(R = R.version.string, tools::md5sum(c("DESCRIPTION", "NAMESPACE", files)))
}
made_of <- file.path(library_path, "gmm1d", "made-of.rds")
is_here <- targets == "."
is_file <- is_here | grepl("\\.tar\\.gz$", targets)
if (any(is_here) && file.exists(made_of) && identical(readRDS(made_of), sources())) quit()

# R does not know which objects depend on which headers.
objects <- Sys.glob("src/*.o")
if (any(is_here) && length(objects) > 0L &&
      min(file.mtime(objects)) < max(file.mtime(c(Sys.glob("src/*.h"), "src/Makevars")))) {
  unlink(objects)
}

for (target in targets[is_file]) {
  log <- system2(file.path(R.home("bin"), "R"),
                 c("CMD", "INSTALL", paste0("--library=", shQuote(library_path)), target),
                 stdout = TRUE, stderr = TRUE)
  if (!is.null(attr(log, "status"))) {
    writeLines(log)
    quit(status = 1L)
  }
  if (target == "." || startsWith(basename(target), "gmm1d_")) saveRDS(sources(), made_of)
  cat("Installed", if (target == ".") "gmm1d" else basename(target), "into", library_path, "\n")
}
if (!all(is_file)) {
  utils::install.packages(targets[!is_file], lib = library_path, quiet = TRUE)
  absent <- Filter(function(package) !nzchar(system.file(package = package)), targets[!is_file])
  if (length(absent) > 0L) {
    stop("These packages could not be installed: ", toString(absent), call. = FALSE)
  }
}
