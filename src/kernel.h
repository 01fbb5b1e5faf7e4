#pragma once

#include <vector>

#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// What one pass over the observations leaves for the M-step, with
/// z_ij = (x_i - centre_j) / unit_j: free of any unit, so that nothing overflows, and
/// taken about a centre near the mean, so that nothing cancels.
///
/// Of values that are only known to lie in an interval: the expected z and z^2. Of those
/// with errors, with p_ij the unit as a part of their standard deviation:
///   n1 = sum_i w_i gamma_ij p_ij^2, n2 = sum_i w_i gamma_ij p_ij^4,
/// the information of m_j and half of that of l_j (information.h), were the components
/// known; s1 and s2 - n2 the score. Without errors n1 and n2 are s0.
///
/// With windows: and of the values that were not seen.
struct Statistics {
  explicit Statistics(const Mixture& mixture);

  double loglik = 0;  ///< sum_i w_i log f(x_i)
  double n = 0;       ///< the sum of `count`
  /// sum_i w_i gamma_ij of the observations that tell of the proportions, noise last.
  std::vector<double> count;
  std::vector<double> s0;  ///< sum_i w_i gamma_ij
  std::vector<double> s1;  ///< sum_i w_i gamma_ij z_ij
  std::vector<double> s2;  ///< sum_i w_i gamma_ij z_ij^2
  std::vector<double> n1, n2;
};

/// The fused E-step: the statistics of the points about the current means.
Statistics e_step(const Sample& sample, const Mixture& mixture);

/// The same about other centres.
Statistics e_step(const Sample& sample, const Mixture& mixture,
                  const std::vector<double>& centre);

/// How uncertain the components of the points are: -sum_ij w_i gamma_ij log(gamma_ij).
double entropy(const Sample& sample, const Mixture& mixture);

}  // namespace gmm1d
