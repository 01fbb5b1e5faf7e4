#include "rough.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "information_sums.h"
#include "simd.h"

namespace gmm1d {

namespace {

/// Log densities below this lose the digits that distinguish components in single
/// precision: they are known to no more than 1e-3.
constexpr float kFarOutInSingle = -1e4F;

/// With more components than this, the numbers of a block do not fit on the stack.
constexpr std::size_t kMostComponents = 12;
constexpr std::size_t kMostColumnsOfAll = 3 * kMostComponents;
static_assert(kMostColumnsOfAll % kTall == 0, "columns are filled up to a multiple");

/// The number of sums of powers of z, from 0 on, for each component.
constexpr std::size_t kPowers = 5;

/// The error of the log density of an observation near a maximum: its standard deviation,
/// and a part that all observations may have in common.
constexpr double kErrorOfOne = 1.5e-7, kErrorOfAll = 3e-9;

/// The highest of the log heights of the components. Log densities are computed relative
/// to it, so that their errors do not depend on the unit of the data.
double highest_of(const LogJoint& log_joint) {
  const auto& height = log_joint.log_height;
  return *std::max_element(height.begin(), height.end());
}

/// Computes for each point and component, kBlock apart, the distance from the mean in
/// sigmas, and the joint density relative to the largest of the point; and for each point
/// the log of this, and the sum of the relative densities. Returns the lowest of the
/// largest log densities. These are relative to the highest height.
GMM1D_INLINE float relative_densities(const double* x, std::size_t n,
                                      const LogJoint& log_joint, double highest,
                                      float* distance, float* density, float* top,
                                      float* sum) {
  const std::size_t k = log_joint.mixture.k();
  std::fill_n(top, n, -std::numeric_limits<float>::infinity());
  std::fill_n(sum, n, 0.0F);
  for (std::size_t j = 0; j < k; ++j) {
    float *const z = distance + j * kBlock, *const f = density + j * kBlock;
    const double m = log_joint.mu[j], p = log_joint.per_sigma[j];
    // In two parts, because an error would be the same for all points.
    const double height = log_joint.log_height[j] - highest;
    const auto h = static_cast<float>(height);
    const bool is_empty = std::isinf(h);
    const float rest = is_empty ? 0 : static_cast<float>(height - static_cast<double>(h));
    GMM1D_SIMD
    for (std::size_t i = 0; i < n; ++i) {
      const auto d = static_cast<float>((x[i] - m) * p);
      const float l = h + (rest - 0.5F * d * d);
      z[i] = d;
      f[i] = l;
      top[i] = top[i] > l ? top[i] : l;
    }
  }
  for (std::size_t j = 0; j < k; ++j) {
    float* const f = density + j * kBlock;
    GMM1D_SIMD
    for (std::size_t i = 0; i < n; ++i) {
      f[i] = simd_exp(f[i] - top[i]);
      sum[i] += f[i];
    }
  }
  float lowest = 0;
  GMM1D_SIMD_LEAST(lowest)
  for (std::size_t i = 0; i < n; ++i) lowest = lowest < top[i] ? lowest : top[i];
  return lowest;
}

/// The E-step on a block. Adds the sums of w gamma z^p for p = 0 .. 2 of each component,
/// of weights multiplied by `unit`, and the log-likelihood. Returns the lowest of the
/// largest log densities of the points, as above.
GMM1D_MULTIVERSION
float add_rough_sums(const double* x, const double* w, std::size_t n, double unit,
                     const LogJoint& log_joint, double highest, double* s0, double* s1,
                     double* s2, double* loglik) {
  float distance[kMostComponents * kBlock], density[kMostComponents * kBlock];
  float top[kBlock], sum[kBlock];
  const float lowest =
      relative_densities(x, n, log_joint, highest, distance, density, top, sum);
  double total = 0;
  GMM1D_SIMD_SUM(total)
  for (std::size_t i = 0; i < n; ++i) {
    total += w[i] * (highest + static_cast<double>(top[i] + simd_log(sum[i])));
    sum[i] = static_cast<float>(w[i] * unit) / sum[i];
  }
  *loglik += total;
  for (std::size_t j = 0; j < log_joint.mixture.k(); ++j) {
    const float *const z = distance + j * kBlock, *const f = density + j * kBlock;
    float a = 0, b = 0, c = 0;
    GMM1D_SIMD_SUM(a, b, c)
    for (std::size_t i = 0; i < n; ++i) {
      const float wg = f[i] * sum[i];
      const float d = if_positive(wg, z[i]);
      a += wg;
      b += wg * d;
      c += wg * d * d;
    }
    s0[j] += static_cast<double>(a);
    s1[j] += static_cast<double>(b);
    s2[j] += static_cast<double>(c);
  }
  return lowest;
}

/// Adds the sums of w gamma z^p for p = 0 .. 4 of each component, and the cross products
/// of the columns of a block (see information.cpp), of weights multiplied by `unit`.
/// Returns the lowest of the largest log densities of the points, as above.
GMM1D_MULTIVERSION
float add_rough_information(const double* x, const double* w, std::size_t n, double unit,
                            const LogJoint& log_joint, double highest, double* sums,
                            double* products) {
  const std::size_t k = log_joint.mixture.k(), count = filled_up(3 * k);
  float columns[kMostColumnsOfAll * kBlock], top[kBlock], sum[kBlock], root_w[kBlock];
  const float lowest = relative_densities(x, n, log_joint, highest, columns + k * kBlock,
                                          columns, top, sum);
  roots(w, n, unit, root_w);
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) sum[i] = root_w[i] / sum[i];
  for (std::size_t j = 0; j < k; ++j) {
    float *const c0 = columns + j * kBlock, *const c1 = c0 + k * kBlock,
                 *const c2 = c1 + k * kBlock;
    float t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;
    GMM1D_SIMD_SUM(t0, t1, t2, t3, t4)
    for (std::size_t i = 0; i < n; ++i) {
      const float v = c0[i] * sum[i], wg = root_w[i] * v;
      const float z = if_positive(wg, c1[i]), zz = z * z;
      c0[i] = v;
      c1[i] = v * z;
      c2[i] = v * (zz - 1);
      t0 += wg;
      t1 += wg * z;
      t2 += wg * zz;
      t3 += wg * zz * z;
      t4 += wg * zz * zz;
    }
    const float of_block[] = {t0, t1, t2, t3, t4};
    for (std::size_t p = 0; p < kPowers; ++p)
      sums[kPowers * j + p] += static_cast<double>(of_block[p]);
  }
  for (std::size_t c = 3 * k; c < count; ++c) std::fill_n(columns + c * kBlock, n, 0.0F);
  add_products_of_columns(columns, n, kBlock, count, products);
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

bool is_rough_enough(const Sample& sample, const Mixture& mixture) {
  return is_plain(sample) && !mixture.has_noise() && mixture.k() <= kMostComponents;
}

/// Weights may exceed the range of single precision. This is the power of 2 that brings
/// them near 1, and changes no digit.
double unit_of(const Points& points) {
  const double mean = points.n / static_cast<double>(points.size);
  return std::scalbn(1.0, std::clamp(-std::ilogb(mean), -1000, 1000));
}

/// Calls f with each block until it returns a number that is too low for single
/// precision. Returns false if it does.
template <class F>
bool for_each_rough_block(const Points& points, const F& f) {
  for (std::size_t begin = 0; begin < points.size; begin += kBlock)
    if (!(f(WholeVectors(points, begin)) > kFarOutInSingle)) return false;
  return true;
}

}  // namespace

Statistics rough_e_step(const Sample& sample, const Mixture& mixture) {
  if (!is_rough_enough(sample, mixture)) return e_step(sample, mixture);
  const LogJoint log_joint(mixture);
  const double unit = unit_of(sample.places);
  const double highest = highest_of(log_joint);
  Statistics total(mixture);
  const bool is_near =
      for_each_rough_block(sample.places, [&](const WholeVectors& block) {
        return add_rough_sums(block.x, block.w, block.n, unit, log_joint, highest,
                              total.s0.data(), total.s1.data(), total.s2.data(),
                              &total.loglik);
      });
  if (!is_near) return e_step(sample, mixture);
  for (auto* sums : {&total.s0, &total.s1, &total.s2})
    for (double& one : *sums) one /= unit;
  total.count = total.n1 = total.n2 = total.s0;
  // Not the weight of the points: the proportions must sum to 1 in all digits.
  total.n = std::accumulate(total.s0.begin(), total.s0.end(), 0.0);
  return total;
}

Information rough_information(const Sample& sample, const Mixture& mixture) {
  if (!is_rough_enough(sample, mixture)) return information(sample, mixture);
  const LogJoint log_joint(mixture);
  const double unit = unit_of(sample.places);
  const double highest = highest_of(log_joint);
  const std::size_t k = mixture.k(), count = filled_up(3 * k);
  double products[kMostColumnsOfAll * kMostColumnsOfAll];
  double sums[kPowers * kMostComponents] = {};
  std::fill_n(products, count * count, 0.0);
  const bool is_near =
      for_each_rough_block(sample.places, [&](const WholeVectors& block) {
        return add_rough_information(block.x, block.w, block.n, unit, log_joint, highest,
                                     sums, products);
      });
  if (!is_near) return information(sample, mixture);
  for (double& one : sums) one /= unit;
  for (std::size_t i = 0; i < count * count; ++i) products[i] /= unit;
  Totals totals(k);
  for (std::size_t j = 0; j < k; ++j) {
    totals.telling[j] = totals.all[j] = of_powers(sums + kPowers * j);
    totals.seen += totals.all[j].s0;
  }
  return information_of(mixture, totals, products, count);
}

double rough_error(const Points& points) {
  const double* const w = points.w;
  const double squares = std::inner_product(w, w + points.size, w, 0.0);
  return kErrorOfOne * std::sqrt(squares) + kErrorOfAll * points.n;
}

}  // namespace gmm1d
