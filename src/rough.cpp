#include "rough.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "simd.h"

namespace gmm1d {

namespace {

/// Log densities below this lose the digits that distinguish components in single
/// precision: they are known to no more than 1e-3.
constexpr float kFarOutInSingle = -1e4F;

/// With more components than this, the numbers of a block do not fit on the stack.
constexpr std::size_t kMostComponents = 12;

/// The E-step on a block. Adds the sums of each component, of weights multiplied by
/// `unit`, and the log-likelihood. Returns the lowest of the largest log joint densities
/// of the points.
GMM1D_MULTIVERSION
float add_rough_sums(const double* x, const double* w, std::size_t n, double unit,
                     const LogJoint& log_joint, float* z, float* gamma, double* s0,
                     double* s1, double* s2, double* loglik) {
  const std::size_t k = log_joint.mixture.k();
  float top[kBlock], sum[kBlock];
  std::fill_n(top, n, -std::numeric_limits<float>::infinity());
  std::fill_n(sum, n, 0.0F);
  for (std::size_t j = 0; j < k; ++j) {
    float *const z_j = z + j * kBlock, *const g = gamma + j * kBlock;
    const double m = log_joint.mu[j], p = log_joint.per_sigma[j];
    const float h = static_cast<float>(log_joint.log_height[j]);
    GMM1D_SIMD
    for (std::size_t i = 0; i < n; ++i) {
      const float distance = static_cast<float>((x[i] - m) * p);
      const float l = h - 0.5F * distance * distance;
      z_j[i] = distance;
      g[i] = l;
      top[i] = top[i] > l ? top[i] : l;
    }
  }
  for (std::size_t j = 0; j < k; ++j) {
    float* const g = gamma + j * kBlock;
    GMM1D_SIMD
    for (std::size_t i = 0; i < n; ++i) {
      g[i] = simd_exp(g[i] - top[i]);
      sum[i] += g[i];
    }
  }
  double total = 0;
  GMM1D_SIMD_SUM(total)
  for (std::size_t i = 0; i < n; ++i) {
    total += w[i] * (static_cast<double>(top[i]) + simd_log(static_cast<double>(sum[i])));
    sum[i] = static_cast<float>(w[i] * unit) / sum[i];
  }
  *loglik += total;
  for (std::size_t j = 0; j < k; ++j) {
    const float *const z_j = z + j * kBlock, *const g = gamma + j * kBlock;
    float a = 0, b = 0, c = 0;
    GMM1D_SIMD_SUM(a, b, c)
    for (std::size_t i = 0; i < n; ++i) {
      const float wg = g[i] * sum[i];
      const float distance = if_positive(wg, z_j[i]);
      a += wg;
      b += wg * distance;
      c += wg * distance * distance;
    }
    s0[j] += static_cast<double>(a);
    s1[j] += static_cast<double>(b);
    s2[j] += static_cast<double>(c);
  }
  float lowest = 0;
  GMM1D_SIMD_LEAST(lowest)
  for (std::size_t i = 0; i < n; ++i) lowest = lowest < top[i] ? lowest : top[i];
  return lowest;
}

/// The points from `begin` on, filled up with points of weight 0 to whole vectors.
struct WholeVectors {
  WholeVectors(const Points& points, std::size_t begin) {
    const std::size_t known = std::min(kBlock, points.size - begin);
    n = (known + kLongest - 1) / kLongest * kLongest;
    x = points.x + begin;
    w = points.w + begin;
    if (n == known) return;
    x = std::fill_n(std::copy_n(x, known, filled_x), n - known, x[known - 1]) - n;
    w = std::fill_n(std::copy_n(w, known, filled_w), n - known, 0.0) - n;
  }
  WholeVectors(const WholeVectors&) = delete;

  static constexpr std::size_t kLongest = 16;  ///< floats in the longest vector there is
  std::size_t n;
  const double *x, *w;
  double filled_x[kBlock], filled_w[kBlock];
};

}  // namespace

Statistics rough_e_step(const Sample& sample, const Mixture& mixture) {
  const std::size_t k = mixture.k();
  if (!is_plain(sample) || mixture.has_noise() || k > kMostComponents)
    return e_step(sample, mixture);
  const Points& points = sample.places;
  const LogJoint log_joint(mixture);
  Statistics total(mixture);
  // Weights may exceed the range of single precision. A power of 2 changes no digit.
  const double unit = std::scalbn(
      1.0,
      std::clamp(-std::ilogb(points.n / static_cast<double>(points.size)), -1000, 1000));
  float z[kMostComponents * kBlock], gamma[kMostComponents * kBlock];
  for (std::size_t begin = 0; begin < points.size; begin += kBlock) {
    const WholeVectors block(points, begin);
    const float lowest =
        add_rough_sums(block.x, block.w, block.n, unit, log_joint, z, gamma,
                       total.s0.data(), total.s1.data(), total.s2.data(), &total.loglik);
    if (!(lowest > kFarOutInSingle)) return e_step(sample, mixture);
  }
  for (auto* sums : {&total.s0, &total.s1, &total.s2})
    for (double& one : *sums) one /= unit;
  total.count = total.n1 = total.n2 = total.s0;
  // Not the weight of the points: the proportions must sum to 1 in all digits.
  total.n = std::accumulate(total.s0.begin(), total.s0.end(), 0.0);
  return total;
}

}  // namespace gmm1d
