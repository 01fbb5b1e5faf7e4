#include "kernel.h"

#include <algorithm>
#include <cmath>

#include "intervals.h"
#include "simd.h"

namespace gmm1d {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// gamma_ij = exp(l_ij - top_i) / sum_j exp(l_ij - top_i), l_ij the log joint density and
/// top_i its largest over j; log f(x_i) = top_i + log(sum_i). Returns how many x_i are
/// too far out for that, or are NaN: those are left to be done.
GMM1D_MULTIVERSION
int normalised(const double* x, std::size_t n, std::size_t k, const double* mu,
               const double* per_sigma, const double* log_height, double* gamma,
               std::size_t stride, double* top, double* log_density) {
  double sum[kBlock];
  for (std::size_t i = 0; i < n; ++i) {
    top[i] = -kInfinity;
    sum[i] = 0;
  }
  for (std::size_t j = 0; j < k; ++j) {
    double* g = gamma + j * stride;
    const double m = mu[j], p = per_sigma[j], h = log_height[j];
    GMM1D_SIMD
    for (std::size_t i = 0; i < n; ++i) {
      const double z = (x[i] - m) * p;
      const double l = h - 0.5 * z * z;
      g[i] = l;
      top[i] = top[i] > l ? top[i] : l;
    }
  }
  for (std::size_t j = 0; j < k; ++j) {
    double* g = gamma + j * stride;
    GMM1D_SIMD
    for (std::size_t i = 0; i < n; ++i) {
      g[i] = simd_exp(g[i] - top[i]);
      sum[i] += g[i];
    }
  }
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) {
    log_density[i] = top[i] + simd_log(sum[i]);
    sum[i] = 1 / sum[i];
  }
  for (std::size_t j = 0; j < k; ++j) {
    double* g = gamma + j * stride;
    GMM1D_SIMD
    for (std::size_t i = 0; i < n; ++i) g[i] *= sum[i];
  }
  int left = 0;
  for (std::size_t i = 0; i < n; ++i) left += !(top[i] > kFarOut);
  return left;
}

/// The sum of w_i log f(x_i).
GMM1D_MULTIVERSION
double weighted_sum(const double* w, const double* log_density, std::size_t n) {
  double sum = 0;
  GMM1D_SIMD_SUM(sum)
  for (std::size_t i = 0; i < n; ++i)
    sum += if_positive(w[i], w[i] * log_density[i]);  // the density may be 0
  return sum;
}

/// Adds the sums of w gamma, w gamma z and w gamma z^2 of one component.
GMM1D_MULTIVERSION
void add_sums(const double* x, const double* w, const double* gamma, std::size_t n,
              double centre, double per_sigma, double* s0, double* s1, double* s2) {
  double a = 0, b = 0, c = 0;
  GMM1D_SIMD_SUM(a, b, c)
  for (std::size_t i = 0; i < n; ++i) {
    const double wg = w[i] * gamma[i];
    const double z = if_positive(wg, (x[i] - centre) * per_sigma);  // z may be infinite
    a += wg;
    b += wg * z;
    c += wg * z * z;
  }
  *s0 += a;
  *s1 += b;
  *s2 += c;
}

/// The same of an interval's moments of order 1 and 2 about the mean, `shift` sigmas
/// below the centre.
void add_moments(const double* w, const double* gamma, const double* m1, const double* m2,
                 std::size_t n, double shift, double* s0, double* s1, double* s2) {
  for (std::size_t i = 0; i < n; ++i) {
    const double wg = w[i] * gamma[i];
    if (!(wg > 0)) continue;
    *s0 += wg;
    *s1 += wg * (m1[i] - shift);
    *s2 += wg * (m2[i] - shift * (2 * m1[i] - shift));
  }
}

/// The next multiple of 8 doubles, the longest vector there is.
std::size_t whole_vectors(std::size_t n) { return (n + 7) / 8 * 8; }

}  // namespace

