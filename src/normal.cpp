#include "normal.h"

#include <cmath>
#include <limits>

namespace gmm1d {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSqrtHalf = 0.70710678118654752440;

}  // namespace

double normal_cdf(double z) { return 0.5 * std::erfc(-z * kSqrtHalf); }

/// Below z = -37, where the probability approaches the smallest double, the asymptotic
/// series of Mills' ratio is used (Abramowitz & Stegun 1964, 26.2.12). There the first
/// omitted term is below 1e-12, while the value is above 600 in size.
double normal_log_cdf(double z) {
  if (z > 0) return std::log1p(-normal_cdf(-z));
  if (z > -37) return std::log(normal_cdf(z));
  const double r = 1 / (z * z);
  const double series = -r * (1 - 3 * r * (1 - 5 * r * (1 - 7 * r)));
  return -0.5 * z * z - kLogSqrt2Pi - std::log(-z) + std::log1p(series);
}

double normal_log_probability(double a, double b) {
  if (a + b > 0) return normal_log_probability(-b, -a);
  const double below = normal_log_cdf(a);
  if (b > 0) return std::log1p(-std::exp(below) - std::exp(normal_log_cdf(-b)));
  const double log_b = normal_log_cdf(b);
  return log_b == -kInfinity ? log_b : log_b + log_complement(below - log_b);
}

double integrated_normal_cdf(double z) {
  if (std::isinf(z)) return z > 0 ? z : 0;
  return z * normal_cdf(z) + kPerSqrt2Pi * std::exp(-0.5 * z * z);
}

double log_complement(double log_p) {
  return log_p > kLogHalf ? std::log(-std::expm1(log_p)) : std::log1p(-std::exp(log_p));
}

}  // namespace gmm1d
