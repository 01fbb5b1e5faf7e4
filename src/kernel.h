#pragma once

#include <vector>

#include "mixture.h"
#include "points.h"

namespace gmm1d {

/// The fused pass works on blocks of this many points: their responsibilities stay in the
/// nearest cache, and rounding errors stay those of short sums.
constexpr std::size_t kBlock = 256;

/// The E-step on at most kBlock values: gamma[j * stride + i], each i a pmf over j, and
/// the log density of the mixture at each x. NaN in, NaN out.
void e_block(const double* x, std::size_t n, const LogJoint& log_joint, double* gamma,
             std::size_t stride, double* log_density);

/// Room for the numbers of a pass: on the stack where they are few, as they mostly are.
/// Asking for it takes as long as a pass over a hundred points.
class Room {
 public:
  explicit Room(std::size_t size) : many_(size > kFew ? size : 0) {}
  Room(const Room&) = delete;
  double* data() { return many_.empty() ? few_ : many_.data(); }

 private:
  static constexpr std::size_t kFew = 12 * kBlock;
  double few_[kFew];
  std::vector<double> many_;
};

/// A block of points, filled up with points of weight 0 to whole vectors of a processor:
/// a loop over the rest of one would cost as much as a vector each.
struct Block {
  Block(const Points& points, std::size_t begin);
  Block(const Block&) = delete;

  std::size_t n;
  const double* x;
  const double* w;
  const double* lower;  ///< null where values are known
  const double* upper;

 private:
  double filled_x[kBlock], filled_w[kBlock], filled_lower[kBlock], filled_upper[kBlock];
};

/// The E-step on a block of values or of intervals; of these also the moments, as
/// `interval_block` gives them, in room for as many as `moments_of` says.
void e_block(const Block& block, const LogJoint& log_joint, double* gamma,
             std::size_t stride, double* log_density, double* moments);
std::size_t moments_of(const Points& points, std::size_t k);

/// How far apart to keep numbers of a component each, for blocks of these points.
std::size_t stride_of(const Points& points);

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
Statistics e_step(const Points& points, const Mixture& mixture);

/// The same about other centres.
Statistics e_step(const Points& points, const Mixture& mixture,
                  const std::vector<double>& centre);

/// How uncertain the components of the points are: -sum_ij w_i gamma_ij log(gamma_ij).
double entropy(const Points& points, const Mixture& mixture);

}  // namespace gmm1d
