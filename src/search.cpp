#include "search.h"

#include <algorithm>
#include <numeric>

#include "kmeans1d.h"

namespace gmm1d {

namespace {

/// A start must not be a spike already: the least sigma of a starting group, as a part of
/// the scale that k equal groups of the data would have.
constexpr double kLeastStartingSigma = 0.1;

/// The search compares basins; the digits of their maxima are left to the climb.
constexpr double kSearchTol = 1e-3;
constexpr int kSearchIterations = 200;

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

/// The proportions, means and standard deviations of the groups.
Mixture from_groups(const Points& points, const Groups& groups,
                    const EmOptions& options) {
  const std::size_t k = groups.size();
  const double least = std::max(
      kLeastStartingSigma * options.scale / static_cast<double>(k), options.min_sigma);
  Mixture mixture;
  for (std::size_t g = 0; g < k; ++g) {
    const std::size_t begin = groups[g], end = g + 1 < k ? groups[g + 1] : points.size;
    const double n = std::accumulate(points.w + begin, points.w + end, 0.0);
    const auto [mean, sd] = moments({points.x + begin, points.w + begin, end - begin, n});
    mixture.lambda.push_back(n / points.n);
    mixture.mu.push_back(mean);
    mixture.sigma.push_back(std::max(sd, least));
  }
  return mixture;
}

/// A climb of the plain likelihood leaves its basin, contracting a component onto a few
/// points, if the penalised objective falls by more than this (the price that the penalty
/// sets on a component of sigma = s / sqrt(n)) ...
constexpr double kBasinDepth = 1;
/// ... while a component loses more than this part of its observations. The fall alone
/// does not tell: where groups lie far apart, s is far above their sigmas and the penalty
/// dear for components that are real; those keep their observations.
constexpr double kContraction = 0.25;

/// The highest penalised maximum that EM reaches from the starting values.
EmResult best_basin(const Points& points, std::size_t k, const EmOptions& options) {
  EmOptions rough = options;
  rough.tol = std::max(options.tol, kSearchTol);
  rough.max_iter = std::min(options.max_iter, kSearchIterations);
  EmResult best{};
  for (const Mixture& start : starting_values(points, k, options)) {
    EmResult result = em(points, start, rough);
    if (best.mixture.k() == 0 || result.objective > best.objective)
      best = std::move(result);
  }
  return best;
}

bool leaves_basin(const EmResult& basin, const EmResult& plain,
                  const EmOptions& options) {
  if (reaches_floor(plain.mixture, options)) return true;
  const double objective = plain.loglik - penalty(plain.mixture, options);
  if (objective >= basin.objective - kBasinDepth) return false;
  for (std::size_t j = 0; j < basin.mixture.k(); ++j)
    if (plain.mixture.lambda[j] < (1 - kContraction) * basin.mixture.lambda[j])
      return true;
  return false;
}

}  // namespace

std::vector<Mixture> starting_values(const Points& points, std::size_t k,
                                     const EmOptions& options) {
  return {from_groups(points, quantile_groups(points, k), options),
          from_groups(points, kmeans1d(points, k), options)};
}

EmResult search(const Points& points, std::size_t k, const EmOptions& options) {
  const EmResult basin = best_basin(points, k, options);
  EmResult plain = em(points, basin.mixture, without_penalty(options));
  const bool left = options.penalty > 0 && leaves_basin(basin, plain, options);
  return left ? em(points, basin.mixture, options) : plain;
}

}  // namespace gmm1d
