#pragma once

#include <cstddef>

namespace gmm1d {

/// Cholesky's decomposition, in its place, of a symmetric matrix of `size` columns of
/// which the lower triangle is read. False if a pivot is not above `least`. (So small a
/// matrix is done with faster so than by LAPACK.)
bool cholesky(double* matrix, std::size_t size, double least = 0);

/// The solution of A x = b in the place of b, A being decomposed.
void solve_cholesky(const double* matrix, std::size_t size, double* b);

}  // namespace gmm1d
