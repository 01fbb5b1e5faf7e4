#include "proportions.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "simd.h"

namespace gmm1d {

namespace {

/// The largest number of Newton steps for each set of locations.
constexpr int kSteps = 4;
/// The steps end when one gains less than this part of the largest gain so far, or of the
/// tolerance.
constexpr double kPart = 0.1;

/// Added to the diagonal, as a part of it, to separate locations that nearly coincide.
constexpr double kRidge = 1e-13;

/// All proportions leave together that would reach 0 within this many times the step at
/// which the first does.
constexpr double kSoon = 10;

/// A slope up to this counts as 0.
constexpr double kFlat = 1e-12;
/// The largest number of times that proportions return to the active set.
constexpr int kTurns = 20;

/// If the step has to be shortened below this part of its length, an EM step replaces it.
constexpr double kLeastPart = 1.0 / 64;

using Column = Locations::Ratios;

/// sum_i w_i a_i b_i over the observations that are near to both.
GMM1D_MULTIVERSION
double weighted_product(const double* w, const double* a, const double* b,
                        std::size_t n) {
  double sum = 0;
  GMM1D_SIMD_SUM(sum)
  for (std::size_t i = 0; i < n; ++i) sum += w[i] * a[i] * b[i];
  return sum;
}

double weighted_product(const double* w, const Column& a, const Column& b) {
  const std::size_t begin = std::max(a.begin, b.begin), end = std::min(a.end(), b.end());
  if (begin >= end) return 0;
  return weighted_product(w + begin, a.value.data() + (begin - a.begin),
                          b.value.data() + (begin - b.begin), end - begin);
}

/// The log-likelihood per observation as a function of the proportions of fixed columns,
/// near proportions that sum to 1: its first derivatives, and minus its second. The
/// columns of locations that are far apart have no observation in common.
struct Slopes {
  std::vector<double> first;
  std::vector<std::vector<double>> second;  ///< for each column, from the diagonal on
};

Slopes slopes(const Locations& locations, const std::vector<Column>& columns) {
  const double* w = locations.weights();
  const std::size_t k = columns.size();
  Slopes result;
  for (std::size_t j = 0; j < k; ++j) {
    result.first.push_back(locations.gradient(columns[j]));
    std::vector<double> below;
    std::size_t reach = 0;
    for (std::size_t l = j; l < k; ++l) {
      below.push_back(weighted_product(w, columns[j], columns[l]) / locations.n());
      if (below.back() != 0) reach = below.size();
    }
    below.resize(std::max<std::size_t>(reach, 1));
    result.second.push_back(std::move(below));
  }
  return result;
}

/// Solves A x = b by Cholesky decomposition, for a symmetric positive matrix A whose
/// columns are given from the diagonal on. Only entries within the ends of the columns
/// are filled in. The pivots are bounded from below, in case columns are linearly
/// dependent.
std::vector<double> solved(std::vector<std::vector<double>> a, std::vector<double> x) {
  const std::size_t k = x.size();
  std::vector<double> least(k);
  for (std::size_t c = 0; c < k; ++c) least[c] = kRidge * a[c][0];
  for (std::size_t c = 0; c < k; ++c) {
    std::vector<double>& column = a[c];
    const double pivot = std::sqrt(std::max(column[0], least[c]));
    column[0] = pivot;
    for (std::size_t r = 1; r < column.size(); ++r) column[r] /= pivot;
    for (std::size_t r = 1; r < column.size(); ++r) {
      std::vector<double>& other = a[c + r];
      if (other.size() < column.size() - r) other.resize(column.size() - r, 0);
      for (std::size_t i = r; i < column.size(); ++i)
        other[i - r] -= column[r] * column[i];
    }
    x[c] /= pivot;
    for (std::size_t r = 1; r < column.size(); ++r) x[c + r] -= column[r] * x[c];
  }
  for (std::size_t c = k; c-- > 0;) {
    for (std::size_t r = 1; r < a[c].size(); ++r) x[c] -= a[c][r] * x[c + r];
    x[c] /= a[c][0];
  }
  return x;
}

/// A quadratic function of lambda, x' b - x' A x / 2, in some of the proportions, while
/// the others are 0.
class Face {
 public:
  Face(const Slopes& s, std::vector<std::size_t> free) : s_(s), free_(std::move(free)) {}

  const std::vector<std::size_t>& free() const { return free_; }
  void enter(std::size_t j) {
    free_.insert(std::lower_bound(free_.begin(), free_.end(), j), j);
  }

  /// The place of its maximum.
  std::vector<double> top() const {
    std::vector<std::vector<double>> a;
    std::vector<double> b;
    for (std::size_t j = 0; j < free_.size(); ++j) {
      const std::vector<double>& column = s_.get().second[free_[j]];
      std::vector<double> some;
      for (std::size_t l = j; l < free_.size(); ++l)
        if (free_[l] - free_[j] < column.size())
          some.push_back(column[free_[l] - free_[j]]);
      some[0] *= 1 + kRidge;
      a.push_back(std::move(some));
      b.push_back(2 * s_.get().first[free_[j]] - 1);
    }
    return solved(std::move(a), std::move(b));
  }

