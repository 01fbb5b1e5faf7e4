#include "objective.h"

#include <algorithm>
#include <cmath>

#include "related.h"
#include "rough.h"

namespace gmm1d {

namespace {

/// The smallest sigma of a component, relative to the width of the cell at its mean. At
/// this width, the Gauss rules still integrate a normal density to 1e-3.
constexpr double kLeastOfCell = 0.5;

/// The smallest sigma relative to the narrowest interval. A component inside an interval
/// has all its probability there, so narrower ones have the same likelihood.
constexpr double kLeastOfInterval = 0.1;

/// The largest sigma relative to the distance between the finite bounds. In an open
/// interval, a component could become wider and move away without limit.
constexpr double kWidest = 10;

/// Tied sigmas are at their bound if one of them is within this part of it, because their
/// common scale has rounding errors.
constexpr double kNearBound = 1e-12;
/// The same if the bound depends on the mean: climbs slow down beside it.
constexpr double kNearTies = 1e-6;

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The smallest sigma on a lattice, in steps. On a lattice of step d, a density with
/// sigma = t d sums to 1 + 2 exp(-2 pi^2 t^2) (Poisson's formula). The part above 1 is
/// spurious likelihood in each of n values. If t is at least this, it is worth less than
/// half a unit of the log-likelihood in total.
double least_of_step(double n) {
  constexpr double kPi = 3.14159265358979323846, kSqrt2 = 1.41421356237309504880;
  return std::sqrt(std::log(4 * std::max(n, 1.0))) / (kPi * kSqrt2);
}

/// 1 / n for counts. Weights with mean below 1 cannot be counts but are normalised; the
/// penalty then keeps its share of the objective.
double default_penalty(const Points& points) {
  const double most = std::max(points.n, static_cast<double>(points.size));
  return points.n / (most * most);
}

}  // namespace

double narrowest_interval(const double* lower, const double* upper, std::size_t size) {
  double least = kInfinity;
  for (std::size_t i = 0; i < size; ++i) least = std::min(least, upper[i] - lower[i]);
  return least;
}

double span_between_open(const double* lower, const double* upper, std::size_t size) {
  double first = kInfinity, last = -kInfinity;
  bool some_open = false;
  for (std::size_t i = 0; i < size; ++i)
    for (const double bound : {lower[i], upper[i]}) {
      if (std::isinf(bound)) {
        some_open = true;
        continue;
      }
      first = std::min(first, bound);
      last = std::max(last, bound);
    }
  return some_open ? last - first : kInfinity;
}

Objective objective_of(const Sample& sample, const Constraints& constraints,
                       const Resolution& resolution, const Settings& settings) {
  const double n = sample.places.n;
  Objective result;
  result.sample = sample;
  result.constraints = constraints;
  result.widest = kWidest * resolution.span;
  // If every value has an error, the likelihood is bounded and a sigma may be 0.
  if (sample.error > 0) {
    result.penalty.scale = resolution.scale;
    if (!std::isnan(settings.penalty)) result.penalty.weight = settings.penalty;
    if (!std::isnan(settings.min_sigma))
      result.floor.least = result.floor.single = settings.min_sigma;
    return result;
  }
  // Without spread there is no scale for the penalty, and only the floor applies.
  if (resolution.scale > 0)
    result.penalty.weight =
        std::isnan(settings.penalty) ? default_penalty(sample.places) : settings.penalty;
  result.penalty.scale = resolution.scale;
  Floor& floor = result.floor;
  if (!std::isnan(settings.min_sigma)) {
    floor.least = floor.single = settings.min_sigma;
    return result;
  }
  // Smaller sigmas are lost in the rounding errors of numbers of this size or scale.
  floor.single = std::max(4 * kEpsilon * std::max(resolution.scale, resolution.away),
                          std::numeric_limits<double>::min());
  const bool some_known = resolution.narrowest == 0;
  floor.least =
      std::max(floor.single, some_known ? least_of_step(n) * resolution.step
                                        : kLeastOfInterval * resolution.narrowest);
  // Values closer than their rounding errors cannot be distinguished.
  floor.of_mean = 4 * kEpsilon;
  floor.of_gap = least_of_step(n);
  floor.ties = std::make_shared<const Ties>(ties_of(sample));
  return result;
}

Objective of_one_component(Objective objective) {
  objective.floor.least = objective.floor.single;
  objective.floor.of_gap = 0;
  return objective;
}

Objective without_penalty(Objective objective) {
  objective.penalty.weight = 0;
  return objective;
}

Objective rough(Objective objective) {
  objective.is_rough = true;
  return objective;
}

Objective reflected(const Objective& objective, const Sample& mirrored) {
  Objective result = objective;
  result.sample = mirrored;
  result.noise = {objective.noise.lambda, -objective.noise.high, -objective.noise.low};
  for (double& mu : result.constraints.mu) mu = -mu;
  result.constraints.other_mu = -result.constraints.other_mu;
  Relation& relation = result.constraints.relation;
  relation.zero = -relation.zero;
  for (double& offset : relation.offset) offset = -offset;
  if (relation.mean) relation.mean->value = -relation.mean->value;
  if (result.floor.ties)
    result.floor.ties = std::make_shared<const Ties>(ties_of(mirrored));
  return result;
}

namespace {

/// The penalty on a sigma, given the log of the scale.
double penalty_on(double sigma, const Penalty& penalty, double log_scale) {
  const double ratio = penalty.scale / sigma;
  const double log_ratio = log_scale - std::log(sigma);  // the ratio may underflow
  return penalty.weight * (ratio * ratio - 1 - 2 * log_ratio);
}

}  // namespace

double penalty_on(const Mixture& mixture, const Objective& objective) {
  const Penalty& penalty = objective.penalty;
  if (penalty.weight == 0) return 0;
  const double log_scale = std::log(penalty.scale);
  double sum = 0;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_free(objective.constraints.fixed_sigma(j)))
      sum += penalty_on(mixture[j].sigma, penalty, log_scale);
  return sum;
}

