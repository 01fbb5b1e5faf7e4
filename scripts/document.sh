#!/bin/sh
# Generates the files made from the sources: RcppExports, man/, NAMESPACE, and the layout of the C++
# core.
set -eu
ls src/*.h src/*.cpp | grep -v RcppExports | xargs clang-format -i
Rscript -e 'Rcpp::compileAttributes()'
make --no-print-directory install
Rscript -e 'roxygen2::roxygenise()'
make --no-print-directory install
