#include "points.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace gmm1d {

namespace {

/// The smallest value such that more than `count` of the sorted observations are at or
/// below it.
double order_statistic(const Points& points, double count) {
  double below = 0;
  for (std::size_t i = 0; i < points.size; ++i) {
    below += points.w[i];
    if (below > count) return points.x[i];
  }
  return points.x[points.size - 1];
}

/// A rule has three points only if the variance of u is larger. Rounding leaves errors of
/// about 1e-16 in the moments of u, so that below this variance the fourth moment has
/// fewer than four correct digits, and two points that match three moments are more
/// accurate.
constexpr double kThreePoints = 1e-6;
/// A rule has one point if the variance of u is smaller: then the variance itself is
/// noise.
constexpr double kOnePoint = 1e-14;

/// A root of the cubic z^3 - a z^2 - b z + c, which must have three real roots, by
/// Viete's formula and two Newton steps. `which` is 0 for the largest, 1 for the middle
/// and 2 for the smallest root.
double cubic_root(double a, double b, double c, int which) {
  const double shift = a / 3;
  const double p = b + a * a / 3;  // y^3 - p y + q, y = z - shift
  const double q = c - shift * (b + 2 * shift * shift);
  const double radius = 2 * std::sqrt(std::max(p, 0.0) / 3);
  const double cosine = radius > 0 ? std::clamp(-3 * q / (p * radius), -1.0, 1.0) : 0;
  constexpr double kThird = 2.09439510239319549231;  // 2 pi / 3
  double z = shift + radius * std::cos(std::acos(cosine) / 3 - kThird * which);
  for (int i = 0; i < 2; ++i) {
    const double value = ((z - a) * z - b) * z + c;
    const double slope = (3 * z - 2 * a) * z - b;
    if (slope != 0) z -= value / slope;
  }
  return z;
}

/// The rule for a distribution with mean 0, variance 1 and the given moments of order 3
/// to 5. The nodes are the roots of the orthogonal polynomial of degree 3, and the
/// weights are 1 / sum_k p_k(z)^2. The degree is 2 if no distribution with three points
/// has these moments.
GaussRule standard_rule(double m3, double m4, double m5) {
  const double b2 = m4 - m3 * m3 - 1;  // E[(z^2 - m3 z - 1)^2]
  const double middle = m3 / 2, half = std::sqrt(1 + middle * middle);
  const double low = middle - half, high = middle + half;
  const GaussRule two = {
      2, {low, high, 0}, {1 / (1 + low * low), 1 / (1 + high * high), 0}};
  if (!(b2 > 1e-8 * m4)) return two;
  const double a2 = (m5 - 2 * m3 * m4 + m3 * m3 * m3) / b2;
  // (z - a2)(z^2 - m3 z - 1) - b2 z
  const double a = m3 + a2, b = 1 + b2 - a2 * m3, c = a2;
  GaussRule three = {3, {}, {}};
  for (int i = 0; i < 3; ++i) {
    const double z = cubic_root(a, b, c, 2 - i);
    const double p2 = z * z - m3 * z - 1;
    three.u[i] = z;
    three.w[i] = 1 / (1 + z * z + p2 * p2 / b2);
  }
  return three;
}

}  // namespace

void PointSet::add(double value, double weight, double cell_width) {
  x.push_back(value);
  w.push_back(weight);
  width.push_back(cell_width);
}

Points PointSet::view() const {
  return {x.data(), w.data(), x.size(), std::accumulate(w.begin(), w.end(), 0.0),
          width.empty() ? nullptr : width.data()};
}

double width_at(const Points& points, double x) {
  if (points.width == nullptr) return 0;
  const std::size_t above =
      std::lower_bound(points.x, points.x + points.size, x) - points.x;
  const std::size_t last = points.size - 1;
  return std::max(points.width[std::min(above, last)],
                  points.width[above > 0 ? above - 1 : 0]);
}

double Ties::gap_at(double mu) const {
  if (x.empty()) return 0;
  // Bisection without branches: which half it is cannot be predicted.
  std::size_t above = 0;
  for (std::size_t size = x.size(), half = size / 2; half > 0; half = (size -= half) / 2)
    above += half & (0 - static_cast<std::size_t>(x[above + half - 1] < mu));
  above += static_cast<std::size_t>(x[above] < mu);
  if (above == x.size()) return gap.back();
  if (above == 0) return gap[0];
  const double part = (mu - x[above - 1]) / (x[above] - x[above - 1]);
  return gap[above - 1] + part * (gap[above] - gap[above - 1]);
}

Moments moments(const Points& points) {
  const double low = points.x[0];
  const double half_range = points.x[points.size - 1] / 2 - low / 2;
  if (half_range == 0) return {low, 0};
  double mean = 0, square = 0;  // in terms of part(i), which runs from 0 to 1
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

double skewness(const Points& points) {
  const auto [mean, sd] = moments(points);
  double sum = 0;
  for (std::size_t i = 0; sd > 0 && i < points.size; ++i) {
    const double z = (points.x[i] / 2 - mean / 2) / (sd / 2);
    sum += points.w[i] / points.n * z * z * z;
  }
  return sum;
}

double sample_quantile(const Points& points, double p) {
  // If the weights sum to less than the number of points, they cannot be counts. They are
  // then scaled to have mean 1.
  const double one = std::min(1.0, points.n / static_cast<double>(points.size));
  const double position = std::max(0.0, (points.n / one - 1) * p);
  const double below = std::floor(position);
  const double a = order_statistic(points, below * one);
  const double b = order_statistic(points, (below + 1) * one);
  return a + (position - below) * (b - a);
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
  // Decimal data have rounding errors of 2^-53 of the largest value. Euclid's algorithm
  // on their differences multiplies these errors. A threshold 12 bits above them is
  // safely beyond this noise.
  const double noise = std::ldexp(largest, -41);
  double step = 0;
  for (std::size_t i = 1; i < points.size; ++i) {
    double a = points.x[i] - points.x[i - 1], b = step;
    // Values this close together cannot be a whole step apart.
    if (a < 1024 * noise) return 0;
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

GaussRule gauss_rule(const double sums[6]) {
  const double n = sums[0];
  const double mean = std::clamp(sums[1] / n, -0.5, 0.5);
  const double e2 = sums[2] / n, e3 = sums[3] / n, e4 = sums[4] / n, e5 = sums[5] / n;
  const double m = mean, mm = m * m;
  const double variance = e2 - mm;
  if (!(variance > kOnePoint)) return {1, {mean, 0, 0}, {n, 0, 0}};
  const double sd = std::sqrt(variance);
  double m3 = 0, m4 = 0, m5 = 0;
  if (variance > kThreePoints) {
    m3 = (e3 - 3 * m * e2 + 2 * m * mm) / (variance * sd);
    m4 = (e4 - 4 * m * e3 + 6 * mm * e2 - 3 * mm * mm) / (variance * variance);
    m5 = (e5 - 5 * m * e4 + 10 * mm * e3 - 10 * m * mm * e2 + 4 * m * mm * mm) /
         (variance * variance * sd);
  }
  GaussRule rule = standard_rule(m3, m4, m5);
  for (int i = 0; i < rule.size; ++i) {
    rule.u[i] = std::clamp(mean + sd * rule.u[i], -0.5, 0.5);
    rule.w[i] *= n;
  }
  return rule;
}

}  // namespace gmm1d
