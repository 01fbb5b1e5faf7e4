#include "observation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mixture.h"

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
Latent narrow(double c, double width) {
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
  Latent result = {-0.5 * c * c - kLogSqrt2Pi + std::log(width * sums[0]), {}};
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
Latent wide(double a, double b) {
  Latent result = {log_probability(a, b), {}};
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

/// A standard normal z between a < b; `width` is b - a, better known than by subtraction.
Latent between(double a, double b, double width) {
  if (width <= kNarrow && std::max(std::abs(a), std::abs(b)) * width <= kFlat)
    return narrow(a / 2 + b / 2, width);
  if (a <= 0) return wide(a, b);
  Latent result = wide(-b, -a);
  result.moment[0] = -result.moment[0];
  result.moment[2] = -result.moment[2];
  return result;
}

/// A value that is known: the density, and the powers of z.
Latent at(double x, double mu, double per_sigma) {
  const double z = (x - mu) * per_sigma;
  return {std::log(per_sigma) - kLogSqrt2Pi - 0.5 * z * z,
          {z, z * z, z * z * z, z * z * z * z}};
}

}  // namespace

Row known(const Exact&, double x) { return {x}; }
Row known(const Interval&, double x) { return {x, x}; }
Row reflected(const Exact& seen, std::size_t i) { return {-seen.x[i]}; }
Row reflected(const Interval& seen, std::size_t i) {
  return {-seen.upper[i], -seen.lower[i]};
}

Latent latent(const Exact& seen, std::size_t i, double mu, double per_sigma) {
  return at(seen.x[i], mu, per_sigma);
}

Latent latent(const Interval& seen, std::size_t i, double mu, double per_sigma) {
  const double lower = seen.lower[i], upper = seen.upper[i];
  if (lower == upper) return at(lower, mu, per_sigma);
  return between((lower - mu) * per_sigma, (upper - mu) * per_sigma,
                 (upper - lower) * per_sigma);
}

double place(const Exact& seen, std::size_t i) { return seen.x[i]; }

double place(const Interval& seen, std::size_t i) {
  const double lower = seen.lower[i], upper = seen.upper[i];
  if (std::isinf(lower)) return upper;
  return std::isinf(upper) ? lower : lower / 2 + upper / 2;
}

bool is_exact(const Observation& seen) { return std::holds_alternative<Exact>(seen); }

ObservationSet::ObservationSet(const Observation& kind) : kind_(kind) {
  std::visit(
      [&](auto& seen) {
        for_each_column(seen, [&](const double*&) { columns_.emplace_back(); });
      },
      kind_);
}

void ObservationSet::add(const Row& row) {
  for (std::size_t c = 0; c < columns_.size(); ++c) columns_[c].push_back(row[c]);
}

void ObservationSet::add(const Observation& from, std::size_t i) {
  std::visit(
      [&](auto seen) {
        auto column = columns_.begin();
        for_each_column(seen, [&](const double*& x) { (column++)->push_back(x[i]); });
      },
      from);
}

void ObservationSet::add_known(double x) {
  std::visit([&](const auto& seen) { add(known(seen, x)); }, kind_);
}

void ObservationSet::add_reflected(const Observation& from, std::size_t i) {
  std::visit([&](const auto& seen) { add(reflected(seen, i)); }, from);
}

Observation ObservationSet::view() const {
  Observation result = kind_;
  std::visit(
      [&](auto& seen) {
        auto column = columns_.begin();
        for_each_column(seen, [&](const double*& x) { x = (column++)->data(); });
      },
      result);
  return result;
}

}  // namespace gmm1d
