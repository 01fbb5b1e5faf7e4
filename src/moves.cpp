#include "moves.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace gmm1d {

namespace {

/// All orders are tried of up to kMostPermuted components (24 orders). If a relation goes
/// by number, those of up to kMostRelated (5,040) are compared, and the kKeptOrders
/// nearest to the relation are kept.
constexpr std::size_t kMostPermuted = 4, kMostRelated = 7, kKeptOrders = 24;

/// The number of EM steps in which the others take over from a removed component.
constexpr int kTakeOver = 2;

void erase(Mixture& mixture, std::size_t j) {
  mixture.components.erase(mixture.components.begin() + static_cast<std::ptrdiff_t>(j));
}

}  // namespace

/// Keeps the variance: that of the two halves together is that of the whole.
std::vector<Mixture> Moves::split(const Mixture& mixture) const {
  std::vector<Mixture> result;
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    const Sample& sample = objective_.sample;
    const double lambda = mixture[j].lambda / 2, mu = mixture[j].mu,
                 spread = blurred(mixture[j].sigma, sample);
    const auto half = [&](double shift, double part) {
      return Component{
          lambda, mu + shift * spread,
          std::max(sharpened(part * spread, sample), objective_.floor.least)};
    };
    const auto add = [&](double shift, double part1, double part2) {
      Mixture two = mixture;
      two[j] = half(-shift, part1);
      two.components.push_back(half(shift, part2));
      result.push_back(std::move(two));
    };
    add(0.8, 0.6, 0.6);
    add(0, 0.5, std::sqrt(1.75));
  }
  return result;
}

Mixture Moves::without(const Mixture& mixture, std::size_t j) const {
  Mixture rest = mixture;
  erase(rest, j);
  double sum = 0;
  for (const Component& component : rest.components) sum += component.lambda;
  for (Component& component : rest.components)
    component.lambda *= (1 - rest.noise.lambda) / sum;
  return em_steps(objective_, rest, kTakeOver).mixture;
}

/// Keeps the mean and the variance of the two together.
std::vector<Mixture> Moves::merge(const Mixture& mixture) const {
  const std::size_t own = objective_.constraints.own();
  std::vector<std::size_t> order(mixture.k());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return mixture[a].mu < mixture[b].mu;
  });
  std::vector<Mixture> result;
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    const auto [kept, taken] = std::minmax(order[i], order[i + 1]);
    if (taken < own) continue;
    const double lambda = mixture[kept].lambda + mixture[taken].lambda;
    const double part = mixture[taken].lambda / lambda;
    const double distance = mixture[taken].mu - mixture[kept].mu;
    Mixture one = mixture;
    one[kept].lambda = lambda;
    one[kept].mu += part * distance;
    one[kept].sigma = std::hypot(std::sqrt(1 - part) * mixture[kept].sigma,
                                 std::sqrt(part) * mixture[taken].sigma,
                                 std::sqrt(part * (1 - part)) * distance);
    erase(one, taken);
    result.push_back(std::move(one));
  }
  return result;
}

std::vector<Mixture> Moves::assign(const std::vector<Mixture>& mixtures) const {
  const std::size_t own = objective_.constraints.own();
  const bool by_number = objective_.constraints.relation.is_by_number();
  if (own < 2 || own > (by_number ? kMostRelated : kMostPermuted)) return mixtures;
  std::vector<std::size_t> order(own);
  std::vector<Mixture> result;
  for (const Mixture& mixture : mixtures) {
    std::vector<std::pair<double, Mixture>> all;
    std::iota(order.begin(), order.end(), 0);
    do {
      Mixture permuted = mixture;
      for (std::size_t j = 0; j < own; ++j) permuted[j] = mixture[order[j]];
      const double away = by_number ? distance_to_related(permuted) : 0;
      all.emplace_back(away, std::move(permuted));
    } while (std::next_permutation(order.begin(), order.end()));
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < std::min(all.size(), kKeptOrders); ++i)
      result.push_back(std::move(all[i].second));
  }
  return result;
}

/// The distance from a mixture to the nearest one that satisfies the relations, in
/// sigmas.
double Moves::distance_to_related(const Mixture& mixture) const {
  const Mixture nearest = constrained(mixture, objective_.constraints);
  double sum = 0;
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    const double unit = blurred(mixture[j].sigma, objective_.sample);
    const double mu = (nearest[j].mu - mixture[j].mu) / unit;
    const double sigma = std::log(blurred(nearest[j].sigma, objective_.sample) / unit);
    sum += mixture[j].lambda * (mu * mu + 2 * sigma * sigma);
  }
  return sum;
}

std::vector<Mixture> Moves::exchange(const Mixture& mixture) const {
  const Constraints& constraints = objective_.constraints;
  std::vector<Mixture> result;
  for (std::size_t a = 0; a < constraints.own(); ++a)
    for (std::size_t b = a + 1; b < mixture.k(); ++b) {
      if (are_alike(constraints, a, b)) continue;
      Mixture other = mixture;
      std::swap(other[a], other[b]);
      result.push_back(std::move(other));
    }
  return result;
}

}  // namespace gmm1d
