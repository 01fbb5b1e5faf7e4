#include "observation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "normal.h"

namespace gmm1d {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double log_range(const Noise& noise) { return std::log(noise.high - noise.low); }

double log_value_within(double x, const Noise& noise) {
  return noise.low <= x && x <= noise.high ? -log_range(noise) : -kInfinity;
}

double log_interval_within(double lower, double upper, const Noise& noise) {
  if (lower == upper) return log_value_within(lower, noise);
  const double part = std::min(upper, noise.high) - std::max(lower, noise.low);
  return part > 0 ? std::log(part) - log_range(noise) : -kInfinity;
}

}  // namespace

Row moved_to(const Exact&, std::size_t, double x) { return {x}; }
Row moved_to(const Interval&, std::size_t, double x) { return {x, x}; }
Row moved_to(const Erroneous& seen, std::size_t i, double x) {
  return {x, seen.error[i]};
}
Row moved_to(const ErroneousInterval& seen, std::size_t i, double x) {
  return {x, x, seen.error[i]};
}

Row reflected(const Exact& seen, std::size_t i) { return {-seen.x[i]}; }
Row reflected(const Interval& seen, std::size_t i) {
  return {-seen.upper[i], -seen.lower[i]};
}
Row reflected(const Erroneous& seen, std::size_t i) {
  return {-seen.x[i], seen.error[i]};
}
Row reflected(const ErroneousInterval& seen, std::size_t i) {
  return {-seen.upper[i], -seen.lower[i], seen.error[i]};
}

double log_within(const Exact& seen, std::size_t i, const Noise& noise) {
  return log_value_within(seen.x[i], noise);
}

double log_within(const Interval& seen, std::size_t i, const Noise& noise) {
  return log_interval_within(seen.lower[i], seen.upper[i], noise);
}

double log_within(const Erroneous& seen, std::size_t i, const Noise& noise) {
  const double x = seen.x[i], error = seen.error[i];
  if (error == 0) return log_value_within(x, noise);
  return normal_log_probability((noise.low - x) / error, (noise.high - x) / error) -
         log_range(noise);
}

/// If the value is uniform on the range of the noise, the probability of the interval is
/// the mean of Phi((upper - u) / error) - Phi((lower - u) / error) over u in this range.
/// The interval is first mirrored in the middle of the range if that makes it lower, so
/// that no digits are lost.
double log_within(const ErroneousInterval& seen, std::size_t i, const Noise& noise) {
  const double lower = seen.lower[i], upper = seen.upper[i], error = seen.error[i];
  if (error == 0) return log_interval_within(lower, upper, noise);
  if (lower == upper) {
    const Erroneous value = {seen.lower, seen.error};
    return log_within(value, i, noise);
  }
  const double range = (noise.high - noise.low) / error;
  double a = (lower - noise.low) / error, b = (upper - noise.low) / error;
  if (a + b > range) std::tie(a, b) = std::pair(range - b, range - a);
  const auto below = [&](double bound) {
    if (bound == kInfinity) return 1.0;
    return (integrated_normal_cdf(bound) - integrated_normal_cdf(bound - range)) / range;
  };
  return std::log(std::max(below(b) - below(a), 0.0));
}

Extent extent(const Exact& seen, std::size_t i) { return {seen.x[i], seen.x[i], 0}; }
Extent extent(const Interval& seen, std::size_t i) {
  return {seen.lower[i], seen.upper[i], 0};
}
Extent extent(const Erroneous& seen, std::size_t i) {
  return {seen.x[i], seen.x[i], seen.error[i]};
}
Extent extent(const ErroneousInterval& seen, std::size_t i) {
  return {seen.lower[i], seen.upper[i], seen.error[i]};
}

Place place_in(const Extent& extent) {
  const auto [lower, upper, error] = extent;
  if (std::isinf(lower) || lower == upper) return {upper, error};
  return {std::isinf(upper) ? lower : lower / 2 + upper / 2, error};
}

bool is_exact(const Observation& seen) { return std::holds_alternative<Exact>(seen); }

bool has_errors(const Observation& seen) {
  return std::holds_alternative<Erroneous>(seen) ||
         std::holds_alternative<ErroneousInterval>(seen);
}

Observation window_like(const Observation& seen) {
  return has_errors(seen) ? Observation(ErroneousInterval{}) : Observation(Interval{});
}

Observation from(Observation seen, std::size_t begin) {
  std::visit(
      [&](auto& kind) {
        for_each_column(kind, [&](const double*& column) { column += begin; });
      },
      seen);
  return seen;
}

ObservationSet::ObservationSet(const Observation& kind) : kind_(kind) {
  std::visit(
      [&](auto& seen) {
        for_each_column(seen, [&](const double*&) { columns_.emplace_back(); });
      },
      kind_);
}

void ObservationSet::add(const Row& row) {
  for (std::size_t c = 0; c < columns_.size(); ++c) columns_[c].push_back(row[c]);
}

void ObservationSet::add(const Observation& from, std::size_t i) {
  std::visit(
      [&](auto seen) {
        auto column = columns_.begin();
        for_each_column(seen, [&](const double*& x) { (column++)->push_back(x[i]); });
      },
      from);
}

void ObservationSet::add_moved(const Observation& from, std::size_t i, double x) {
  std::visit([&](const auto& seen) { add(moved_to(seen, i, x)); }, from);
}

void ObservationSet::add_reflected(const Observation& from, std::size_t i) {
  std::visit([&](const auto& seen) { add(reflected(seen, i)); }, from);
}

Observation ObservationSet::view() const {
  Observation result = kind_;
  std::visit(
      [&](auto& seen) {
        auto column = columns_.begin();
        for_each_column(seen, [&](const double*& x) { x = (column++)->data(); });
      },
      result);
  return result;
}

}  // namespace gmm1d
