#include "kmeans1d.h"

#include <algorithm>
#include <cstdint>

namespace gmm1d {

namespace {

/// Within-group sums of squares from prefix sums, of distances from the middle point in
/// units of the half-range; long double where the machine has it. The sums run from the
/// middle outwards, so that an outlier at either end costs the others no digits.
class RunCost {
 public:
  explicit RunCost(const Points& points)
      : w_(points.size + 1), wx_(points.size + 1), wxx_(points.size + 1) {
    const double half_range = points.x[points.size - 1] / 2 - points.x[0] / 2;
    const double unit = half_range > 0 ? half_range : 1;
    const std::size_t middle = points.size / 2;
    const auto add = [&](std::size_t from, std::size_t to, std::size_t i, int sign) {
      const long double x = (points.x[i] / 2 - points.x[middle] / 2) / unit;
      const long double w = sign * points.w[i];
      w_[to] = w_[from] + w;
      wx_[to] = wx_[from] + w * x;
      wxx_[to] = wxx_[from] + w * x * x;
    };
    for (std::size_t i = middle; i < points.size; ++i) add(i, i + 1, i, 1);
    for (std::size_t i = middle; i-- > 0;) add(i + 1, i, i, -1);
  }

  /// The sum of squares of points begin .. end - 1 about their mean.
  double operator()(std::size_t begin, std::size_t end) const {
    if (end - begin < 2) return 0;
    const long double w = w_[end] - w_[begin];
    const long double wx = wx_[end] - wx_[begin];
    const long double wxx = wxx_[end] - wxx_[begin];
    return std::max(0.0, static_cast<double>(wxx - wx * wx / w));
  }

 private:
  std::vector<long double> w_, wx_, wxx_;
};

/// One row of the dynamic programme: best[e] is the least cost of the first e points in
/// one group more than in `before`, start[e] where the last group then starts.
struct Row {
  const RunCost& cost;
  const std::vector<double>& before;
  std::vector<double>& best;
  std::vector<std::uint32_t>& start;

  /// Fills ends low .. high - 1, whose starts lie in from .. to.
  void fill(std::size_t low, std::size_t high, std::size_t from, std::size_t to) {
    if (low >= high) return;
    const std::size_t end = low + (high - low) / 2;
    for (std::size_t s = from; s <= std::min(to, end - 1); ++s) {
      const double total = before[s] + cost(s, end);
      if (s == from || total < best[end]) {
        best[end] = total;
        start[end] = static_cast<std::uint32_t>(s);
      }
    }
    fill(low, end, from, start[end]);
    fill(end + 1, high, start[end], to);
  }
};

}  // namespace

Groups kmeans1d(const Points& points, std::size_t k) {
  const std::size_t m = points.size;
  const RunCost cost(points);
  std::vector<double> before(m + 1), best(m + 1);
  for (std::size_t end = 1; end <= m; ++end) before[end] = cost(0, end);
  std::vector<std::vector<std::uint32_t>> starts(k, std::vector<std::uint32_t>(m + 1));
  for (std::size_t g = 1; g < k; ++g) {
    Row{cost, before, best, starts[g]}.fill(g + 1, m + 1, g, m - 1);
    std::swap(before, best);
  }
  Groups groups(k);
  std::size_t end = m;
  for (std::size_t g = k; g-- > 0;) end = groups[g] = starts[g][end];
  return groups;
}

}  // namespace gmm1d
