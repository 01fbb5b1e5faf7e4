# Runs R CMD check --as-cran on a built tarball, in each of the ways named after it. Fails on any
# error or warning, and on any line of a note that CONTRIBUTING.md does not list with its reason.
arguments <- commandArgs(trailingOnly = TRUE)
tarball <- normalizePath(arguments[1L])

# Makes a library with links to the packages that ours needs, and none that it only suggests.
needed_alone <- function() {
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
  library_path
}

# Replaces CRAN by an empty list of packages. Otherwise R asks CRAN who maintains the missing ones.
web_of_nobody <- function() {
  web <- tempfile("web")
  dir.create(file.path(web, "web", "packages"), recursive = TRUE)
  saveRDS(cbind(Package = "none", Maintainer = "none", MD5sum = ""),
          file.path(web, "web", "packages", "packages.rds"))
  paste0("file://", web)
}

# Makes a library with the packages that we link to, in their current versions on CRAN.
newest <- function() {
  library_path <- tempfile("library")
  dir.create(library_path)
  if (getOption("repos")["CRAN"] %in% c(NA, "@CRAN@")) utils::chooseCRANmirror(ind = 1L)
  linked <- strsplit(read.dcf("DESCRIPTION", "LinkingTo"), ",\\s*")[[1L]]
  utils::install.packages(sub("\\s*[(].*", "", linked), lib = library_path, quiet = TRUE)
  cat("With", paste(list.files(library_path), vapply(list.files(library_path), function(package) {
    as.character(utils::packageVersion(package, library_path))
  }, ""), collapse = ", "), "\n")
  library_path
}

# Writes R's settings with clang instead of its compilers.
clang <- function() {
  makevars <- tempfile("Makevars")
  writeLines(c("CC = clang", "CXX = clang++", "CXX17 = clang++", "CXX17STD = -std=gnu++17",
               "CXX17FLAGS = -O2 -Wall -Wextra -pedantic", "SHLIB_OPENMP_CXXFLAGS ="), makevars)
  makevars
}

# The settings of each way, and the checks that fail in it for reasons outside the package.
alone <- function() {
  path <- needed_alone()
  c(R_LIBS = "", R_LIBS_SITE = path, R_LIBS_USER = path, R_CRAN_WEB = web_of_nobody(),
    "_R_CHECK_FORCE_SUGGESTS_" = "false",
    "_R_CHECK_THINGS_IN_TEMP_DIR_" = "false")  # the library is a folder of temporary links
}
# A folder that contains a locale, whether or not the machine has it.
with_locale <- function(language) {
  folder <- tempfile("locales")
  dir.create(folder)
  locale <- file.path(folder, paste0(language, ".UTF-8"))
  system2("localedef", c("-i", language, "-f", "UTF-8", locale))
  folder
}

in_locale <- function(language) {
  function() {
    c(LOCPATH = with_locale(language), LC_ALL = paste0(language, ".UTF-8"), LANGUAGE = "en")
  }
}
ways <- list(
  usual = function() character(),
  alone = alone,
  `depends-only` = function() c("_R_CHECK_DEPENDS_ONLY_" = "true"),
  clang = function() c(R_MAKEVARS_USER = clang()),
  newest = function() c(R_LIBS = paste(c(newest(), .libPaths()), collapse = .Platform$path.sep)),
  # R needs en_US.UTF-8 when it checks files in this locale.
  C = function() c(LOCPATH = with_locale("en_US"), LC_ALL = "C"),
  de_DE = in_locale("de_DE"),
  tr_TR = in_locale("tr_TR")
)
# Without suggested packages, R can neither rebuild vignettes nor follow links to their help pages.
excused <- c("package dependencies", "Rd cross-references")

# The patterns of lines that notes may contain, by check.
entry <- "^- `([^`]*)`, `([^`]*)`:.*"
listed <- grep(entry, readLines("CONTRIBUTING.md"), value = TRUE)
explained <- split(sub(entry, "\\2", listed), sub(entry, "\\1", listed))

# The checks in a log that did not pass, with the lines that say why.
faults <- function(log) {
  begins <- grep("^\\* ", log)
  blocks <- Map(function(from, to) log[from:to], begins, c(begins[-1L] - 1L, length(log)))
  pattern <- "^\\* checking (.*) \\.\\.\\.( \\[.*\\])? (NOTE|WARNING|ERROR)$"
  blocks <- Filter(function(block) grepl(pattern, block[1L]), blocks)
  unlist(lapply(blocks, function(block) {
    check <- sub(pattern, "\\1", block[1L])
    result <- sub(pattern, "\\3", block[1L])
    lines <- block[-1L][nzchar(trimws(block[-1L]))]
    fits_any <- function(line) any(vapply(explained[[check]], grepl, NA, line))
    if (result == "NOTE") lines <- Filter(Negate(fits_any), lines)
    if (result == "NOTE" && length(lines) == 0L) return()
    structure(list(c(block[1L], lines)), names = check)
  }), recursive = FALSE)
}

check_in <- function(way) {
  # The time that examples take depends on the load of the machine.
  settings <- c(ways[[way]](), "_R_CHECK_EXAMPLE_TIMING_THRESHOLD_" = "60")
  output <- tempfile("check")
  dir.create(output)
  command <- c("CMD", "check", "--as-cran", "--no-manual", "-o", output, tarball)
  before <- Sys.getenv(names(settings), NA, names = TRUE)
  do.call(Sys.setenv, as.list(settings))
  system2(file.path(R.home("bin"), "R"), command)
  Sys.unsetenv(names(settings))
  if (!all(is.na(before))) do.call(Sys.setenv, as.list(before[!is.na(before)]))
  log <- readLines(file.path(output, "gmm1d.Rcheck", "00check.log"))
  ended <- any(grepl("^Status:", log))
  found <- faults(log)
  if (way == "alone") found <- found[!names(found) %in% excused]
  for (lines in found) cat(lines, sep = "\n")
  is_clean <- ended && length(found) == 0L
  cat(if (is_clean) "Clean" else "Not clean", " (", way, "): ",
      if (ended) grep("^Status:", log, value = TRUE) else "the check did not end", "\n", sep = "")
  is_clean
}

clean <- vapply(arguments[-1L], check_in, NA)
if (!all(clean)) quit(status = 1L)
