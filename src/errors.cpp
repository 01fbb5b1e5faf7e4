#include "errors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "cells.h"
#include "simd.h"

namespace gmm1d {

namespace {

using Pair = std::pair<double, double>;

struct HashOfPair {
  std::size_t operator()(const Pair& pair) const {
    const std::uint64_t mixed =
        bits_of(pair.first) * 0x9e3779b97f4a7c15ULL ^ bits_of(pair.second);
    return static_cast<std::size_t>(mixed * 0x9e3779b97f4a7c15ULL >> 11);
  }
};

using Pairs = std::unordered_map<Pair, double, HashOfPair>;

/// The distinct pairs and their weights. Returns none if there are more than `most`.
Pairs distinct_pairs(const double* x, const double* error, const double* w, std::size_t n,
                     std::size_t most) {
  Pairs pairs;
  for (std::size_t i = 0; i < n; ++i) {
    pairs[{x[i], error[i]}] += w[i];
    if (pairs.size() > most) return {};
  }
  return pairs;
}

/// A variance in a cell below this is rounding noise.
constexpr double kNoSpread = 1e-12;

/// The rule of at most two points that has the moments of order 1 to 3.
GaussRule two_points(const double sums[4]) {
  const double n = sums[0], mean = sums[1] / n;
  const double variance = sums[2] / n - mean * mean;
  if (!(variance > kNoSpread)) return {1, {std::clamp(mean, -0.5, 0.5)}, {n}};
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

/// True if there is a Gauss rule with these sums of powers, which is the case if they can
/// come from places in a cell.
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

/// The place of a squared error in its cell, from -1/2 to 1/2. error_at() is the inverse.
double placed(double error, const Cell& cell) {
  if (error == 0) return 0;
  const double place = scaled(error, cell.level) - cell.index;
  return place * (place + 2 * cell.index) / (2 * cell.index + 1) - 0.5;
}

double error_at(double v, const Cell& cell) {
  if (cell.index == 0) return 0;
  return scaled(std::sqrt(cell.index * cell.index + (v + 0.5) * (2 * cell.index + 1)),
                -cell.level);
}

/// Adds the points that represent cells to a set: up to three values at each of two
/// errors.
class Rules {
 public:
  explicit Rules(ErroneousSet& set) : set_(set) {}

  /// Splits each value between two errors such that the mean is its own error. Returns
  /// false if the values that some error gets cannot come from the cell.
  bool add_halves(const ErrorCell& cell) {
    const GaussRule errors = two_points(cell.of_errors);
    if (errors.size == 1) {
      add_values(cell, gauss_rule(cell.values.sums), 1,
                 {errors.u[0], errors.u[0], errors.u[0]});
      return true;
    }
    const double distance = errors.u[1] - errors.u[0];
    double half[2][6];
    for (int p = 0; p < 6; ++p) {
      const double all = cell.values.sums[p], both = cell.of_both[p];
      half[0][p] = (errors.u[1] * all - both) / distance;
      half[1][p] = (both - errors.u[0] * all) / distance;
    }
    if (!have_rule(half[0]) || !have_rule(half[1])) return false;
    for (int e = 0; e < 2; ++e)
      add_values(cell, gauss_rule(half[e]), 1, {errors.u[e], errors.u[e], errors.u[e]});
    return true;
  }

  /// Places each value at two errors, symmetric about the regression line of errors on
  /// values. Their distance from the line is the residual standard deviation.
  void add_line(const ErrorCell& cell) {
    const GaussRule rule = gauss_rule(cell.values.sums);
    const double n = cell.of_errors[0], mean = cell.of_errors[1] / n;
    const double center = cell.values.sums[1] / n;
    const double variance = cell.values.sums[2] / n - center * center;
    const double covariance = cell.of_both[1] / n - center * mean;
    const double slope = variance > kNoSpread ? covariance / variance : 0;
    const double square = cell.of_errors[2] / n - mean * mean - slope * covariance;
    const double away = std::sqrt(std::max(square, 0.0));
    for (const double side : {-away, away}) {
      std::array<double, 3> v = {};
      for (int i = 0; i < rule.size; ++i)
        v[i] = std::clamp(mean + slope * (rule.u[i] - center) + side, -0.5, 0.5);
      add_values(cell, rule, 0.5, v);
    }
  }

 private:
  /// Adds the points of a rule for the values, each with its error.
  void add_values(const ErrorCell& cell, const GaussRule& rule, double part,
                  const std::array<double, 3>& v) {
    const int level = cell.values.level;
    const double width = cell.error.index == 0 && rule.size > 1 ? scaled(1, -level) : 0;
    for (int i = 0; i < rule.size; ++i) {
      set_.points.add(scaled(cell.values.index + (0.5 + rule.u[i]), -level),
                      rule.w[i] * part, width);
      set_.error.push_back(error_at(v[i], cell.error));
    }
  }

  ErroneousSet& set_;
};

/// The levels and indices of the two cells of a pair.
using CellNames = std::array<double, 4>;

struct HashOfNames {
  std::size_t operator()(const CellNames& names) const {
    return HashOfPair()({names[0] + 4096 * names[2], names[1] + 4096 * names[3]});
  }
};

void add_pair(ErrorCell& cell, const Cell& value, double v, double w) {
  add(cell.of_errors, v, w);
  for (int p = 0; p < 6; ++p) {
    cell.values.sums[p] += value.sums[p];
    cell.of_both[p] += value.sums[p] * v;
  }
}

double scale_of(const double* x, const double* w, std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  PointSet sorted;
  for (const std::size_t i : order) sorted.add(x[i], w[i], 0);
  return robust_scale(sorted.view());
}

/// The contents of a cell, and the first observations in it.
struct Content {
  ErrorCell cell = {};
  std::size_t count = 0;
  std::vector<std::size_t> first;
};

/// A cell with at most kFew observations keeps them exactly, as its points would not be
/// fewer. So does a cell with at most kKept observations if no rule matches the moments
/// of its values times errors.
constexpr std::size_t kFew = 6, kKept = 64;

ErroneousSet in_order(const ErroneousSet& set) {
  const std::size_t size = set.error.size();
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  const std::vector<double>& x = set.points.x;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return x[a] != x[b] ? x[a] < x[b] : set.error[a] < set.error[b];
  });
  ErroneousSet result;
  for (const std::size_t i : order) {
    result.points.add(x[i], set.points.w[i], set.points.width[i]);
    result.error.push_back(set.error[i]);
  }
  return result;
}

}  // namespace

