#include "partitions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "simd.h"

namespace gmm1d {

namespace {

constexpr double kWorst = -std::numeric_limits<double>::infinity();

/// The penalised classification log-likelihood of runs that hold n[i] of `total` and have
/// these sums of squares. These and the scale must be in the same unit, and `floor` in
/// its square.
GMM1D_MULTIVERSION
void likelihood_gains(const double* n, const double* squares, std::size_t size,
                      double total, double a, double scale, double floor, double* gain) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < size; ++i) {
    const double drawn = (squares[i] + 2 * a * scale * scale) / (n[i] + 2 * a);
    const double variance = drawn > floor ? drawn : floor;
    const double log_variance = simd_log(variance);
    gain[i] = n[i] * simd_log(n[i] / total) -
              (n[i] * log_variance + squares[i] / variance) / 2 -
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

/// Sums are taken about the first point of the run: all terms are positive, and an
/// outlier costs the other runs no digits.
Runs::Runs(const Points& points)
    : n(points.size * (points.size + 1) / 2), squares(n.size()) {
  const std::size_t size = points.size;
  const double half_range = points.x[size - 1] / 2 - points.x[0] / 2;
  unit = half_range > 0 ? half_range : 1;
  std::size_t run = 0;
  for (std::size_t begin = 0; begin < size; ++begin) {
    double weight = 0, sum = 0, square = 0;
    for (std::size_t i = begin; i < size; ++i, ++run) {
      const double w = points.w[i];
      const double x = (points.x[i] / 2 - points.x[begin] / 2) / unit;
      weight += w;
      sum += w * x;
      square += w * x * x;
      n[run] = weight;
      squares[run] = std::max(0.0, square - sum * sum / weight);
    }
  }
}

Partitions::Partitions(std::size_t size, std::vector<double> gain)
    : size_(size), gain_(std::move(gain)), best_(size + 1, kWorst) {
  best_[0] = 0;
}

Groups Partitions::next() {
  std::vector<double> best(size_ + 1, kWorst);
  Groups start(size_ + 1, 0);
  for (std::size_t begin = starts_.size(); begin < size_; ++begin)
    end_runs(best_[begin], &gain_[row(begin)], begin, size_ - begin, &best[begin + 1],
             &start[begin + 1]);
  best_ = std::move(best);
  starts_.push_back(std::move(start));
  Groups groups(starts_.size());
  std::size_t end = size_;
  for (std::size_t g = groups.size(); g-- > 0;) end = groups[g] = starts_[g][end];
  return groups;
}

std::vector<double> gains_of_kmeans(const Runs& runs) {
  std::vector<double> gain(runs.squares.size());
  std::transform(runs.squares.begin(), runs.squares.end(), gain.begin(),
                 [](double squares) { return -squares; });
  return gain;
}

std::vector<double> gains_of_likelihood(const Runs& runs, const Objective& objective) {
  const Penalty& penalty = objective.penalty;
  const double scale = penalty.scale / 2 / runs.unit;
  const double narrowest = std::max(objective.floor.least, objective.sample.error);
  const double least = narrowest / 2 / runs.unit;
  const double floor = std::max(least * least, std::numeric_limits<double>::min());
  std::vector<double> gain(runs.n.size());
  likelihood_gains(runs.n.data(), runs.squares.data(), gain.size(),
                   objective.sample.places.n, penalty.weight, scale, floor, gain.data());
  return gain;
}

}  // namespace gmm1d
