#pragma once

#include <cstddef>
#include <vector>

namespace gmm1d {

/// Weighted points that stand for the data: a view of values in increasing order. The
/// caller owns the memory.
struct Points {
  const double* x;
  const double* w;  ///< positive weights
  std::size_t size;
  double n;  ///< the sum of the weights
  /// For each point, the width of the cell that it represents together with others. Null
  /// if all points are values of the data.
  const double* width = nullptr;
};

/// Weighted points that own their memory.
struct PointSet {
  std::vector<double> x;
  std::vector<double> w;
  std::vector<double> width;

  void add(double value, double weight, double cell_width);
  Points view() const;
};

/// The width of the cell at x, or 0 if the points there are values of the data.
double width_at(const Points& points, double x);

/// The distances between tied values, if most values are tied (as are logarithms of
/// counts, or rounded values in another unit). The gap at a value is its distance to the
/// nearer neighbour. It is 0 if the value, or most values around it, occur only once. So
/// a value that occurs many times among values that occur once has no gap.
struct Ties {
  std::vector<double> x, gap;

  /// The gap at mu, interpolated between the values around it.
  double gap_at(double mu) const;
};

/// The mean and the maximum likelihood standard deviation. Distances are computed
/// relative to the range, so that squares neither overflow nor underflow.
struct Moments {
  double mean;
  double sd;
};
Moments moments(const Points& points);

/// The third central moment in units of sd^3; 0 if all values are equal.
double skewness(const Points& points);

/// The quantile of the weighted points, as in stats::quantile() (type 7, the default).
double sample_quantile(const Points& points, double p);

/// min(sd, IQR / 1.349), or sd if the IQR is 0. This is the scale s of the penalty.
double robust_scale(const Points& points);

/// The largest step such that all differences between values are whole multiples of it.
/// Returns 0 if there is none that stands out from rounding errors.
double lattice_step(const Points& points);

/// The Gauss quadrature rule of a distribution on [low, high], given its weight and the
/// sums of u^1 .. u^5, where u = (x - (low + high) / 2) / (high - low).
///
/// The rule has at most three points with positive weights inside the interval, and the
/// same moments of order 0 to 5 as the distribution (Golub & Welsch 1969).
struct GaussRule {
  int size;
  double u[3];
  double w[3];
};
GaussRule gauss_rule(const double sums[6]);

}  // namespace gmm1d
