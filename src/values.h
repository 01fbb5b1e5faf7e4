#pragma once

#include <cstddef>
#include <functional>

namespace gmm1d {

/// Numbers that are read in runs, wherever and however they are stored.
struct Values {
  std::size_t size = 0;
  bool threadable = true;  ///< several threads may read at once
  /// Reads `count` numbers from `begin`. Returns where they already lie in memory, or
  /// copies them into the buffer. Missing values are NaN.
  std::function<const double*(std::size_t begin, std::size_t count, double* buffer)> read;
};

/// Doubles, read in place without copying.
Values doubles(const double* x, std::size_t n);

/// R integers; the smallest int is a missing value.
Values integers(const int* x, std::size_t n);

/// The numbers that an integer64 vector keeps in the bits of doubles, minus a whole
/// number `base`. The smallest 64-bit integer is a missing value.
Values integers64(const double* bits, std::size_t n, double base);

/// A base for integers64(), so that the differences fit into doubles: a multiple of 2^32
/// near the first value, or 0 if a double holds that value exactly.
double base_of_integers64(const double* bits, std::size_t n);

}  // namespace gmm1d
