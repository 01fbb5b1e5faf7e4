#include "one_narrow.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "normal.h"
#include "npmle.h"

namespace gmm1d {

namespace {

/// The proof is abandoned after this many boxes, times the number of values.
constexpr double kMostWork = 1e6;

/// It is also abandoned if a box is this small, both in the mean, in sigmas, and in log
/// sigma.
constexpr double kSmallest = 0.01;

/// The tolerance of the bounds on the other components, in units of the log-likelihood.
constexpr double kTolerance = 0.05;

/// A range for the narrow component, and the best other components as far as known.
struct Box {
  double low, high, narrowest, widest;
  Mixture others;
  double lambda;

  double of_mean() const { return (high - low) / narrowest; }
  double of_sigma() const { return std::log(widest / narrowest); }
};

/// The largest log density at distance d over normal distributions with standard
/// deviations from a to b. It is attained at d itself if that lies in this range.
double largest_log_density(double d, double a, double b) {
  const double sigma = std::clamp(d, a, b), z = d / sigma;
  return -std::log(sigma) - kLogSqrt2Pi - 0.5 * z * z;
}

/// The log of the largest likelihood that a component in the box gives to each value.
std::vector<double> envelope(const Box& box, const Sample& sample) {
  const Group& group = sample.groups[0];
  std::vector<double> result(group.size);
  for (std::size_t i = 0; i < group.size; ++i) {
    const Place at =
        std::visit([&](const auto& seen) { return place(seen, i); }, group.seen);
    const double d = std::max({box.low - at.x, at.x - box.high, 0.0});
    result[i] = largest_log_density(d, std::hypot(box.narrowest, at.error),
                                    std::hypot(box.widest, at.error));
  }
  return result;
}

/// Halves a box across its longer side.
std::pair<Box, Box> halves(const Box& box) {
  Box first = box, second = box;
  if (box.of_mean() > box.of_sigma())
    first.high = second.low = box.low / 2 + box.high / 2;
  else
    first.widest = second.narrowest = std::sqrt(box.narrowest * box.widest);
  return {std::move(first), std::move(second)};
}

}  // namespace

bool is_below_with_one_narrow(const Sample& sample, const Noise& noise, double least,
                              double others, double target,
                              const std::function<void()>& check_interrupt) {
  const Observation& seen = sample.groups[0].seen;
  const bool are_values =
      std::holds_alternative<Exact>(seen) || std::holds_alternative<Erroneous>(seen);
  if (!are_values) return false;
  const double most = kMostWork / static_cast<double>(sample.groups[0].size);
  const Locations locations(sample, others);
  const double close = kTolerance / locations.n();
  const Until until = {kTolerance, target, check_interrupt};
  const Npmle alone = npmle(locations, cover(locations, noise), until);
  if (bound_by(alone, locations, close).value > target) return false;
  const Points& places = sample.places;
  std::vector<Box> boxes = {
      {places.x[0], places.x[places.size - 1], least, others, alone.mixture, 0}};
  for (int count = 0; !boxes.empty(); ++count) {
    if (count > most) return false;
    Box box = std::move(boxes.back());
    boxes.pop_back();
    Extra narrow = {envelope(box, sample), box.lambda};
    const Npmle f = npmle(locations, box.others, until, std::move(narrow));
    if (f.loglik <= target && bound_by(f, locations, close).value <= target) continue;
    if (std::max(box.of_mean(), box.of_sigma()) < kSmallest) return false;
    box.others = f.mixture;
    box.lambda = f.extra.lambda;
    auto [first, second] = halves(box);
    boxes.push_back(std::move(first));
    boxes.push_back(std::move(second));
  }
  return true;
}

}  // namespace gmm1d
