#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace gmm1d {

/// Weighted points that stand for the data: a view of distinct values in increasing
/// order. They are the caller's.
struct Points {
  const double* x;
  const double* w;  ///< positive weights
  std::size_t size;
  double n;  ///< the sum of the weights
};

/// Sorted distinct values and the sums of their weights; values of weight 0 are left out.
struct Distinct {
  std::vector<double> x;
  std::vector<double> w;
};
Distinct distinct(const double* x, const double* w, std::size_t n);

/// The mean and the maximum likelihood standard deviation. Distances are taken as parts
/// of the range, so that squares neither overflow nor vanish.
struct Moments {
  double mean;
  double sd;
};
Moments moments(const Points& points);

/// min(sd, IQR / 1.349), or sd where the IQR is 0: the scale s of the penalty.
double robust_scale(const Points& points);

/// The widest step of which all differences between values are whole multiples, or 0
/// where there is none that rounding can tell from noise.
double lattice_step(const Points& points);

/// The numbers that an integer64 vector keeps in the bits of doubles; NA becomes NaN.
std::vector<double> from_integer64(const double* bits, std::size_t n);

}  // namespace gmm1d
