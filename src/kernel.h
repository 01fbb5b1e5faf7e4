#pragma once

#include "few.h"
#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// The sufficient statistics for the M-step, from one pass over the observations, with
/// z_ij = (x_i - centre_j) / unit_j. They are free of units, so nothing overflows, and
/// taken about a centre near the mean, so nothing cancels.
///
/// For values known only up to an interval, z and z^2 are replaced by their expected
/// values. For values with errors, let p_ij be the unit divided by the standard deviation
/// of what is seen. Then
///   n1 = sum_i w_i gamma_ij p_ij^2, n2 = sum_i w_i gamma_ij p_ij^4
/// are the information of m_j and half of that of l_j (information.h) if the components
/// were known, and s1 and s2 - n2 are the score. Without errors, n1 and n2 equal s0.
///
/// If there are windows, all sums include the expected contribution of the unseen values.
struct Statistics {
  Statistics() = default;
  explicit Statistics(const Mixture& mixture);

  double loglik = 0;  ///< sum_i w_i log f(x_i)
  double n = 0;       ///< the sum of `count`
  /// sum_i w_i gamma_ij over the observations that carry information about the
  /// proportions; the noise comes last.
  Few<double> count;
  Few<double> s0;  ///< sum_i w_i gamma_ij
  Few<double> s1;  ///< sum_i w_i gamma_ij z_ij
  Few<double> s2;  ///< sum_i w_i gamma_ij z_ij^2
  Few<double> n1, n2;
};

/// The E-step fused with the sums: the statistics about the current means.
Statistics e_step(const Sample& sample, const Mixture& mixture);

/// The same about other centres.
Statistics e_step(const Sample& sample, const Mixture& mixture,
                  const Few<double>& centre);

/// The uncertainty about the components of the points: -sum_ij w_i gamma_ij
/// log(gamma_ij).
double entropy(const Sample& sample, const Mixture& mixture);

}  // namespace gmm1d