 private:
  std::reference_wrapper<const Slopes> s_;
  std::vector<std::size_t> free_;
};

/// The slope b - A x.
std::vector<double> slopes_at(const Slopes& s, const std::vector<double>& x) {
  std::vector<double> result;
  for (const double first : s.first) result.push_back(2 * first - 1);
  for (std::size_t j = 0; j < x.size(); ++j)
    for (std::size_t l = 0; l < s.second[j].size(); ++l) {
      result[j + l] -= s.second[j][l] * x[j];
      if (l > 0) result[j] -= s.second[j][l] * x[j + l];
    }
  return result;
}

/// Finds the non-negative proportions that maximise the quadratic function with these
/// slopes, by an active set method (Lawson & Hanson 1974). The set starts with all
/// proportions. Those that reach 0 leave it. Those at 0 return, a few times, if the
/// function increases in them. (The sum has a multiplier, which is 1 at the maximum of
/// the likelihood: 2 D - 1 - H lambda = 0.)
std::vector<double> newton_target(const Slopes& s, std::vector<double> x) {
  std::vector<std::size_t> all(x.size());
  std::iota(all.begin(), all.end(), 0);
  Face face(s, all);
  for (int turn = 0; turn < kTurns; ++turn) {
    for (;;) {
      const std::vector<double> top = face.top();
      // First drop all proportions at 0 that would become negative, before any moves.
      std::vector<std::size_t> kept;
      for (std::size_t i = 0; i < top.size(); ++i)
        if (top[i] > 0 || x[face.free()[i]] > 0) kept.push_back(face.free()[i]);
      if (kept.size() < top.size()) {
        face = Face(s, std::move(kept));
        continue;
      }
      double part = 1;
      for (std::size_t i = 0; i < top.size(); ++i) {
        const double from = x[face.free()[i]];
        if (!(top[i] > 0)) part = std::min(part, from / (from - top[i]));
      }
      const bool is_whole = part == 1;
      // Proportions that would reach 0 soon after the first leave with it.
      part = std::min(1.0, kSoon * part);
      for (std::size_t i = 0; i < top.size(); ++i) {
        double& value = x[face.free()[i]];
        value = std::max(value + part * (top[i] - value), 0.0);
      }
      if (is_whole) break;
    }
    const std::vector<double> slope = slopes_at(s, x);
    bool is_top = true;
    for (std::size_t j = 0; j < x.size(); ++j) {
      if (x[j] > 0 || slope[j] <= kFlat) continue;
      face.enter(j);
      is_top = false;
    }
    if (is_top) break;
  }
  return x;
}

void scale_to_one(std::vector<double>& lambda) {
  double sum = 0;
  for (const double one : lambda) sum += one;
  for (double& one : lambda) one /= sum;
}

GMM1D_MULTIVERSION
void add(double factor, const double* x, std::size_t n, double* sum) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) sum[i] += factor * x[i];
}

GMM1D_MULTIVERSION
void invert(std::size_t n, double* x) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) x[i] = 1 / x[i];
}

GMM1D_MULTIVERSION
void multiply(const double* factor, std::size_t n, double* x) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) x[i] *= factor[i];
}

/// The density of the mixture at each observation, relative to that in the columns.
std::vector<double> combined(const Locations& locations,
                             const std::vector<Column>& columns,
                             const std::vector<double>& lambda) {
  std::vector<double> result(locations.size());
  for (std::size_t j = 0; j < columns.size(); ++j)
    add(lambda[j], columns[j].value.data(), columns[j].value.size(),
        result.data() + columns[j].begin);
  return result;
}

/// The sum of w_i log(ratio_i), -Inf if a ratio is 0.
GMM1D_MULTIVERSION
double gained(const double* w, const double* ratio, std::size_t n) {
  double sum = 0, least = 1;
  GMM1D_SIMD_SUM(sum)
  for (std::size_t i = 0; i < n; ++i) sum += w[i] * simd_log(ratio[i]);
  GMM1D_SIMD_LEAST(least)
  for (std::size_t i = 0; i < n; ++i) least = least < ratio[i] ? least : ratio[i];
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return least < std::numeric_limits<double>::min() ? -kInfinity : sum;
}

/// Takes a Newton step in lambda, shortened until it increases the likelihood, or else an
/// EM step. The columns become relative to the new mixture. Returns the gain; 0 if
/// nothing changes.
double step_of_proportions(const Locations& locations, std::vector<Column>& columns,
                           std::vector<double>& lambda) {
  const Slopes s = slopes(locations, columns);
  const std::vector<double> target = newton_target(s, lambda);
  double promised = 0;
  for (std::size_t j = 0; j < lambda.size(); ++j)
    promised += (target[j] - lambda[j]) * (s.first[j] - 1);
  std::vector<double> next = lambda, ratio;
  double gain = 0;
  for (double part = promised > 0 ? 1 : 0; part >= kLeastPart && !(gain > 0); part /= 2) {
    for (std::size_t j = 0; j < lambda.size(); ++j)
      next[j] = lambda[j] + part * (target[j] - lambda[j]);
    scale_to_one(next);
    ratio = combined(locations, columns, next);
    gain = gained(locations.weights(), ratio.data(), ratio.size());
  }
  if (!(gain > 0)) {
    for (std::size_t j = 0; j < lambda.size(); ++j) next[j] = lambda[j] * s.first[j];
    scale_to_one(next);
    ratio = combined(locations, columns, next);
    gain = gained(locations.weights(), ratio.data(), ratio.size());
    if (!(gain > 0)) return 0;
  }
  lambda = std::move(next);
  invert(ratio.size(), ratio.data());
  for (Column& column : columns)
    multiply(ratio.data() + column.begin, column.value.size(), column.value.data());
  return gain;
}

}  // namespace

void raise_proportions(const Locations& locations, std::vector<Column> columns,
                       double tolerance, std::vector<double>& lambda) {
  double enough = tolerance;
  for (int i = 0; i < kSteps; ++i) {
    const double gain = step_of_proportions(locations, columns, lambda);
    enough = std::max(enough, gain);
    if (gain <= kPart * enough) break;
  }
}

}  // namespace gmm1d
