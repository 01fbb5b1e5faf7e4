#include "objective.h"

#include <algorithm>
#include <cmath>

namespace gmm1d {

namespace {

/// The least sigma of a component, as a part of the width of the cell at its mean. There
/// the Gauss rules still see a normal density to 1e-3.
constexpr double kLeastOfCell = 0.5;

}  // namespace

EmOptions without_penalty(EmOptions options) {
  options.penalty = 0;
  return options;
}

double penalty(const Mixture& mixture, const EmOptions& options) {
  if (options.penalty == 0) return 0;
  double sum = 0;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_free(options.constraints.fixed_sigma(j)))
      sum += penalty(mixture.sigma[j], options);
  return sum;
}

double penalty(double sigma, const EmOptions& options) {
  if (options.penalty == 0) return 0;
  const double ratio = options.scale / sigma;
  const double log_ratio = std::log(options.scale) - std::log(sigma);  // ratio may vanish
  return options.penalty * (ratio * ratio - 1 - 2 * log_ratio);
}

double penalised_sigma(double n, double sd, const EmOptions& options, double count) {
  const double share = n / (n + 2 * count * options.penalty);  // of the data
  return std::hypot(sd * std::sqrt(share), options.scale * std::sqrt(1 - share));
}

State evaluate(const Points& points, Mixture mixture, const EmOptions& options) {
  Statistics statistics = e_step(points, mixture);
  double objective = statistics.loglik - penalty(mixture, options);
  // A mixture in which a number has overflowed is worse than any other.
  if (std::isnan(objective)) objective = -std::numeric_limits<double>::infinity();
  return {std::move(mixture), std::move(statistics), objective};
}

double smallest_sigma(const Points& points, double mu, const EmOptions& options) {
  const double gap = options.ties ? options.ties->gap_at(mu) : 0;
  return std::max({options.min_sigma, options.rounding * std::abs(mu),
                   options.of_gap * gap, kLeastOfCell * width_at(points, mu)});
}

bool is_smallest(const Points& points, const Mixture& mixture, std::size_t j,
                 const EmOptions& options) {
  return is_free(options.constraints.fixed_sigma(j)) &&
         mixture.sigma[j] <= smallest_sigma(points, mixture.mu[j], options);
}

bool reaches_floor(const Points& points, const Mixture& mixture,
                   const EmOptions& options) {
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_smallest(points, mixture, j, options)) return true;
  return false;
}

bool reaches_ceiling(const Mixture& mixture, const EmOptions& options) {
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_free(options.constraints.fixed_sigma(j)) &&
        mixture.sigma[j] >= options.max_sigma)
      return true;
  return false;
}

bool is_limited_by_cells(const Points& points, const Mixture& mixture,
                         const EmOptions& options) {
  Points values = points;
  values.width = nullptr;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_smallest(points, mixture, j, options) &&
        !is_smallest(values, mixture, j, options))
      return true;
  return false;
}

Mixture feasible(const Points& points, const Mixture& mixture, const EmOptions& options) {
  const Constraints& constraints = options.constraints;
  Mixture result = constrained(mixture, constraints);
  double highest = 0;
  for (std::size_t j = 0; j < result.k(); ++j) {
    if (!is_free(constraints.fixed_sigma(j))) continue;
    result.sigma[j] = std::max(std::min(result.sigma[j], options.max_sigma),
                               smallest_sigma(points, result.mu[j], options));
    highest = std::max(highest, result.sigma[j]);
  }
  for (std::size_t j = 0; constraints.equal_sigma && j < result.k(); ++j)
    if (is_free(constraints.fixed_sigma(j))) result.sigma[j] = highest;
  return result;
}

}  // namespace gmm1d
