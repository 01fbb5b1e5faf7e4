#pragma once

// R's types and Armadillo, as R configures it, without the parts of Rcpp that are not
// used here. This halves the compilation time. RcppExports.cpp includes a header of this
// name before all others.
#define RCPP_NO_MODULES
#include <RcppArmadillo.h>
