#include "splits.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gmm1d {

namespace {

/// The number K of EM steps in which shares are free (Chen, Li & Fu 2012, section 3).
constexpr int kFreeSteps = 3;

/// A climb takes at most this many accelerated steps.
constexpr int kMostSteps = 500;
/// A climb ends when a step gains less than this, in units of the log-likelihood.
constexpr double kLeastGain = 1e-7;

/// The longest leap of the acceleration, in EM steps.
constexpr double kLongestLeap = 256;

/// The share b of the first part that maximises
///   first log(b) + second log(1 - b) + log(1 - |1 - 2 b|).
double best_share(double first, double second) {
  const double n = first + second;
  if (!(n > 0)) return 0.5;
  return first <= second ? std::min((first + 1) / (n + 1), 0.5)
                         : std::max(first / (n + 1), 0.5);
}

double penalty_on_share(double share) { return -std::log1p(-std::abs(1 - 2 * share)); }

void set_lambda(Mixture& mixture, std::size_t j, double lambda, double share) {
  mixture[2 * j].lambda = lambda * share;
  mixture[2 * j + 1].lambda = lambda * (1 - share);
}

/// The sums of w, w z and w z^2, where z is the distance from the mean of the component
/// in its sigmas.
struct Sums {
  double n = 0, first = 0, second = 0;

  void add(double w, double z) {
    n += w;
    first += w * z;
    second += w * z * z;
  }
};

/// A component and its data: gamma_i of each point.
struct Whole {
  const Component& component;
  const Points& points;
  const double* gamma;
  double weight;  ///< of the penalty

  Component part_of(const Sums& sums) const {
    const auto [lambda, mu, sigma] = component;
    if (!(sums.n > 0)) return {lambda / 2, mu, sigma};
    const double mean = sums.first / sums.n;
    const double variance = std::max(0.0, sums.second / sums.n - mean * mean);
    return {lambda / 2, mu + mean * sigma,
            penalised_sigma(sums.n, std::sqrt(variance) * sigma, {weight, sigma})};
  }

  /// Cuts out the run of the data that holds the part `share` of them and begins where
  /// the part `begin` lies below. The first part of the split is the run, the second all
  /// others.
  Split cut(double begin, double share) const {
    double n = 0;
    for (std::size_t i = 0; i < points.size; ++i) n += points.w[i] * gamma[i];
    const double low = begin * n, high = (begin + share) * n;
    Sums run, others;
    double below = 0;
    for (std::size_t i = 0; i < points.size; ++i) {
      const double w = points.w[i] * gamma[i];
      if (!(w > 0)) continue;
      const double z = (points.x[i] - component.mu) / component.sigma;
      const double within =
          std::max(0.0, std::min(below + w, high) - std::max(below, low));
      run.add(within, z);
      others.add(std::max(0.0, w - within), z);
      below += w;
    }
    return {{part_of(run), part_of(others)}};
  }
};

}  // namespace

std::vector<Split> starting_splits(const Points& points, const double* gamma,
                                   const Component& component, double share,
                                   double weight) {
  constexpr double kPlaces[] = {0, 0.25, 0.5, 0.75, 1};
  const Whole whole = {component, points, gamma, weight};
  std::vector<Split> splits;
  for (const double place : kPlaces)
    splits.push_back(whole.cut(place * (1 - share), share));
  Split middle = whole.cut(share / 2, 1 - share);
  std::swap(middle.parts[0], middle.parts[1]);
  splits.push_back(middle);
  return splits;
}

Splits::Splits(const Objective& objective, const Mixture& null, std::vector<bool> known,
               double weight)
    : objective_(without_penalty(objective)),
      null_(null),
      known_(std::move(known)),
      weight_(weight),
      ranges_(ranges_of(null)) {}

std::vector<Splits::Range> Splits::ranges_of(const Mixture& null) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<Range> ranges(null.k(), {-kInfinity, kInfinity});
  for (std::size_t j = 1; j < null.k(); ++j)
    ranges[j - 1].high = ranges[j].low = null[j - 1].mu / 2 + null[j].mu / 2;
  return ranges;
}

State Splits::evaluate(Mixture mixture) const {
  State state = gmm1d::evaluate(objective_, std::move(mixture));
  for (std::size_t i = 0; i < state.mixture.k(); ++i)
    if (!is_known_part(i))
      state.objective -=
          penalty_on(state.mixture[i].sigma, {weight_, null_[i / 2].sigma});
  return state;
}

