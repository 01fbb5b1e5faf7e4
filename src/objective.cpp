#include "objective.h"

#include <algorithm>
#include <cmath>

namespace gmm1d {

namespace {

/// The least sigma of a component, as a part of the width of the cell at its mean. There
/// the Gauss rules still see a normal density to 1e-3.
constexpr double kLeastOfCell = 0.5;

}  // namespace

Objective without_penalty(Objective objective) {
  objective.penalty.weight = 0;
  return objective;
}

Objective reflected(const Objective& objective, const Sample& mirrored) {
  Objective result = objective;
  result.sample = mirrored;
  for (double& mu : result.constraints.mu) mu = -mu;
  result.constraints.other_mu = -result.constraints.other_mu;
  if (result.floor.ties)
    result.floor.ties = std::make_shared<const Ties>(ties_of(mirrored));
  return result;
}

double penalty_on(const Mixture& mixture, const Objective& objective) {
  if (objective.penalty.weight == 0) return 0;
  double sum = 0;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_free(objective.constraints.fixed_sigma(j)))
      sum += penalty_on(mixture[j].sigma, objective.penalty);
  return sum;
}

double penalty_on(double sigma, const Penalty& penalty) {
  if (penalty.weight == 0) return 0;
  const double ratio = penalty.scale / sigma;
  const double log_ratio = std::log(penalty.scale) - std::log(sigma);  // ratio may vanish
  return penalty.weight * (ratio * ratio - 1 - 2 * log_ratio);
}

double penalised_sigma(double n, double sd, const Penalty& penalty, double count) {
  const double share = n / (n + 2 * count * penalty.weight);  // of the data
  return std::hypot(sd * std::sqrt(share), penalty.scale * std::sqrt(1 - share));
}

State evaluate(const Objective& objective, Mixture mixture) {
  Statistics statistics = e_step(objective.sample, mixture);
  double value = statistics.loglik - penalty_on(mixture, objective);
  // A mixture in which a number has overflowed is worse than any other.
  if (std::isnan(value)) value = -std::numeric_limits<double>::infinity();
  return {std::move(mixture), std::move(statistics), value};
}

double smallest_sigma(const Objective& objective, double mu) {
  const Floor& floor = objective.floor;
  const double gap = floor.ties ? floor.ties->gap_at(mu) : 0;
  return std::max({floor.least, floor.of_mean * std::abs(mu), floor.of_gap * gap,
                   kLeastOfCell * width_at(objective.sample.places, mu)});
}

bool is_smallest(const Objective& objective, const Mixture& mixture, std::size_t j) {
  return is_free(objective.constraints.fixed_sigma(j)) &&
         mixture[j].sigma <= smallest_sigma(objective, mixture[j].mu);
}

bool reaches_floor(const Objective& objective, const Mixture& mixture) {
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_smallest(objective, mixture, j)) return true;
  return false;
}

bool reaches_ceiling(const Objective& objective, const Mixture& mixture) {
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_free(objective.constraints.fixed_sigma(j)) &&
        mixture[j].sigma >= objective.ceiling)
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

Mixture feasible(const Objective& objective, const Mixture& mixture) {
  const Constraints& constraints = objective.constraints;
  Mixture result = constrained(mixture, constraints);
  double highest = 0;
  for (std::size_t j = 0; j < result.k(); ++j) {
    if (!is_free(constraints.fixed_sigma(j))) continue;
    result[j].sigma = std::max(std::min(result[j].sigma, objective.ceiling),
                               smallest_sigma(objective, result[j].mu));
    highest = std::max(highest, result[j].sigma);
  }
  for (std::size_t j = 0; constraints.equal_sigma && j < result.k(); ++j)
    if (is_free(constraints.fixed_sigma(j))) result[j].sigma = highest;
  return result;
}

}  // namespace gmm1d