ErroneousSet squash_errors(const double* x, const double* error, const double* w,
                           std::size_t n, const ErrorCells& cells) {
  ErroneousSet result;
  for (const auto& [pair, weight] : distinct_pairs(x, error, w, n, cells.most_distinct)) {
    result.points.add(pair.first, weight, 0);
    result.error.push_back(pair.second);
  }
  if (!result.error.empty()) return in_order(result);
  const bool some_exact = std::find(error, error + n, 0.0) != error + n;
  const double scale = some_exact ? scale_of(x, w, n) : 1;
  const int level_of_exact =
      static_cast<int>(std::ceil(std::log2(cells.in_scale / scale)));
  std::unordered_map<CellNames, Content, HashOfNames> contents;
  for (std::size_t i = 0; i < n; ++i) {
    const int octave = error[i] > 0 ? std::ilogb(error[i]) : 0;
    const Cell of_error = cell_of(error[i], cells.error_bits - octave);
    const Cell value =
        cell_with(x[i], w[i], error[i] > 0 ? cells.value_bits - octave : level_of_exact);
    const auto [at, is_new] =
        contents.try_emplace({static_cast<double>(value.level), value.index,
                              static_cast<double>(of_error.level), of_error.index});
    Content& content = at->second;
    if (is_new) content.cell = {{value.level, value.index, {}}, of_error, {}, {}};
    add_pair(content.cell, value, placed(error[i], of_error), w[i]);
    if (content.count < kKept) content.first.push_back(i);
    ++content.count;
  }
  Rules rules(result);
  for (const auto& [key, content] : contents) {
    if (content.count > kFew && rules.add_halves(content.cell)) continue;
    if (content.count > kKept) {
      rules.add_line(content.cell);
      continue;
    }
    for (const std::size_t i : content.first) {
      result.points.add(x[i], w[i], 0);
      result.error.push_back(error[i]);
    }
  }
  return in_order(result);
}

ErroneousSet points_of(const std::vector<ErrorCell>& cells) {
  ErroneousSet result;
  Rules rules(result);
  for (const ErrorCell& cell : cells)
    if (!rules.add_halves(cell)) rules.add_line(cell);
  return in_order(result);
}

}  // namespace gmm1d
