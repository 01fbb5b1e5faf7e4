#include "npmle.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "proportions.h"

namespace gmm1d {

namespace {

/// The largest number of rounds, each with new locations.
constexpr int kRounds = 60;

/// At the end, D is nowhere above 1 by more than this.
constexpr double kAbove = 5e-7;

/// From this value on, D counts as high.
constexpr double kHigh = 1.2;

/// An estimate in progress.
struct Estimate {
  Mixture mixture;
  Extra extra;

  bool has_extra() const { return !extra.log_p.empty(); }
};

/// The log-likelihoods of the observations under the noise.
std::vector<double> log_likelihoods(const Noise& noise, const Sample& sample) {
  const Group& group = sample.groups[0];
  std::vector<double> result(group.size);
  for (std::size_t i = 0; i < group.size; ++i)
    result[i] = std::visit([&](const auto& seen) { return log_within(seen, i, noise); },
                           group.seen);
  return result;
}

/// The log densities of a mixture in which some or all components may have proportion 0.
std::vector<double> log_densities_of_known(const Sample& sample, Mixture f) {
  auto& components = f.components;
  components.erase(std::remove_if(components.begin(), components.end(),
                                  [](const Component& one) { return one.lambda == 0; }),
                   components.end());
  if (!components.empty()) return log_densities(sample, f);
  std::vector<double> result = log_likelihoods(f.noise, sample);
  for (double& log_density : result) log_density += std::log(f.noise.lambda);
  return result;
}

/// The same, with an extra component.
std::vector<double> log_densities(const Sample& sample, const Mixture& f,
                                  const Extra& extra) {
  std::vector<double> result = log_densities_of_known(sample, f);
  if (!(extra.lambda > 0)) return result;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const double other = std::log(extra.lambda) + extra.log_p[i];
    const double more = std::max(result[i], other), less = std::min(result[i], other);
    result[i] = more + std::log1p(std::exp(less - more));
  }
  return result;
}

/// Finds the best proportions for the locations of an estimate, and drops locations whose
/// proportion becomes 0.
void find_best_proportions(const Locations& locations, const std::vector<double>& log_f,
                           double tolerance, Estimate& f) {
  std::vector<Locations::Ratios> columns;
  std::vector<double> lambda;
  for (const Component& one : f.mixture.components) {
    columns.push_back(locations.ratios(one.mu, log_f));
    lambda.push_back(one.lambda);
  }
  if (f.mixture.has_noise()) {
    columns.push_back(
        locations.ratios(log_likelihoods(f.mixture.noise, locations.sample()), log_f));
    lambda.push_back(f.mixture.noise.lambda);
  }
  if (f.has_extra()) {
    columns.push_back(locations.ratios(f.extra.log_p, log_f));
    lambda.push_back(f.extra.lambda);
  }
  raise_proportions(locations, std::move(columns), tolerance, lambda);
  Few<Component> kept;
  for (std::size_t j = 0; j < f.mixture.k(); ++j)
    if (lambda[j] > 0) kept.push_back({lambda[j], f.mixture[j].mu, locations.sigma()});
  if (f.has_extra()) f.extra.lambda = lambda.back();
  if (f.mixture.has_noise()) f.mixture.noise.lambda = lambda[f.mixture.k()];
  f.mixture.components = std::move(kept);
}

/// Adds locations. Where D is above `high`, the location starts with the proportion of
/// the nearest observation. Returns true if the mixture changes.
bool add_locations(const std::vector<Gradient::Top>& tops, const Locations& locations,
                   double high, Estimate& f) {
  double sum = 1;
  for (const Gradient::Top& top : tops) {
    const double lambda =
        top.value > high ? locations.weight_near(top.at) / locations.n() : 0;
    f.mixture.components.push_back({lambda, top.at, locations.sigma()});
    sum += lambda;
  }
  for (Component& component : f.mixture.components) component.lambda /= sum;
  f.mixture.noise.lambda /= sum;
  f.extra.lambda /= sum;
  f.mixture = ordered(f.mixture);
  return sum > 1;
}

double loglik_of(const Locations& locations, const std::vector<double>& log_f) {
  double sum = 0;
  for (std::size_t i = 0; i < log_f.size(); ++i) sum += locations.weights()[i] * log_f[i];
  return sum;
}

}  // namespace

Mixture cover(const Locations& locations, const Noise& noise) {
  Mixture f;
  for (const Locations::Place& place : locations.cover())
    f.components.push_back(
        {std::max(place.weight / locations.n(), std::numeric_limits<double>::min()),
         place.at, locations.sigma()});
  f.noise = {0, noise.low, noise.high};
  return f;
}

Npmle npmle(const Locations& locations, Mixture start, const Until& until, Extra extra) {
  const double above = std::min(until.tolerance / locations.n(), kAbove);
  Estimate f = {std::move(start), std::move(extra)};
  std::vector<double> log_f = log_densities(locations.sample(), f.mixture, f.extra);
  for (int round = 0;; ++round) {
    until.check_interrupt();
    find_best_proportions(locations, log_f, until.tolerance, f);
    log_f = log_densities(locations.sample(), f.mixture, f.extra);
    Gradient gradient(locations, log_f);
    std::vector<Gradient::Top> tops = gradient.tops();
    double largest =
        f.has_extra() ? locations.gradient(locations.ratios(f.extra.log_p, log_f)) : 0;
    for (const Gradient::Top& top : tops) largest = std::max(largest, top.value);
    tops.erase(std::remove_if(
                   tops.begin(), tops.end(),
                   [&](const Gradient::Top& top) { return top.value <= 1 + above / 2; }),
               tops.end());
    const double loglik = loglik_of(locations, log_f);
    const bool is_known =
        loglik > until.target ||
        loglik + locations.n() * std::log(largest) < until.target - until.tolerance;
    if (tops.empty() || is_known || round == kRounds)
      return {std::move(f.mixture), std::move(f.extra), std::move(log_f), loglik,
              std::move(gradient)};
    // Where D is high, an observation may be far from all locations. Newton's method
    // would take many steps from 0, so the location starts above it, if that leads
    // higher.
    Estimate higher = f;
    std::vector<double> of_higher = log_f;
    const bool is_other = add_locations(tops, locations, kHigh, higher);
    if (is_other)
      of_higher = log_densities(locations.sample(), higher.mixture, higher.extra);
    if (!is_other || loglik_of(locations, of_higher) > loglik) {
      f = std::move(higher);
      log_f = std::move(of_higher);
    } else {
      add_locations(tops, locations, std::numeric_limits<double>::infinity(), f);
    }
  }
}

Bound bound_by(const Npmle& f, const Locations& locations, double tolerance) {
  double largest = f.gradient.largest(tolerance);
  const auto add = [&](const std::vector<double>& log_p) {
    largest =
        std::max(largest, locations.gradient(locations.ratios(log_p, f.log_density)));
  };
  if (f.mixture.has_noise()) add(log_likelihoods(f.mixture.noise, locations.sample()));
  if (!f.extra.log_p.empty()) add(f.extra.log_p);
  return {f.loglik + locations.n() * std::log(largest), largest};
}

}  // namespace gmm1d
