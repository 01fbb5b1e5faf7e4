#include "errors.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "cells.h"
#include "simd.h"

namespace gmm1d {

namespace {

/// The class of exact values.
constexpr int kExact = std::numeric_limits<int>::min();

using Pair = std::pair<double, double>;

struct HashOfPair {
  std::size_t operator()(const Pair& pair) const {
    const std::uint64_t mixed =
        bits_of(pair.first) * 0x9e3779b97f4a7c15ULL ^ bits_of(pair.second);
    return static_cast<std::size_t>(mixed * 0x9e3779b97f4a7c15ULL >> 11);
  }
};

using Pairs = std::unordered_map<Pair, double, HashOfPair>;

/// The distinct pairs and their weights; none if they are too many.
Pairs distinct_pairs(const double* x, const double* error, const double* w, std::size_t n,
                     std::size_t most) {
  Pairs pairs;
  for (std::size_t i = 0; i < n; ++i) {
    pairs[{x[i], error[i]}] += w[i];
    if (pairs.size() > most) return {};
  }
  return pairs;
}

/// So few observations are not more than the points of a cell; and of so few there may be
/// no rule with the moments of values times errors. Both are kept as they are.
constexpr std::size_t kFew = 6, kKept = 64;

/// The content of a cell: the sums of u^p, of v^p and of u^p v, u being the place of a
/// value in the cell, and v that of the square of its error in its class.
struct Content {
  Cell of_values = {};
  double of_errors[6] = {};
  double of_both[6] = {};
  std::size_t count = 0;
  std::vector<std::size_t> first;  ///< the first observations
};

/// The rule of two points at most, that has the moments of order 1 to 3.
GaussRule two_points(const double sums[6]) {
  const double n = sums[0], mean = sums[1] / n;
  const double variance = sums[2] / n - mean * mean;
  if (!(variance > 1e-12)) return {1, {std::clamp(mean, -0.5, 0.5)}, {n}};
  const double sd = std::sqrt(variance);
  const double third = sums[3] / n - 3 * mean * sums[2] / n + 2 * mean * mean * mean;
  const double skew = third / (variance * sd) / 2, root = std::hypot(skew, 1.0);
  const double left = skew - root, right = skew + root;
  const double of_left = right / (right - left);
  return {
      2,
      {std::clamp(mean + sd * left, -0.5, 0.5), std::clamp(mean + sd * right, -0.5, 0.5)},
      {n * of_left, n * (1 - of_left)}};
}

/// True if a Gauss rule has these sums of powers: if they are of places in a cell.
bool have_rule(const double sums[6]) {
  constexpr double kDigits = 1e-12;
  if (!(sums[0] > 0)) return false;
  const GaussRule rule = gauss_rule(sums);
  double left[6];
  std::copy_n(sums, 6, left);
  for (int i = 0; i < rule.size; ++i) {
    double power = rule.w[i];
    for (double& one : left) {
      one -= power;
      power *= rule.u[i];
    }
  }
  return std::all_of(left, left + 6,
                     [&](double one) { return std::abs(one) <= kDigits * sums[0]; });
}

/// The errors of a class and the cells of their values.
class ErrorClass {
 public:
  ErrorClass(int number, const ErrorCells& cells, int level_of_exact)
      : low_(number == kExact ? 0 : std::exp2(number / cells.classes)),
        high_(number == kExact ? 0 : std::exp2((number + 1) / cells.classes)),
        level_(number == kExact
                   ? level_of_exact
                   : static_cast<int>(std::ceil(std::log2(cells.in_error / low_)))) {}

  void add(double x, double error, double w, std::size_t at) {
    const Cell one = cell_with(x, w, level_);
    Content& content = cells_[{one.level, one.index}];
    content.of_values.level = one.level;
    content.of_values.index = one.index;
    const double v = placed(error);
    for (int p = 0; p < 6; ++p) {
      content.of_values.sums[p] += one.sums[p];
      content.of_both[p] += one.sums[p] * v;
    }
    gmm1d::add(content.of_errors, v, w);
    if (content.count < kKept) content.first.push_back(at);
    ++content.count;
  }

