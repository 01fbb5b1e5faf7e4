#include "cholesky.h"

#include <cmath>

#include "simd.h"

namespace gmm1d {

GMM1D_MULTIVERSION
bool cholesky(double* matrix, std::size_t size, double least) {
  for (std::size_t c = 0; c < size; ++c) {
    double* column = matrix + c * size;
    if (!(column[c] > least)) return false;
    const double pivot = std::sqrt(column[c]);
    for (std::size_t r = c; r < size; ++r) column[r] /= pivot;
    for (std::size_t r = c + 1; r < size; ++r) {
      double* other = matrix + r * size;
      const double multiple = column[r];
      GMM1D_SIMD
      for (std::size_t i = r; i < size; ++i) other[i] -= multiple * column[i];
    }
  }
  return true;
}

GMM1D_MULTIVERSION
void solve_cholesky(const double* matrix, std::size_t size, double* b) {
  for (std::size_t c = 0; c < size; ++c) {
    const double* column = matrix + c * size;
    b[c] /= column[c];
    const double known = b[c];
    for (std::size_t r = c + 1; r < size; ++r) b[r] -= known * column[r];
  }
  for (std::size_t c = size; c-- > 0;) {
    const double* column = matrix + c * size;
    for (std::size_t r = c + 1; r < size; ++r) b[c] -= column[r] * b[r];
    b[c] /= column[c];
  }
}

}  // namespace gmm1d
