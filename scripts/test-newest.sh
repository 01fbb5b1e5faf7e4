#!/bin/sh
# Installs the newest versions of the packages that DESCRIPTION suggests, and their dependencies,
# into a separate library, and runs the tests with it. If a package cannot be installed there, the
# tests use the version on the machine.
set -eu
library=${NEWEST_LIBRARY:-$PWD/newest}
mkdir -p "$library"
R_LIBS=$library Rscript -e '
  library <- .libPaths()[1L]
  if (getOption("repos")["CRAN"] %in% c(NA, "@CRAN@")) utils::chooseCRANmirror(ind = 1L)
  suggested <- strsplit(read.dcf("DESCRIPTION", "Suggests"), ",")[[1L]]
  suggested <- sub("[[:space:](].*", "", trimws(suggested))
  newest <- utils::available.packages()
  suggested <- intersect(suggested, rownames(newest))
  here <- utils::installed.packages(library)[, "Version"]
  is_new <- function(package) isTRUE(here[package] == newest[package, "Version"])
  utils::install.packages(Filter(Negate(is_new), suggested), library)
'
MAKEFLAGS=-j1 R CMD INSTALL --library="$library" .
R_LIBS=$library Rscript -e '
  packages <- c("ggplot2", "dbplyr", "dplyr", "testthat", "shiny", "vdiffr")
  for (package in packages) cat(package, format(utils::packageVersion(package)), "\n")
'
R_LIBS=$library Rscript scripts/test.R
