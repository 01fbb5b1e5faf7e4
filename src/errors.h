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

/// A cell of pairs of values and errors, and what it holds: the sums of u^p (in
/// `values`), of v^p and of u^p v, u being the place of a value in its cell, and v that
/// of the square of its error, from -1/2 to 1/2. Exact values are in the cell 0 of
/// errors.
struct ErrorCell {
  Cell values, error;
  double of_errors[4];
  double of_both[6];
};

/// The points of cells: up to three values at each of up to two errors, with the moments
/// of order 1 to 5 of the values, of order 1 to 3 of the squares of the errors, and of
/// order 0 to 5 of the values times these squares; where there is no such rule, as there
/// may be none of a few observations, with fewer of them.
ErroneousSet points_of(const std::vector<ErrorCell>& cells);

/// How fine cells of values with errors are.
struct ErrorCells {
  int error_bits = 4;     ///< an octave of errors has 2^error_bits cells
  int value_bits = 2;     ///< of values there are 2^value_bits cells in its least error
  double in_scale = 128;  ///< where values are known exactly: in a robust scale of all
  std::size_t most_distinct = 4096;  ///< pairs that are kept as they are
};

/// Values with normal errors of known standard deviations, squashed: the distinct pairs,
/// if there are not too many, or the points of cells. All must be finite, and the weights
/// positive.
ErroneousSet squash_errors(const double* x, const double* error, const double* w,
                           std::size_t n, const ErrorCells& cells = {});

}  // namespace gmm1d
