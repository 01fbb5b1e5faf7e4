#pragma once

#include <cstddef>

namespace gmm1d {

/// Computes the Cholesky decomposition of a symmetric matrix in place. Only the lower
/// triangle is read. Returns false if a pivot is not above `least`. (For matrices this
/// small, it is faster than LAPACK.)
bool cholesky(double* matrix, std::size_t size, double least = 0);

/// Solves A x = b in place, given the decomposition of A.
void solve_cholesky(const double* matrix, std::size_t size, double* b);

}  // namespace gmm1d