double penalty_on(double sigma, const Penalty& penalty) {
  return penalty.weight == 0 ? 0 : penalty_on(sigma, penalty, std::log(penalty.scale));
}

double penalised_sigma(double n, double sd, const Penalty& penalty, double count) {
  const double share = n / (n + 2 * count * penalty.weight);  // of the data
  return std::hypot(sd * std::sqrt(share), penalty.scale * std::sqrt(1 - share));
}

State evaluate(const Objective& objective, Mixture mixture) {
  Statistics statistics = objective.is_rough ? rough_e_step(objective.sample, mixture)
                                             : e_step(objective.sample, mixture);
  double value = statistics.loglik - penalty_on(mixture, objective);
  // A mixture for which a number overflows is worse than any other.
  if (std::isnan(value)) value = -std::numeric_limits<double>::infinity();
  return {std::move(mixture), std::move(statistics), value};
}

double smallest_sigma(const Objective& objective, double mu) {
  const Floor& floor = objective.floor;
  if (objective.sample.error > 0) return floor.least;
  const double gap = floor.ties ? floor.ties->gap_at(mu) : 0;
  return std::max({floor.least, floor.of_mean * std::abs(mu), floor.of_gap * gap,
                   kLeastOfCell * width_at(objective.sample.places, mu)});
}

bool is_smallest(const Objective& objective, const Mixture& mixture, std::size_t j) {
  double slack = objective.constraints.relation.ties_sigmas() ? kNearBound : 0;
  if (objective.floor.ties && !objective.floor.ties->x.empty()) slack = kNearTies;
  return is_sigma_free(objective.constraints, j) &&
         mixture[j].sigma <= (1 + slack) * smallest_sigma(objective, mixture[j].mu);
}

bool reaches_floor(const Objective& objective, const Mixture& mixture) {
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_smallest(objective, mixture, j)) return true;
  return false;
}

bool reaches_widest(const Objective& objective, const Mixture& mixture) {
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_sigma_free(objective.constraints, j) && mixture[j].sigma >= objective.widest)
      return true;
  return false;
}

bool is_limited_by_cells(const Objective& objective, const Mixture& mixture) {
  if (objective.sample.places.width == nullptr) return false;
  Objective of_values = objective;
  of_values.sample.places.width = nullptr;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_smallest(objective, mixture, j) && !is_smallest(of_values, mixture, j))
      return true;
  return false;
}

namespace {

/// Moves a mean away from 0 until its sigma, which is `scale` times the distance, is at
/// least the smallest allowed.
void keep_from_zero(const Objective& objective, double scale, Component& component) {
  const double zero = objective.constraints.relation.zero;
  const double least = smallest_sigma(objective, component.mu);
  if (!(component.sigma < least && scale > 0)) return;
  component.mu = zero + std::copysign(least / scale, component.mu - zero);
  component.sigma = scale * std::abs(component.mu - zero);
}

/// feasible() for tied sigmas: adjusts their common scale so that each is allowed. If a
/// sigma is too small because its mean is near 0, the mean is moved away from 0.
Mixture within_bounds(const Objective& objective, Mixture mixture) {
  const Constraints& constraints = objective.constraints;
  const std::vector<double> ratios = sigma_ratios(mixture, constraints);
  const double largest = *std::max_element(ratios.begin(), ratios.end());
  const double scale = sigma_scale(mixture, constraints);
  double least = 0, most = std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    if (ratios[j] == 0 || (is_proportional(constraints) && ratios[j] < largest)) continue;
    least = std::max(least, smallest_sigma(objective, mixture[j].mu) / ratios[j]);
    most = std::min(most, objective.widest / ratios[j]);
  }
  const bool may_move = has_free_scale(constraints);
  const double allowed = may_move ? std::max(std::min(scale, most), least) : scale;
  for (std::size_t j = 0; allowed != scale && j < mixture.k(); ++j)
    if (ratios[j] > 0) mixture[j].sigma = allowed * ratios[j];
  if (!is_proportional(constraints) || constraints.relation.sigma) return mixture;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_tied(constraints, j) && is_free(constraints.fixed_mu(j)))
      keep_from_zero(objective, allowed, mixture[j]);
  return mixture;
}

}  // namespace

Mixture feasible(const Objective& objective, const Mixture& mixture) {
  const Constraints& constraints = objective.constraints;
  Mixture result = constrained(mixture, constraints);
  if (constraints.relation.ties_sigmas()) return within_bounds(objective, result);
  double highest = 0;
  for (std::size_t j = 0; j < result.k(); ++j) {
    if (!is_free(constraints.fixed_sigma(j))) continue;
    result[j].sigma = std::max(std::min(result[j].sigma, objective.widest),
                               smallest_sigma(objective, result[j].mu));
    highest = std::max(highest, result[j].sigma);
  }
  for (std::size_t j = 0; constraints.equal_sigma && j < result.k(); ++j)
    if (is_free(constraints.fixed_sigma(j))) result[j].sigma = highest;
  return result;
}

}  // namespace gmm1d
