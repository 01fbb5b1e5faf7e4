#pragma once

#include <cstddef>
#include <vector>

#include "cells.h"

namespace gmm1d {

/// Weighted points with errors, in order of their values.
struct ErroneousSet {
  PointSet points;
  std::vector<double> error;
};

/// A cell of pairs of a value and an error, and its contents. Let u be the place of a
/// value in its cell, and v the place of its squared error, both from -1/2 to 1/2. The
/// contents are the sums of u^p (in `values`), of v^p and of u^p v. Exact values are in
/// the error cell with index 0.
struct ErrorCell {
  Cell values, error;
  double of_errors[4];
  double of_both[6];
};

/// The points that represent cells: up to three values at each of up to two errors. They
/// match the moments of order 1 to 5 of the values, of order 1 to 3 of the squared
/// errors, and of order 0 to 5 of the values times these squares. Sometimes no such rule
/// exists, mostly in cells with few observations; the points then match fewer moments.
ErroneousSet points_of(const std::vector<ErrorCell>& cells);

/// How fine the cells of values with errors are.
struct ErrorCells {
  int error_bits = 4;  ///< 2^error_bits cells for an octave of errors
  int value_bits = 2;  ///< 2^value_bits cells of values in the least error of an octave
  double in_scale = 128;  ///< cells of exact values in a robust scale of all values
  std::size_t most_distinct = 4096;  ///< at most this many pairs are kept exactly
};

/// Squashes values with normal errors of known standard deviations: to the distinct pairs
/// if these are few, otherwise to the points of cells. All numbers must be finite, and
/// the weights positive.
ErroneousSet squash_errors(const double* x, const double* error, const double* w,
                           std::size_t n, const ErrorCells& cells = {});

}  // namespace gmm1d
