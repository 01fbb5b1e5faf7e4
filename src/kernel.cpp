#include "kernel.h"

#include <algorithm>

namespace gmm1d {

namespace {

/// Points are summed in blocks first, then over blocks: rounding errors stay those of
/// short sums.
constexpr std::size_t kBlock = 256;

void add(Statistics& total, const Statistics& block) {
  total.loglik += block.loglik;
  for (std::size_t j = 0; j < total.s0.size(); ++j) {
    total.s0[j] += block.s0[j];
    total.s1[j] += block.s1[j];
    total.s2[j] += block.s2[j];
  }
}

Statistics zero(std::size_t k) {
  const std::vector<double> none(k, 0.0);
  return {0, none, none, none};
}

}  // namespace

Statistics e_step(const Points& points, const Mixture& mixture) {
  return e_step(points, mixture, mixture.mu);
}

Statistics e_step(const Points& points, const Mixture& mixture,
                  const std::vector<double>& centre) {
  const std::size_t k = mixture.k();
  const LogJoint log_joint(mixture);
  std::vector<double> gamma(k);
  Statistics total = zero(k);
  for (std::size_t begin = 0; begin < points.size; begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, points.size);
    Statistics block = zero(k);
    for (std::size_t i = begin; i < end; ++i) {
      block.loglik +=
          points.w[i] * responsibilities(points.x[i], log_joint, gamma.data());
      for (std::size_t j = 0; j < k; ++j) {
        if (gamma[j] == 0) continue;  // z may be infinite
        const double w = points.w[i] * gamma[j];
        const double z = (points.x[i] - centre[j]) / mixture.sigma[j];
        block.s0[j] += w;
        block.s1[j] += w * z;
        block.s2[j] += w * z * z;
      }
    }
    add(total, block);
  }
  return total;
}

}  // namespace gmm1d
