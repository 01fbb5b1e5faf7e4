#include "contenders.h"

#include <algorithm>
#include <cmath>

#include "ceiling.h"

namespace gmm1d {

namespace {

/// A longer search may lower the criterion by this much. (In 2,592 fits it lowered it by
/// at most 6 for one component more than the best, and by at most 12 for any number.)
constexpr double kMargin = 8;
/// It does not lower it by as much as this.
constexpr double kFar = 30;
/// A look at larger numbers of components may lower the criterion by this much if there
/// are no more than this many observations, and by more, but not as much as kFar, in
/// proportion to the root of their number.
constexpr double kMarginAhead = 4;
constexpr double kUsualObservations = 1000;

/// The bound applies to components that are at least this many times as wide as the
/// narrowest of the best.
constexpr double kNarrower = 0.5;

/// A bound takes longer than the search that it saves if the range in sigmas, times the
/// number of points, exceeds this; and it needs too much room if the range does.
constexpr double kMostWork = 1.5e5, kMostSigmas = 200;

bool has_ceiling(const Sample& sample) {
  return !has_window(sample) && !has_labels(sample);
}

double narrowest(const Mixture& mixture) {
  double result = mixture[0].sigma;
  for (const Component& one : mixture.components) result = std::min(result, one.sigma);
  return result;
}

}  // namespace

bool Contenders::may_win(const EmResult& brief, const EmResult& best) {
  const double worse = choice_of(brief) - choice_of(best);
  return !(worse > kFar) && !(worse > kMargin && limit(brief, best));
}

bool Contenders::may_win_ahead(const EmResult& unsettled, const EmResult& best) const {
  const double margin =
      kMarginAhead * std::sqrt(std::max(1.0, objective_.n() / kUsualObservations));
  return !(choice_of(unsettled) - choice_of(best) > std::min(margin, kFar));
}

std::optional<Limit> Contenders::limit(const EmResult& brief, const EmResult& best) {
  const Sample& sample = objective_.sample;
  const double sigma = kNarrower * narrowest(best.mixture);
  const Points& places = sample.places;
  const double sigmas =
      (places.x[places.size - 1] - places.x[0]) / blurred(sigma, sample);
  const bool is_quick =
      sigmas <= std::min(kMostSigmas, kMostWork / static_cast<double>(places.size));
  if (!has_ceiling(sample) || !is_quick) return std::nullopt;
  const double needed =
      (complexity(objective_, criterion_, brief.mixture.k()) - choice_of(best)) / 2;
  if (sigma == limit_.sigma && limit_.bound < needed) return limit_;
  if (sigma == reached_.sigma && needed <= reached_.bound) return std::nullopt;
  const Ceiling top = ceiling(sample, objective_.noise, sigma, needed, check_interrupt_);
  const double bound = top.bound + (std::isnan(top.error) ? 0 : top.error);
  if (!(bound < needed)) {
    reached_ = {needed, sigma};
    return std::nullopt;
  }
  limit_ = {bound, sigma};
  return limit_;
}

}  // namespace gmm1d