/// The sigma, raised to the smallest allowed; that of the null is always allowed.
double Splits::allowed(double sigma, double mu, std::size_t j) const {
  return std::max(sigma, std::min(smallest_sigma(objective_, mu), null_[j].sigma));
}

double Splits::in_range(double mu, std::size_t j) const {
  return std::min(std::max(mu, ranges_[j].low), ranges_[j].high);
}

/// The new part that the M-step computes from statistics about its mean, with
///   sigma^2 = (s0 var + 2 a sigma_j^2) / (s0 + 2 a).
Component Splits::moved_part(const Component& part, const Statistics& s, std::size_t i,
                             bool is_free) const {
  const std::size_t j = i / 2;
  const double n = s.s0[i];
  if (is_known_part(i)) return part;
  if (!(n + 2 * weight_ > 0)) return part;
  Component next = part;
  double variance = 0;
  if (n > 0) {
    const double shift = s.s1[i] / n;
    next.mu = part.mu + part.sigma * shift;
    if (!is_free) next.mu = in_range(next.mu, j);
    const double moved = (next.mu - part.mu) / part.sigma;
    variance = std::max(0.0, s.s2[i] / n - moved * (2 * shift - moved));
  }
  const double sd = part.sigma * std::sqrt(variance);
  const double sigma = penalised_sigma(n, sd, {weight_, null_[j].sigma});
  next.sigma = allowed(sigma, next.mu, j);
  return next;
}

/// An EM step with given shares, in which means stay in their ranges.
State Splits::em_step(const State& state, const Shares& shares) const {
  const Statistics& s = state.statistics;
  Mixture next = state.mixture;
  for (std::size_t i = 0; i < next.k(); ++i) next[i] = moved_part(next[i], s, i, false);
  for (std::size_t j = 0; j < null_.k(); ++j)
    set_lambda(next, j, (s.s0[2 * j] + s.s0[2 * j + 1]) / s.n, shares[j]);
  return evaluate(std::move(next));
}

/// Takes two EM steps, and then leaps along them if that leads higher.
State Splits::accelerated_step(State state, const Shares& shares) const {
  const State one = em_step(state, shares);
  State two = em_step(one, shares);
  auto there = leap(state.mixture, one.mixture, two.mixture, kLongestLeap, objective_);
  if (there) {
    State far = evaluate(feasible(*std::move(there), shares));
    if (far.objective > two.objective) two = std::move(far);
  }
  return two.objective > state.objective ? std::move(two) : std::move(state);
}

Mixture Splits::feasible(Mixture mixture, const Shares& shares) const {
  for (std::size_t i = 0; i < mixture.k(); ++i) {
    if (is_known_part(i)) {
      mixture[i].mu = null_[i / 2].mu;
      mixture[i].sigma = null_[i / 2].sigma;
      continue;
    }
    mixture[i].mu = in_range(mixture[i].mu, i / 2);
    mixture[i].sigma = allowed(mixture[i].sigma, mixture[i].mu, i / 2);
  }
  double sum = 0;
  for (const Component& part : mixture.components) sum += part.lambda;
  for (std::size_t j = 0; j < null_.k(); ++j)
    set_lambda(mixture, j, (mixture[2 * j].lambda + mixture[2 * j + 1].lambda) / sum,
               shares[j]);
  return mixture;
}

State Splits::climbed(State state, const Shares& shares, const Climb& climb) const {
  for (int i = 0; i < kMostSteps; ++i) {
    climb.check_interrupt();
    const double before = state.objective;
    state = accelerated_step(std::move(state), shares);
    if (!(state.objective - before > kLeastGain)) break;
  }
  return state;
}

State Splits::after_steps(State state, const Shares& shares, int steps) const {
  for (int i = 0; i < steps; ++i) state = accelerated_step(std::move(state), shares);
  return state;
}

Outcome Splits::with_free_shares(State state) const {
  Shares shares(null_.k());
  for (int step = 0; step < kFreeSteps; ++step) {
    const Statistics& s = state.statistics;
    Mixture next = state.mixture;
    for (std::size_t i = 0; i < next.k(); ++i) next[i] = moved_part(next[i], s, i, true);
    for (std::size_t j = 0; j < null_.k(); ++j) {
      const double first = s.s0[2 * j], second = s.s0[2 * j + 1];
      shares[j] = best_share(first, second);
      set_lambda(next, j, (first + second) / s.n, shares[j]);
    }
    state = evaluate(std::move(next));
  }
  double objective = state.objective;
  for (const double share : shares) objective -= penalty_on_share(share);
  return {std::move(state.mixture), objective};
}

}  // namespace gmm1d
