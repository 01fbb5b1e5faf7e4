#pragma once

#include <cstddef>
#include <vector>

namespace gmm1d {

/// Weighted points that stand for the data: a view of values in increasing order. They
/// are the caller's.
struct Points {
  const double* x;
  const double* w;  ///< positive weights
  std::size_t size;
  double n;  ///< the sum of the weights
  /// The width of the cell for which each point stands with others; none if all points
  /// are values of the data.
  const double* width = nullptr;
};

/// Weighted points with memory of their own.
struct PointSet {
  std::vector<double> x;
  std::vector<double> w;
  std::vector<double> width;

  void add(double value, double weight, double cell_width);
  Points view() const;
};

/// The width of the cell at x, 0 if the points there are values of the data.
double width_at(const Points& points, double x);

/// How far apart tied values lie from each other, where most values are tied: the logs of
/// counts, rounded values in another unit. The gap at a value is that to its nearer
/// neighbour, and 0 if the value or most of those around it are single. (A value that
/// occurs many times among values that occur once has no gap.)
struct Ties {
  std::vector<double> x, gap;

  /// The gap at the value that is nearest to mu.
  double gap_at(double mu) const;
};

/// The mean and the maximum likelihood standard deviation. Distances are taken as parts
/// of the range, so that squares neither overflow nor vanish.
struct Moments {
  double mean;
  double sd;
};
Moments moments(const Points& points);

/// The third central moment, in units of sd^3; 0 if all values are one.
double skewness(const Points& points);

/// The quantile of the weighted points that stats::quantile gives by default (type 7).
double sample_quantile(const Points& points, double p);

/// min(sd, IQR / 1.349), or sd where the IQR is 0: the scale s of the penalty.
double robust_scale(const Points& points);

/// The widest step of which all differences between values are whole multiples, or 0
/// where there is none that rounding can tell from noise.
double lattice_step(const Points& points);

/// The Gauss quadrature rule of a distribution on [low, high] that is known by its weight
/// and the sums of u^1 .. u^5, u being (x - (low + high) / 2) / (high - low).
///
/// At most three points, of positive weight, inside the interval, that have the same
/// moments of order 0 to 5 (Golub & Welsch 1969).
struct GaussRule {
  int size;
  double u[3];
  double w[3];
};
GaussRule gauss_rule(const double sums[6]);

}  // namespace gmm1d
