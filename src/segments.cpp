#include "segments.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "simd.h"

namespace gmm1d {

namespace {

/// The penalised classification log-likelihood of runs that hold n[i] of `total` and have
/// the sums of squares within[i]. These and the scale must be in the same unit, and
/// `floor` in its square.
GMM1D_MULTIVERSION
void run_gains(const double* n, const double* within, std::size_t size, double total,
               double a, double scale, double floor, double* gain) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < size; ++i) {
    const double drawn = (within[i] + 2 * a * scale * scale) / (n[i] + 2 * a);
    const double variance = drawn > floor ? drawn : floor;
    const double log_variance = simd_log(variance);
    gain[i] = n[i] * simd_log(n[i] / total) -
              (n[i] * log_variance + within[i] / variance) / 2 -
              a * (scale * scale / variance + log_variance);
  }
}

/// For each end, updates the best partition of the first points with those whose last run
/// begins at `begin`.
GMM1D_MULTIVERSION
void end_runs(double before, const double* gain, std::size_t begin, std::size_t size,
              double* best, std::size_t* start) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < size; ++i) {
    const double total = before + gain[i];
    const bool better = total > best[i];
    best[i] = better ? total : best[i];
    start[i] = better ? begin : start[i];
  }
}

}  // namespace

Segments::Segments(const Objective& objective)
    : size_(objective.sample.places.size),
      gain_(size_ * (size_ + 1) / 2),
      best_(size_ + 1, -std::numeric_limits<double>::infinity()) {
  const Points& points = objective.sample.places;
  const Penalty& penalty = objective.penalty;
  best_[0] = 0;
  // Distances are in units of the range, so that squares do not overflow.
  const double half_range = points.x[size_ - 1] / 2 - points.x[0] / 2;
  const double unit = half_range > 0 ? half_range : 1;
  const double scale = penalty.scale / 2 / unit;
  const double narrowest = std::max(objective.floor.least, objective.sample.error);
  const double least = narrowest / 2 / unit;
  const double floor = std::max(least * least, std::numeric_limits<double>::min());
  std::vector<double> n(size_), within(size_);
  for (std::size_t begin = 0; begin < size_; ++begin) {
    // Sums are taken about the first point of the run; sorted data make all terms
    // positive.
    double weight = 0, sum = 0, square = 0;
    for (std::size_t i = begin; i < size_; ++i) {
      const double w = points.w[i];
      const double x = (points.x[i] / 2 - points.x[begin] / 2) / unit;
      weight += w;
      sum += w * x;
      square += w * x * x;
      n[i] = weight;
      within[i] = std::max(0.0, square - sum * sum / weight);
    }
    run_gains(&n[begin], &within[begin], size_ - begin, points.n, penalty.weight, scale,
              floor, &gain_[row(begin)]);
  }
}

Groups Segments::next() {
  std::vector<double> best(size_ + 1, -std::numeric_limits<double>::infinity());
  Groups start(size_ + 1, 0);
  for (std::size_t begin = starts_.size(); begin < size_; ++begin)
    end_runs(best_[begin], &gain_[row(begin)], begin, size_ - begin, &best[begin + 1],
             &start[begin + 1]);
  best_ = std::move(best);
  starts_.push_back(std::move(start));
  return groups_of(starts_);
}

}  // namespace gmm1d
