#include "intervals.h"

#include <algorithm>
#include <cmath>

namespace gmm1d {

namespace {

constexpr double kLogSqrt2Pi = 0.91893853320467274178;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The Gauss-Legendre rule of 8 points (Abramowitz & Stegun 1964, table 25.4), one side.
constexpr double kNode[4] = {0.18343464249564980494, 0.52553240991632898582,
                             0.79666647741362673959, 0.96028985649753623168};
constexpr double kWeight[4] = {0.36268378337836198297, 0.31370664587788728734,
                               0.22238103445337447054, 0.10122853629037625915};

/// It is exact to double precision where the interval is no wider than this, in sigmas,
/// and the log density changes by no more than that.
constexpr double kNarrow = 1, kFlat = 2;

/// By quadrature about the middle c: the density there times exp(-t (c + t / 2)), t being
/// the distance from c. Nothing cancels.
Truncated narrow(double c, double width) {
  double sums[5] = {};
  for (int i = 0; i < 4; ++i)
    for (const double side : {-1.0, 1.0}) {
      const double t = side * kNode[i] * width / 2, z = c + t;
      double term = kWeight[i] / 2 * std::exp(-t * (c + t / 2));
      for (double& sum : sums) {
        sum += term;
        term *= z;
      }
    }
  Truncated result = {-0.5 * c * c - kLogSqrt2Pi + std::log(width * sums[0]), {}};
  for (int p = 0; p < 4; ++p) result.moment[p] = sums[p + 1] / sums[0];
  return result;
}

/// log(Phi(b) - Phi(a)) where a is not above 0, or b not above -a.
double log_probability(double a, double b) {
  const double below = normal_log_cdf(a);
  if (b > 0) return std::log1p(-std::exp(below) - std::exp(normal_log_cdf(-b)));
  const double log_b = normal_log_cdf(b);
  return log_b == -kInfinity ? log_b : log_b + std::log1p(-std::exp(below - log_b));
}

/// By parts: with r(z) = phi(z) / P the moments are
///   m_p = (p - 1) m_(p-2) + a^(p-1) r(a) - b^(p-1) r(b).
Truncated wide(double a, double b) {
  Truncated result = {log_probability(a, b), {}};
  const auto ratio = [&](double z) {
    return std::isinf(z) ? 0 : std::exp(-0.5 * z * z - kLogSqrt2Pi - result.log_p);
  };
  double at_a = ratio(a), at_b = ratio(b), before = 0, last = 1;
  for (int p = 1; p <= 4; ++p) {
    const double moment = (p - 1) * before + at_a - at_b;
    before = last;
    last = result.moment[p - 1] = moment;
    at_a = std::isinf(a) ? 0 : at_a * a;
    at_b = std::isinf(b) ? 0 : at_b * b;
  }
  return result;
}

}  // namespace

Truncated truncated(double a, double b, double width) {
  if (width <= kNarrow && std::max(std::abs(a), std::abs(b)) * width <= kFlat)
    return narrow(a / 2 + b / 2, width);
  if (a <= 0) return wide(a, b);
  Truncated result = wide(-b, -a);
  result.moment[0] = -result.moment[0];
  result.moment[2] = -result.moment[2];
  return result;
}

void interval_block(const Block& block, const LogJoint& log_joint, double* gamma,
                    std::size_t stride, double* log_probability, double* moments) {
  const Mixture& mixture = log_joint.mixture;
  const std::size_t k = mixture.k();
  std::vector<double> row(k);
  for (std::size_t i = 0; i < block.n; ++i) {
    const double lower = block.lower[i], upper = block.upper[i];
    for (std::size_t j = 0; j < k; ++j) {
      const double p = log_joint.per_sigma[j], mu = mixture.mu[j];
      Truncated t;
      if (lower == upper) {
        const double z = (lower - mu) * p;
        t = {log_joint(lower, j), {z, z * z, z * z * z, z * z * z * z}};
      } else {
        t = truncated((lower - mu) * p, (upper - mu) * p, (upper - lower) * p);
        t.log_p += std::log(mixture.lambda[j]);
      }
      row[j] = t.log_p;
      for (std::size_t m = 0; m < 4; ++m) moments[(m * k + j) * stride + i] = t.moment[m];
    }
    log_probability[i] = normalise(row.data(), k);
    if (!(log_probability[i] > kFarOut))
      responsibilities(block.x[i], log_joint, row.data());
    for (std::size_t j = 0; j < k; ++j) gamma[j * stride + i] = row[j];
  }
}

}  // namespace gmm1d