void e_block(const double* x, std::size_t n, const LogJoint& log_joint, double* gamma,
             std::size_t stride, double* log_density) {
  const Mixture& mixture = log_joint.mixture;
  const std::size_t k = mixture.k();
  double top[kBlock];
  int left = normalised(x, n, k, mixture.mu.data(), log_joint.per_sigma.data(),
                        log_joint.log_height.data(), gamma, stride, top, log_density);
  for (std::size_t i = 0; left > 0; ++i) {
    if (top[i] > kFarOut) continue;
    std::vector<double> row(k, x[i]);  // NaN stays the NaN that it is, R's NA for one
    log_density[i] =
        std::isnan(x[i]) ? x[i] : responsibilities(x[i], log_joint, row.data());
    for (std::size_t j = 0; j < k; ++j) gamma[j * stride + i] = row[j];
    --left;
  }
}

Block::Block(const Points& points, std::size_t begin)
    : n(std::min(stride_of(points), whole_vectors(points.size - begin))),
      x(points.x + begin),
      w(points.w + begin),
      lower(points.lower ? points.lower + begin : nullptr),
      upper(points.upper ? points.upper + begin : nullptr) {
  const std::size_t known = std::min(n, points.size - begin);
  if (known == n) return;
  const auto filled = [&](const double* from, double* to, double rest) -> const double* {
    std::fill(std::copy_n(from, known, to), to + n, rest);
    return to;
  };
  x = filled(x, filled_x, x[known - 1]);
  w = filled(w, filled_w, 0);
  if (lower == nullptr) return;
  lower = filled(lower, filled_lower, lower[known - 1]);
  upper = filled(upper, filled_upper, upper[known - 1]);
}

void e_block(const Block& block, const LogJoint& log_joint, double* gamma,
             std::size_t stride, double* log_density, double* moments) {
  if (block.lower != nullptr)
    interval_block(block, log_joint, gamma, stride, log_density, moments);
  else
    e_block(block.x, block.n, log_joint, gamma, stride, log_density);
}

std::size_t moments_of(const Points& points, std::size_t k) {
  return points.lower ? 4 * k * stride_of(points) : 0;
}

std::size_t stride_of(const Points& points) {
  return std::min(kBlock, whole_vectors(points.size));
}

Statistics e_step(const Points& points, const Mixture& mixture) {
  return e_step(points, mixture, mixture.mu);
}

Statistics e_step(const Points& points, const Mixture& mixture,
                  const std::vector<double>& centre) {
  const std::size_t k = mixture.k();
  const LogJoint log_joint(mixture);
  const std::size_t stride = stride_of(points);
  Room gamma_room(k * stride);
  double *const gamma = gamma_room.data(), log_density[kBlock];
  std::vector<double> moments(moments_of(points, k));
  Statistics total = {0, std::vector<double>(k), std::vector<double>(k),
                      std::vector<double>(k)};
  for (std::size_t begin = 0; begin < points.size; begin += kBlock) {
    const Block block(points, begin);
    e_block(block, log_joint, gamma, stride, log_density, moments.data());
    total.loglik += weighted_sum(block.w, log_density, block.n);
    for (std::size_t j = 0; j < k; ++j) {
      const double per_sigma = log_joint.per_sigma[j];
      if (block.lower != nullptr)
        add_moments(block.w, &gamma[j * stride], &moments[j * stride],
                    &moments[(k + j) * stride], block.n,
                    (centre[j] - mixture.mu[j]) * per_sigma, &total.s0[j], &total.s1[j],
                    &total.s2[j]);
      else
        add_sums(block.x, block.w, &gamma[j * stride], block.n, centre[j], per_sigma,
                 &total.s0[j], &total.s1[j], &total.s2[j]);
    }
  }
  return total;
}

double entropy(const Points& points, const Mixture& mixture) {
  const std::size_t k = mixture.k();
  const LogJoint log_joint(mixture);
  const std::size_t stride = stride_of(points);
  Room gamma_room(k * stride);
  double *const gamma = gamma_room.data(), log_density[kBlock];
  std::vector<double> moments(moments_of(points, k));
  double sum = 0;
  for (std::size_t begin = 0; begin < points.size; begin += kBlock) {
    const Block block(points, begin);
    e_block(block, log_joint, gamma, stride, log_density, moments.data());
    for (std::size_t j = 0; j < k; ++j)
      for (std::size_t i = 0; i < block.n; ++i) {
        const double g = gamma[j * stride + i];
        if (g > 0) sum -= block.w[i] * g * std::log(g);
      }
  }
  return sum;
}

}  // namespace gmm1d