  void add_points(const double* x, const double* error, const double* w,
                  ErroneousSet& set) const {
    for (const auto& [key, content] : cells_) {
      const GaussRule errors = two_points(content.of_errors);
      if (content.count > kFew && errors.size == 2 && add_halves(content, errors, set))
        continue;
      if (content.count > kFew && (errors.size == 1 || content.count > kKept)) {
        for (int e = 0; e < errors.size; ++e)
          add_values(content.of_values, errors.u[e], errors.w[e] / content.of_errors[0],
                     set);
        continue;
      }
      for (const std::size_t at : content.first) {
        set.points.add(x[at], w[at], 0);
        set.error.push_back(error[at]);
      }
    }
  }

 private:
  struct HashOfKey {
    std::size_t operator()(const std::pair<int, double>& key) const {
      return HashOfPair()({key.second, static_cast<double>(key.first)});
    }
  };

  void add_values(const Cell& cell, double u, double part, ErroneousSet& set) const {
    const PointSet values = points_of({cell});
    for (std::size_t i = 0; i < values.x.size(); ++i) {
      set.points.add(values.x[i], values.w[i] * part, high_ > 0 ? 0 : values.width[i]);
      set.error.push_back(error_at(u));
    }
  }

  /// Each value is shared out between the two errors so that its own is their mean. False
  /// if what each gets is not of values in the cell.
  bool add_halves(const Content& content, const GaussRule& errors,
                  ErroneousSet& set) const {
    const double distance = errors.u[1] - errors.u[0];
    Cell half[2] = {content.of_values, content.of_values};
    for (int p = 0; p < 6; ++p) {
      const double all = content.of_values.sums[p], both = content.of_both[p];
      half[0].sums[p] = (errors.u[1] * all - both) / distance;
      half[1].sums[p] = (both - errors.u[0] * all) / distance;
    }
    if (!have_rule(half[0].sums) || !have_rule(half[1].sums)) return false;
    for (int e = 0; e < 2; ++e) add_values(half[e], errors.u[e], 1, set);
    return true;
  }

  double range() const { return high_ * high_ - low_ * low_; }

  double placed(double error) const {
    if (high_ == 0) return 0;
    return std::clamp((error * error - low_ * low_) / range() - 0.5, -0.5, 0.5);
  }

  double error_at(double v) const {
    return high_ == 0 ? 0 : std::sqrt(low_ * low_ + (v + 0.5) * range());
  }

  double low_, high_;
  int level_;
  std::unordered_map<std::pair<int, double>, Content, HashOfKey> cells_;
};

int class_of(double error, double classes) {
  return error > 0 ? static_cast<int>(std::floor(std::log2(error) * classes)) : kExact;
}

/// The level of the cells of exact values: `cells` or more in the scale of all values.
int level_for(const double* x, const double* w, std::size_t n, double cells) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  PointSet sorted;
  for (const std::size_t i : order) sorted.add(x[i], w[i], 0);
  return static_cast<int>(std::ceil(std::log2(cells / robust_scale(sorted.view()))));
}

ErroneousSet in_order(const ErroneousSet& set) {
  const std::size_t size = set.error.size();
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  const std::vector<double>& x = set.points.x;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return x[a] != x[b] ? x[a] < x[b] : set.error[a] < set.error[b];
  });
  ErroneousSet result = {{}, {}, set.are_distinct};
  for (const std::size_t i : order) {
    result.points.add(x[i], set.points.w[i], set.points.width[i]);
    result.error.push_back(set.error[i]);
  }
  return result;
}

}  // namespace

ErroneousSet squash_errors(const double* x, const double* error, const double* w,
                           std::size_t n, const ErrorCells& cells) {
  ErroneousSet result = {{}, {}, true};
  for (const auto& [pair, weight] : distinct_pairs(x, error, w, n, cells.most_distinct)) {
    result.points.add(pair.first, weight, 0);
    result.error.push_back(pair.second);
  }
  if (!result.error.empty()) return in_order(result);
  result.are_distinct = false;
  const bool some_exact = std::find(error, error + n, 0.0) != error + n;
  const int level = some_exact ? level_for(x, w, n, cells.in_scale) : 0;
  std::map<int, ErrorClass> classes;
  for (std::size_t i = 0; i < n; ++i) {
    const int number = class_of(error[i], cells.classes);
    classes.try_emplace(number, number, cells, level)
        .first->second.add(x[i], error[i], w[i], i);
  }
  for (const auto& [number, one] : classes) one.add_points(x, error, w, result);
  return in_order(result);
}

}  // namespace gmm1d
