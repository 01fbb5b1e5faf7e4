#include "conclude.h"

#include <algorithm>
#include <utility>

#include "choice.h"
#include "related.h"

namespace gmm1d {

namespace {

using Flags = std::vector<bool>;

/// A plain climb leaves its basin if the penalised objective falls by more than this,
/// while a component contracts onto a few points. This is the price of the penalty for a
/// component with sigma = s / sqrt(n), in units of the log-likelihood.
constexpr double kBasinDepth = 1;
/// A component contracts in this sense if it loses more than this part of its
/// observations. The fall alone does not tell: if groups lie far apart, s is far above
/// their sigmas and the penalty is high for real components, but these keep their
/// observations.
constexpr double kContraction = 0.25;
/// It also contracts if it has fewer than kFewObservations observations and less than the
/// proportion kFew.
constexpr double kFewObservations = 10, kFew = 0.1;
/// A climb also leaves its basin if the penalised climb from its end does not return to
/// within this of the maximum where it began, in units of the objective.
constexpr double kWayBack = 1e-5;

bool any(const Flags& flags) {
  return std::any_of(flags.begin(), flags.end(), [](bool one) { return one; });
}

Climb uncertified(Climb how) {
  how.certify = false;
  return how;
}

/// The plain likelihood, with the sigmas of some components held at those of a mixture.
/// Their means are held too if sigmas are proportional to means.
Objective plain_holding(const Objective& objective, const Mixture& at,
                        const Flags& held) {
  Objective plain = without_penalty(objective);
  if (!any(held)) return plain;
  Constraints& constraints = plain.constraints;
  for (std::size_t j = constraints.own(); j < at.k(); ++j) {
    constraints.lambda.push_back(Constraints::kFree);
    constraints.mu.push_back(constraints.other_mu);
    constraints.sigma.push_back(constraints.other_sigma);
  }
  if (constraints.relation.ties_sigmas()) {
    constraints.relation.scale = sigma_scale(at, constraints);
    for (std::size_t j = 0; is_proportional(constraints) && j < at.k(); ++j)
      if (held[j] && is_free(constraints.mu[j])) constraints.mu[j] = at[j].mu;
    return plain;
  }
  for (std::size_t j = 0; j < at.k(); ++j)
    if (held[j] && is_free(constraints.sigma[j])) constraints.sigma[j] = at[j].sigma;
  return plain;
}

/// The components whose sigma is the smallest allowed.
Flags smallest(const Objective& objective, const Mixture& mixture) {
  Flags result(mixture.k());
  for (std::size_t j = 0; j < mixture.k(); ++j)
    result[j] = is_smallest(objective, mixture, j);
  return result;
}

/// The components that have degenerated since the penalised maximum.
Flags degenerate(const Objective& objective, const EmResult& basin,
                 const EmResult& plain) {
  const std::size_t k = basin.mixture.k();
  const double value = plain.loglik - penalty_on(plain.mixture, objective);
  const bool falls = value < basin.objective - kBasinDepth;
  Flags result = smallest(objective, plain.mixture);
  for (std::size_t j = 0; j < k; ++j) {
    const double lambda = plain.mixture[j].lambda;
    const bool contracts = plain.mixture[j].sigma < basin.mixture[j].sigma;
    const bool loses = lambda < (1 - kContraction) * basin.mixture[j].lambda ||
                       (lambda < kFew && lambda * objective.n() < kFewObservations);
    if (falls && contracts && loses) result[j] = true;
  }
  return result;
}

/// True if the penalised climb from the end of a plain climb returns to the basin.
bool leads_back(const Objective& objective, const EmResult& basin, const EmResult& plain,
                const Climb& how) {
  const double least = basin.objective - kWayBack;
  return plain.loglik - penalty_on(plain.mixture, objective) >= least ||
         em(objective, plain.mixture, uncertified(how)).objective >= least;
}

/// The component whose sigma has decreased most.
Flags narrowed_most(const Mixture& from, const Mixture& to, const Flags& held) {
  std::size_t most = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < from.k(); ++j) {
    const double ratio = to[j].sigma / from[j].sigma;
    if (held[j] || ratio >= least) continue;
    least = ratio;
    most = j;
  }
  Flags result(from.k());
  result[most] = true;
  return result;
}

/// Holds more components. Returns false if none of them is new.
bool hold(const Flags& more, const Objective& objective, Flags& held) {
  const std::size_t k = held.size();
  Flags next = held;
  for (std::size_t j = 0; j < k; ++j)
    if (more[j] && is_sigma_free(objective.constraints, j)) next[j] = true;
  // Tied sigmas are held together, unless they are proportional to means that are not
  // tied.
  const bool is_together = are_sigmas_tied(objective.constraints) &&
                           !(is_proportional(objective.constraints) &&
                             !objective.constraints.relation.ties_means());
  if (is_together && next != held)
    for (std::size_t j = 0; j < k; ++j) next[j] = is_sigma_free(objective.constraints, j);
  const bool is_new = next != held;
  held = next;
  return is_new;
}

/// Completes the description of a maximum. `narrow` is where the plain climb ended.
EmResult described(EmResult result, Mixture narrow, const Objective& objective) {
  result.limited = is_limited_by_cells(objective, narrow);
  result.narrow = std::move(narrow);
  result.entropy = entropy(objective.sample, result.mixture);
  result.price = price_of_places(objective, result.mixture);
  return result;
}

}  // namespace

EmResult conclude(const Objective& objective, const Mixture& start, const Climb& how) {
  const EmResult basin = em(objective, start, uncertified(how));
  Flags held(start.k());
  EmResult result = em(without_penalty(objective), basin.mixture, how);
  const Mixture narrow = result.mixture;
  if (objective.penalty.weight == 0)
    return described(std::move(result), narrow, objective);
  Mixture top;  // the maximum of the basin to the last digit, which gives the held sigmas
  for (;;) {
    Flags lost = degenerate(objective, basin, result);
    if (!any(lost)) {
      // On a ridge there is no single maximum to return to.
      if (result.status == Status::ridge) break;
      if (result.status != Status::saddle && leads_back(objective, basin, result, how))
        break;
      lost = narrowed_most(basin.mixture, result.mixture, held);
    }
    if (!hold(lost, objective, held)) break;
    if (top.k() == 0) top = em(objective, basin.mixture, how).mixture;
    result = em(plain_holding(objective, top, held), top, how);
  }
  result.objective = basin.objective;
  result.held = held;
  return described(std::move(result), narrow, objective);
}

EmResult climb(const Objective& objective, const Mixture& start, const Climb& how) {
  EmResult result = em(without_penalty(objective), start, how);
  const Mixture narrow = result.mixture;
  Flags held(start.k());
  const bool unbounded = objective.penalty.weight > 0 && reaches_floor(objective, narrow);
  const Mixture top = unbounded ? em(objective, start, how).mixture : narrow;
  while (unbounded && hold(smallest(objective, result.mixture), objective, held))
    result = em(plain_holding(objective, top, held), top, how);
  result.held = held;
  result.objective = result.loglik - penalty_on(result.mixture, objective);
  return described(std::move(result), narrow, objective);
}

}  // namespace gmm1d
