#include "conclude.h"

#include <algorithm>

namespace gmm1d {

namespace {

using Flags = std::vector<bool>;

/// A plain climb leaves its basin, contracting a component onto a few points, if the
/// penalised objective falls by more than this (the price that the penalty sets on a
/// component of sigma = s / sqrt(n)) ...
constexpr double kBasinDepth = 1;
/// ... while a component loses more than this part of its observations. The fall alone
/// does not tell: if groups lie far apart, s is far above their sigmas, and the penalty
/// is high for components that are real; those keep their observations ...
constexpr double kContraction = 0.25;
/// ... or has only so few of them, and so small a part.
constexpr double kFewObservations = 10, kFew = 0.1;
/// A climb also leaves its basin if the penalised climb from its end does not come back
/// to within this of the maximum where it began.
constexpr double kWayBack = 1e-5;

bool any(const Flags& flags) {
  return std::any_of(flags.begin(), flags.end(), [](bool one) { return one; });
}

EmOptions uncertified(EmOptions options) {
  options.certify = false;
  return options;
}

/// The plain likelihood, with the sigmas of some components held at those of a mixture.
EmOptions plain_holding(const EmOptions& options, const Mixture& at, const Flags& held) {
  EmOptions plain = without_penalty(options);
  if (!any(held)) return plain;
  Constraints& constraints = plain.constraints;
  for (std::size_t j = constraints.own(); j < at.k(); ++j) {
    constraints.lambda.push_back(Constraints::kFree);
    constraints.mu.push_back(constraints.other_mu);
    constraints.sigma.push_back(constraints.other_sigma);
  }
  for (std::size_t j = 0; j < at.k(); ++j)
    if (held[j] && is_free(constraints.sigma[j])) constraints.sigma[j] = at.sigma[j];
  return plain;
}

/// The components whose sigma is the smallest allowed.
Flags smallest(const Points& points, const Mixture& mixture, const EmOptions& options) {
  Flags result(mixture.k());
  for (std::size_t j = 0; j < mixture.k(); ++j)
    result[j] = is_smallest(points, mixture, j, options);
  return result;
}

/// The components that have degenerated on the way from the penalised maximum.
Flags degenerate(const Points& points, const EmResult& basin, const EmResult& plain,
                 const EmOptions& options) {
  const std::size_t k = basin.mixture.k();
  const double objective = plain.loglik - penalty(plain.mixture, options);
  const bool falls = objective < basin.objective - kBasinDepth;
  Flags result = smallest(points, plain.mixture, options);
  for (std::size_t j = 0; j < k; ++j) {
    const double lambda = plain.mixture.lambda[j];
    const bool contracts = plain.mixture.sigma[j] < basin.mixture.sigma[j];
    const bool loses = lambda < (1 - kContraction) * basin.mixture.lambda[j] ||
                       (lambda < kFew && lambda * points.n < kFewObservations);
    if (falls && contracts && loses) result[j] = true;
  }
  return result;
}

/// The component whose sigma has fallen most.
Flags narrowed_most(const Mixture& from, const Mixture& to, const Flags& held) {
  std::size_t most = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < from.k(); ++j) {
    const double ratio = to.sigma[j] / from.sigma[j];
    if (held[j] || ratio >= least) continue;
    least = ratio;
    most = j;
  }
  Flags result(from.k());
  result[most] = true;
  return result;
}

/// Holds more components. False if none of them is new.
bool hold(const Flags& more, const EmOptions& options, Flags& held) {
  const std::size_t k = held.size();
  Flags next = held;
  for (std::size_t j = 0; j < k; ++j)
    if (more[j] && is_free(options.constraints.fixed_sigma(j))) next[j] = true;
  // One sigma for all is held for all.
  if (options.constraints.equal_sigma && next != held)
    for (std::size_t j = 0; j < k; ++j)
      next[j] = is_free(options.constraints.fixed_sigma(j));
  const bool is_new = next != held;
  held = next;
  return is_new;
}

}  // namespace

EmResult conclude(const Points& points, const Mixture& start, const EmOptions& options) {
  const EmResult basin = em(points, start, uncertified(options));
  const Mixture& top = basin.mixture;
  Flags held(top.k());
  EmResult result = em(points, top, without_penalty(options));
  if (options.penalty == 0) {
    result.limited = is_limited_by_cells(points, result.mixture, options);
    result.narrow = result.mixture;
    return result;
  }
  const Mixture narrow = result.mixture;
  for (;;) {
    Flags lost = degenerate(points, basin, result, options);
    if (!any(lost)) {
      // From a ridge there is no way back to a single maximum.
      if (result.status == Status::ridge) break;
      const EmResult back = em(points, result.mixture, uncertified(options));
      if (back.objective >= basin.objective - kWayBack && result.status != Status::saddle)
        break;
      lost = narrowed_most(top, result.mixture, held);
    }
    if (!hold(lost, options, held)) break;
    result = em(points, top, plain_holding(options, top, held));
  }
  result.objective = basin.objective;
  result.held = held;
  result.narrow = narrow;
  result.limited = is_limited_by_cells(points, narrow, options);
  return result;
}

EmResult climb(const Points& points, const Mixture& start, const EmOptions& options) {
  EmResult result = em(points, start, without_penalty(options));
  const Mixture narrow = result.mixture;
  Flags held(start.k());
  const bool unbounded = options.penalty > 0 && reaches_floor(points, narrow, options);
  const Mixture top =
      unbounded ? em(points, start, uncertified(options)).mixture : narrow;
  while (unbounded && hold(smallest(points, result.mixture, options), options, held))
    result = em(points, top, plain_holding(options, top, held));
  result.held = held;
  result.narrow = narrow;
  result.limited = is_limited_by_cells(points, narrow, options);
  result.objective = result.loglik - penalty(result.mixture, options);
  return result;
}

}  // namespace gmm1d
