#include "choice.h"

#include <algorithm>
#include <cmath>

namespace gmm1d {

namespace {

/// A component with no more observations than this may be an outlier.
constexpr double kFewValues = 4.5;

template <class F>
std::size_t count_free(std::size_t k, F fixed) {
  std::size_t count = 0;
  for (std::size_t j = 0; j < k; ++j)
    if (is_free(fixed(j))) ++count;
  return count;
}

/// The number of free parameters of means that are not fixed.
std::size_t df_of_means(const Relation& relation, std::size_t free) {
  if (free == 0) return 0;
  switch (relation.means) {
    case Relation::Means::free:
      return free;
    case Relation::Means::equal:
      return 1;
    case Relation::Means::spaced:
      return std::min<std::size_t>(free, 2);
    case Relation::Means::symmetric:
      return std::min(free, 1 + free / 2);
    case Relation::Means::growth:
      return std::min<std::size_t>(free, 3);
    case Relation::Means::linear:
      return relation.design.empty() ? 0 : relation.design[0].size();
  }
  return free;
}

std::size_t df_of_sigmas(const Constraints& constraints, std::size_t free) {
  if (!is_free(constraints.relation.scale)) return 0;
  return are_sigmas_tied(constraints) ? std::min<std::size_t>(free, 1) : free;
}

/// The standard deviation of the mixture of the components with more than a few values,
/// or of all if there are none.
double sd_of_most(const Mixture& mixture, double n) {
  const auto& all = mixture.components;
  const auto is_large = [&](const Component& one) { return one.lambda * n > kFewValues; };
  const bool none = std::none_of(all.begin(), all.end(), is_large);
  double total = 0, mean = 0, unit = 0, square = 0;
  const auto for_each_of_most = [&](const auto& call) {
    for (const Component& one : all)
      if (none || is_large(one)) call(one);
  };
  for_each_of_most([&](const Component& one) { total += one.lambda; });
  for_each_of_most([&](const Component& one) { mean += one.lambda / total * one.mu; });
  for_each_of_most([&](const Component& one) {
    unit = std::max({unit, std::abs(one.mu - mean), one.sigma});
  });
  if (unit == 0) return 0;
  for_each_of_most([&](const Component& one) {
    const double away = (one.mu - mean) / unit, wide = one.sigma / unit;
    square += one.lambda / total * (away * away + wide * wide);
  });
  return unit * std::sqrt(square);
}

}  // namespace

int degrees_of_freedom(const Constraints& constraints, std::size_t k, bool has_noise) {
  std::size_t lambda =
      count_free(k, [&](std::size_t j) { return constraints.fixed_lambda(j); });
  if (constraints.relation.equal_lambda) lambda = std::min<std::size_t>(lambda, 1);
  const std::size_t shares = lambda + (has_noise ? 1 : 0);
  const std::size_t mu =
      count_free(k, [&](std::size_t j) { return constraints.fixed_mu(j); });
  const std::size_t sigma =
      count_free(k, [&](std::size_t j) { return constraints.fixed_sigma(j); });
  return static_cast<int>((shares > 0 ? shares - 1 : 0) +
                          df_of_means(constraints.relation, mu) +
                          df_of_sigmas(constraints, sigma));
}

double price_of_places(const Objective& objective, const Mixture& mixture) {
  const std::size_t k = mixture.k();
  if (k == 1) return 0;
  const Constraints& constraints = objective.constraints;
  // With errors, the observed spread of a component is no narrower than these.
  const Mixture seen = blurred(mixture, objective.sample);
  const double s = sd_of_most(seen, objective.n());
  double sum = 0;
  std::size_t free = 0;
  for (std::size_t j = 0; j < k; ++j) {
    if (!is_free(constraints.fixed_mu(j))) continue;
    ++free;
    sum += std::max(
        0.0, std::log(s) - std::log(static_cast<double>(k)) - std::log(seen[j].sigma));
  }
  if (free == 0) return 0;
  // Related means have fewer free places than there are components.
  const auto places = static_cast<double>(df_of_means(constraints.relation, free));
  return 2 * places / static_cast<double>(free) * sum;
}

double complexity(const Objective& objective, Criterion criterion, std::size_t k) {
  const int df = degrees_of_freedom(objective.constraints, k, objective.noise.exists());
  return df * (criterion == Criterion::aic ? 2 : std::log(objective.n()));
}

double choice(const Objective& objective, Criterion criterion, const EmResult& result) {
  const double entropy = criterion == Criterion::icl ? 2 * result.entropy : 0;
  return -2 * result.loglik + complexity(objective, criterion, result.mixture.k()) +
         entropy + result.price;
}

}  // namespace gmm1d
