#!/bin/sh
# Installs the newest packages that DESCRIPTION suggests, and what these need, into a library of
# their own, and runs the tests there. What cannot be installed is taken as the machine has it.
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
