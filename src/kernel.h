#pragma once

#include <vector>

#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// The fused pass works on blocks of this many points: their responsibilities stay in the
/// nearest cache, and rounding errors stay those of short sums.
constexpr std::size_t kBlock = 256;

/// The E-step on at most kBlock values: gamma[j * stride + i], each i a pmf over j, and
/// the log density of the mixture at each x. NaN in, NaN out.
void e_block(const double* x, std::size_t n, const LogJoint& log_joint, double* gamma,
             std::size_t stride, double* log_density);

/// What one pass over the points leaves for the M-step, with
/// z_ij = (x_i - centre_j) / sigma_j: free of any unit, so that nothing overflows, and
/// taken about a centre near the mean, so that nothing cancels. Of a value that is only
/// known to lie in an interval: the log of the probability of this in place of the
/// density, and the expected z and z^2.
struct Statistics {
  double loglik;           ///< sum_i w_i log f(x_i)
  std::vector<double> s0;  ///< sum_i w_i gamma_ij
  std::vector<double> s1;  ///< sum_i w_i gamma_ij z_ij
  std::vector<double> s2;  ///< sum_i w_i gamma_ij z_ij^2
};

/// The fused E-step: the statistics of the points about the current means.
Statistics e_step(const Sample& sample, const Mixture& mixture);

/// The same about other centres.
Statistics e_step(const Sample& sample, const Mixture& mixture,
                  const std::vector<double>& centre);

/// How uncertain the components of the points are: -sum_ij w_i gamma_ij log(gamma_ij).
double entropy(const Sample& sample, const Mixture& mixture);

}  // namespace gmm1d
