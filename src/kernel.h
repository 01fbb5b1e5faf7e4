#pragma once

#include <vector>

#include "mixture.h"
#include "squash.h"

namespace gmm1d {

/// What one pass over the points leaves for the M-step, with
/// z_ij = (x_i - centre_j) / sigma_j: free of any unit, so that nothing overflows, and
/// taken about a centre near the mean, so that nothing cancels.
struct Statistics {
  double loglik;           ///< sum_i w_i log f(x_i)
  std::vector<double> s0;  ///< sum_i w_i gamma_ij
  std::vector<double> s1;  ///< sum_i w_i gamma_ij z_ij
  std::vector<double> s2;  ///< sum_i w_i gamma_ij z_ij^2
};

/// The fused E-step: the statistics of the points about the current means.
Statistics e_step(const Points& points, const Mixture& mixture);

/// The same about other centres.
Statistics e_step(const Points& points, const Mixture& mixture,
                  const std::vector<double>& centre);

}  // namespace gmm1d
