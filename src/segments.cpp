#include "segments.h"

#include <cmath>
#include <limits>

namespace gmm1d {

Segments::Segments(const Points& points, const EmOptions& options)
    : size_(points.size),
      gain_(size_ * (size_ + 1) / 2),
      best_(size_ + 1, -std::numeric_limits<double>::infinity()) {
  best_[0] = 0;
  const double a = options.penalty;
  // Distances in units of the range: their squares do not overflow.
  const double half_range = points.x[size_ - 1] / 2 - points.x[0] / 2;
  const double unit = half_range > 0 ? half_range : 1;
  const double scale = options.scale / 2 / unit, least = options.min_sigma / 2 / unit;
  const double floor = std::max(least * least, std::numeric_limits<double>::min());
  for (std::size_t begin = 0; begin < size_; ++begin) {
    // Sums of the run, about its first point: sorted data leave them positive.
    double n = 0, sum = 0, square = 0;
    for (std::size_t end = begin + 1; end <= size_; ++end) {
      const double w = points.w[end - 1];
      const double x = (points.x[end - 1] / 2 - points.x[begin] / 2) / unit;
      n += w;
      sum += w * x;
      square += w * x * x;
      const double within = std::max(0.0, square - sum * sum / n);
      const double variance =
          std::max((within + 2 * a * scale * scale) / (n + 2 * a), floor);
      const double log_variance = std::log(variance);
      gain_[end * (end - 1) / 2 + begin] = n * std::log(n / points.n) -
                                           (n * log_variance + within / variance) / 2 -
                                           a * (scale * scale / variance + log_variance);
    }
  }
}

Groups Segments::next() {
  std::vector<double> best(size_ + 1, -std::numeric_limits<double>::infinity());
  std::vector<std::size_t> start(size_ + 1, 0);
  for (std::size_t end = starts_.size() + 1; end <= size_; ++end)
    for (std::size_t begin = starts_.size(); begin < end; ++begin) {
      const double total = best_[begin] + gain_[end * (end - 1) / 2 + begin];
      if (total > best[end]) {
        best[end] = total;
        start[end] = begin;
      }
    }
  best_ = std::move(best);
  starts_.push_back(std::move(start));
  Groups groups(starts_.size());
  std::size_t end = size_;
  for (std::size_t g = groups.size(); g-- > 0;) end = groups[g] = starts_[g][end];
  return groups;
}

}  // namespace gmm1d
