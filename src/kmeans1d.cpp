#include "kmeans1d.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace gmm1d {

namespace {

/// Within-group sums of squares from prefix sums, of values moved to the middle of the
/// data and divided by the half-range; long double where the machine has it.
class RunCost {
 public:
  explicit RunCost(const Points& points)
      : w_(points.size + 1), wx_(points.size + 1), wxx_(points.size + 1) {
    const double low = points.x[0], high = points.x[points.size - 1];
    const double middle = low / 2 + high / 2;
    const double half_range = high > low ? high / 2 - low / 2 : 1;
    for (std::size_t i = 0; i < points.size; ++i) {
      const long double x = (points.x[i] - middle) / half_range;
      const long double w = points.w[i];
      w_[i + 1] = w_[i] + w;
      wx_[i + 1] = wx_[i] + w * x;
      wxx_[i + 1] = wxx_[i] + w * x * x;
    }
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
    best[end] = std::numeric_limits<double>::infinity();
    for (std::size_t s = from; s <= std::min(to, end - 1); ++s) {
      const double total = before[s] + cost(s, end);
      if (total < best[end]) {
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
