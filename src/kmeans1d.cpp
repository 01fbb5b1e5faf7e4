#include "kmeans1d.h"

#include <algorithm>

namespace gmm1d {

Groups groups_of(const std::vector<Groups>& starts) {
  Groups groups(starts.size());
  std::size_t end = starts[0].size() - 1;
  for (std::size_t g = groups.size(); g-- > 0;) end = groups[g] = starts[g][end];
  return groups;
}

/// Prefix sums of distances from the middle point, in units of half the range. The sums
/// run from the middle outwards, so that an outlier at either end costs the others no
/// digits. They have the digits of two doubles.
KMeans1d::RunCost::RunCost(const Points& points)
    : w_(points.size + 1), wx_(points.size + 1), wxx_(points.size + 1) {
  const double half_range = points.x[points.size - 1] / 2 - points.x[0] / 2;
  const double unit = half_range > 0 ? half_range : 1;
  const std::size_t middle = points.size / 2;
  const auto add = [&](std::size_t from, std::size_t to, std::size_t i, int sign) {
    const double x = (points.x[i] / 2 - points.x[middle] / 2) / unit;
    const double w = sign * points.w[i];
    const TwoDoubles wx = product(w, x);
    w_[to] = w_[from] + TwoDoubles{w};
    wx_[to] = wx_[from] + wx;
    wxx_[to] = wxx_[from] + wx * x;
  };
  for (std::size_t i = middle; i < points.size; ++i) add(i, i + 1, i, 1);
  for (std::size_t i = middle; i-- > 0;) add(i + 1, i, i, -1);
}

/// The sum of squares of points begin .. end - 1 about their mean.
double KMeans1d::RunCost::operator()(std::size_t begin, std::size_t end) const {
  if (end - begin < 2) return 0;
  const TwoDoubles w = w_[end] - w_[begin], wx = wx_[end] - wx_[begin];
  const TwoDoubles wxx = wxx_[end] - wxx_[begin];
  // The sum is taken about a double near the mean. Their difference squared is
  // negligible.
  const double mean = wx.high / w.high;
  return std::max(0.0, (wxx - (wx + wx - w * mean) * mean).high);
}

/// One row of the dynamic programme. least[e] is the least cost of the first e points in
/// one more group than in `before`, and start[e] is where the last group then starts.
struct KMeans1d::Row {
  const RunCost& cost;
  const std::vector<double>& before;
  std::vector<double>& least;
  Groups& start;

  /// Fills the ends low .. high - 1, whose starts lie in from .. to.
  void fill(std::size_t low, std::size_t high, std::size_t from, std::size_t to) {
    if (low >= high) return;
    const std::size_t end = low + (high - low) / 2;
    for (std::size_t s = from; s <= std::min(to, end - 1); ++s) {
      const double total = before[s] + cost(s, end);
      if (s == from || total < least[end]) {
        least[end] = total;
        start[end] = s;
      }
    }
    fill(low, end, from, start[end]);
    fill(end + 1, high, start[end], to);
  }
};

KMeans1d::KMeans1d(const Points& points) : cost_(points), least_(points.size + 1) {}

Groups KMeans1d::next() {
  const std::size_t size = least_.size() - 1, before = starts_.size();
  std::vector<double> least(size + 1);
  starts_.emplace_back(size + 1);
  if (before == 0)
    for (std::size_t end = 1; end <= size; ++end) least[end] = cost_(0, end);
  else
    Row{cost_, least_, least, starts_.back()}.fill(before + 1, size + 1, before,
                                                   size - 1);
  least_ = std::move(least);
  return groups_of(starts_);
}

}  // namespace gmm1d
