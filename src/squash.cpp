#include "squash.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace gmm1d {

namespace {

/// The value below which `count` of the sorted observations lie.
double order_statistic(const Points& points, double count) {
  double below = 0;
  for (std::size_t i = 0; i < points.size; ++i) {
    below += points.w[i];
    if (below > count) return points.x[i];
  }
  return points.x[points.size - 1];
}

/// The quantile that stats::quantile gives by default (type 7).
double sample_quantile(const Points& points, double p) {
  const double position = std::max(0.0, (points.n - 1) * p);
  const double below = std::floor(position);
  const double a = order_statistic(points, below);
  const double b = order_statistic(points, below + 1);
  return a + (position - below) * (b - a);
}

}  // namespace

Distinct distinct(const double* x, const double* w, std::size_t n) {
  std::vector<std::pair<double, double>> pairs;
  pairs.reserve(n);
  for (std::size_t i = 0; i < n; ++i)
    if (w[i] > 0) pairs.emplace_back(x[i], w[i]);
  // Ties in order of weight too: the sums are then the same for any order of the rows.
  std::sort(pairs.begin(), pairs.end());
  Distinct result;
  for (const auto& [value, weight] : pairs) {
    if (!result.x.empty() && result.x.back() == value) {
      result.w.back() += weight;
    } else {
      result.x.push_back(value);
      result.w.push_back(weight);
    }
  }
  return result;
}

Moments moments(const Points& points) {
  const double low = points.x[0];
  const double half_range = points.x[points.size - 1] / 2 - low / 2;
  if (half_range == 0) return {low, 0};
  double mean = 0, square = 0;  // of part(i), which runs from 0 to 1
  const auto part = [&](std::size_t i) {
    return (points.x[i] / 2 - low / 2) / half_range;
  };
  for (std::size_t i = 0; i < points.size; ++i) mean += points.w[i] / points.n * part(i);
  for (std::size_t i = 0; i < points.size; ++i) {
    const double d = part(i) - mean;
    square += points.w[i] / points.n * d * d;
  }
  return {low + 2 * (mean * half_range), 2 * (half_range * std::sqrt(square))};
}

double robust_scale(const Points& points) {
  const double unbiased = points.n >= 2 ? std::sqrt(points.n / (points.n - 1)) : 1;
  const double sd = unbiased * moments(points).sd;
  const double iqr = sample_quantile(points, 0.75) - sample_quantile(points, 0.25);
  return iqr > 0 ? std::min(sd, iqr / 1.349) : sd;
}

double lattice_step(const Points& points) {
  const double low = points.x[0], high = points.x[points.size - 1];
  const double largest = std::max(std::abs(low), std::abs(high));
  // Decimal data carry rounding errors of 2^-53 of the largest value. Euclid's algorithm
  // on their differences multiplies them; 12 bits above is out of the reach of that
  // noise.
  const double noise = std::ldexp(largest, -41);
  double step = 0;
  for (std::size_t i = 1; i < points.size; ++i) {
    double a = points.x[i] - points.x[i - 1], b = step;
    while (b > noise) {
      const double remainder = std::abs(std::remainder(a, b));
      a = b;
      b = remainder;
    }
    step = a;
    if (step < 1024 * noise) return 0;
  }
  return step;
}

std::vector<double> from_integer64(const double* bits, std::size_t n) {
  std::vector<double> result(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::int64_t value;
    std::memcpy(&value, bits + i, sizeof value);
    result[i] = value == std::numeric_limits<std::int64_t>::min()
                    ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(value);
  }
  return result;
}

}  // namespace gmm1d
