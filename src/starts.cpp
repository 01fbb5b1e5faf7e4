#include "starts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gmm1d {

namespace {

/// The smallest starting sigma for groups that were found without regard to the
/// likelihood, so that they are no spikes. It is relative to the scale that k equal
/// groups of the data would have.
constexpr double kLeastStartingSigma = 0.1;

}  // namespace

Groups quantile_groups(const Points& points, std::size_t k) {
  Groups groups(k, 0);
  double below = 0;
  for (std::size_t i = 0, g = 1; i < points.size && g < k; ++i) {
    const bool full = below >= static_cast<double>(g) * points.n / static_cast<double>(k);
    const bool last_chance = points.size - i == k - g;
    if (i > groups[g - 1] && (full || last_chance)) groups[g++] = i;
    below += points.w[i];
  }
  return groups;
}

/// The variance of a group is computed as in the M-step: the penalty counts as 2 a
/// observations with variance s^2.
Mixture from_groups(const Points& points, const Groups& groups, double least,
                    const Penalty& penalty) {
  const std::size_t k = groups.size();
  Mixture mixture;
  for (std::size_t g = 0; g < k; ++g) {
    const std::size_t begin = groups[g], end = g + 1 < k ? groups[g + 1] : points.size;
    const double n = std::accumulate(points.w + begin, points.w + end, 0.0);
    const auto [mean, sd] = moments({points.x + begin, points.w + begin, end - begin, n});
    mixture.components.push_back(
        {n / points.n, mean, std::max(penalised_sigma(n, sd, penalty), least)});
  }
  return mixture;
}

Starts::Starts(const Objective& objective)
    : Starts(objective, Runs(objective.sample.places)) {}

Starts::Starts(const Objective& objective, const Runs& runs)
    : points_(objective.sample.places),
      penalty_(objective.penalty),
      least_(objective.floor.least),
      kmeans_(points_.size, gains_of_kmeans(runs)),
      segments_(points_.size, gains_of_likelihood(runs, objective)) {}

std::vector<Mixture> Starts::next() {
  if (++k_ > points_.size) return {};
  const double least =
      std::max(kLeastStartingSigma * penalty_.scale / static_cast<double>(k_), least_);
  return {from_groups(points_, quantile_groups(points_, k_), least, penalty_),
          from_groups(points_, kmeans_.next(), least, penalty_),
          from_groups(points_, segments_.next(), least_, penalty_)};
}

std::vector<Mixture> starting_values(const Objective& objective, std::size_t k) {
  Starts starts(objective);
  for (std::size_t i = 1; i < k; ++i) starts.next();
  return starts.next();
}

}  // namespace gmm1d
