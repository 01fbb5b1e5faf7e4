#pragma once

#include <cstddef>
#include <functional>

namespace gmm1d {

/// Numbers that are read in runs, wherever they are and however they are stored.
struct Values {
  std::size_t size = 0;
  bool threadable = true;  ///< several threads may read at once
  /// The `count` numbers from `begin`: where they are, or copied into the buffer. Missing
  /// values are NaN.
  std::function<const double*(std::size_t begin, std::size_t count, double* buffer)> read;
};

/// Values as they lie in memory.
Values doubles(const double* x, std::size_t n);

/// Whole numbers; the smallest int is a missing value.
Values integers(const int* x, std::size_t n);

/// The numbers that an integer64 vector keeps in the bits of doubles, less a whole number
/// `base`; the smallest is a missing value.
Values integers64(const double* bits, std::size_t n, double base);

/// The base about which doubles hold such numbers: a multiple of 2^32 near the first of
/// them, or 0 if doubles hold that one as it is.
double base_of_integers64(const double* bits, std::size_t n);

}  // namespace gmm1d
