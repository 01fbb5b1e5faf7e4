#pragma once

#include <cstddef>
#include <vector>

#include "points.h"

namespace gmm1d {

/// Weighted points with errors, in order of their values.
struct ErroneousSet {
  PointSet points;
  std::vector<double> error;
  bool are_distinct;  ///< the points are the values themselves
};

/// How fine cells of values with errors are.
struct ErrorCells {
  double classes = 16;    ///< of errors in an octave
  double in_error = 4;    ///< cells in the least error of a class
  double in_scale = 128;  ///< where values are known exactly: in a robust scale of all
  std::size_t most_distinct = 4096;  ///< pairs that are kept as they are
};

/// Values with normal errors of known standard deviations, squashed: the distinct pairs,
/// if there are not too many, or the Gauss rules of cells of pairs. A cell has up to
/// three values at each of up to two errors, with the moments of order 1 to 5 of the
/// values, of order 1 to 3 of the squares of the errors, and of order 0 to 5 of the
/// values times these squares. All must be finite, and the weights positive.
ErroneousSet squash_errors(const double* x, const double* error, const double* w,
                           std::size_t n, const ErrorCells& cells = {});

}  // namespace gmm1d
