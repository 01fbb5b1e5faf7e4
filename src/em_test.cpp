#include "em_test.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <numeric>
#include <utility>
#include <vector>

#include "normal.h"
#include "splits.h"
#include "steps.h"
#include "threads.h"

namespace gmm1d {

namespace {

/// The initial share of the first part of a split component: the set B of Chen, Li & Fu
/// (2012, section 3).
constexpr double kShares[] = {0.1, 0.3, 0.5};
constexpr std::size_t kHalf = 2;  ///< the index of 0.5

/// Up to this many components, all 3^k combinations of shares are climbed.
constexpr std::size_t kAllShares = 5;
/// With more components, the shares are improved one component at a time, in at most this
/// many sweeps.
constexpr int kSweeps = 3;

/// Starts are compared, repeatedly, after kFewSteps accelerated steps. The maxima for
/// other shares are tried as starts with kTrySteps of them.
constexpr int kFewSteps = 4, kTrySteps = 8;

/// The number of different splits that are kept for each component.
constexpr std::size_t kMostSplits = 3;
/// Splits differ if a mean, in sigmas, or the log of a sigma differs by more than this.
constexpr double kDifferent = 0.1;

/// Up to this many components, their splits are combined in all ways. With more, at most
/// one component is not split in its best way.
constexpr std::size_t kAllWays = 2;

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

double logit(double p) { return std::log(p) - std::log1p(-p); }

/// The probability that X from `own` is classified as `other`, which is where the joint
/// density of the other is larger. For the standardised X this is a quadratic inequality,
/// a z^2 + b z + c > 0.
double misclassified(const Component& own, const Component& other) {
  if (own.lambda == 0 || other.lambda == 0) return own.lambda == 0 ? 1 : 0;
  const double ratio = own.sigma / other.sigma;
  const double distance = (own.mu - other.mu) / other.sigma;
  const double a = (1 - ratio) * (1 + ratio) / 2, b = -ratio * distance;
  const double c =
      std::log(other.lambda / own.lambda) + std::log(ratio) - distance * distance / 2;
  const double square = b * b - 4 * a * c;
  if (square < 0 || (a == 0 && b == 0)) return c > 0 ? 1 : c < 0 ? 0 : 0.5;
  const double q = -(b + std::copysign(std::sqrt(square), b)) / 2;
  const double first = q / a, second = q == 0 ? 0 : c / q;
  const double low = std::min(first, second), high = std::max(first, second);
  const double between = normal_cdf(high) - normal_cdf(low);
  if (a < 0) return between;
  return normal_cdf(low) + normal_cdf(-high);
}

double overlap(const Component& a, const Component& b) {
  return (misclassified(a, b) + misclassified(b, a)) / 2;
}

/// The weight a_n of the penalty: from Chen & Li (2009, section 4) for one component, and
/// from the empirical formulas of Chen, Li & Fu (2012, section 3) for two and three. If
/// all components are known, each is treated as if it were the only one.
double tuned_weight(const Mixture& null, const std::vector<bool>& known, double n) {
  constexpr double kOfOne = 0.25;
  if (std::find(known.begin(), known.end(), false) == known.end()) return kOfOne;
  switch (null.k()) {
    case 1:
      return kOfOne;
    case 2:
      return 0.35 *
             logistic(-1.859 - 0.577 * logit(overlap(null[0], null[1])) - 60.453 / n);
    case 3:
      return 0.35 * logistic(-1.602 -
                             0.240 * (logit(overlap(null[0], null[1])) +
                                      logit(overlap(null[1], null[2]))) -
                             130.394 / n);
    default:
      return 0.2;
  }
}

/// For each component, the index of one of several things.
using Choice = std::vector<std::size_t>;

/// All ways to choose one of `sizes[j]` things for each component j.
std::vector<Choice> combinations(const Choice& sizes) {
  std::vector<Choice> choices = {{}};
  for (const std::size_t size : sizes) {
    std::vector<Choice> longer;
    for (const Choice& choice : choices)
      for (std::size_t i = 0; i < size; ++i) {
        longer.push_back(choice);
        longer.back().push_back(i);
      }
    choices = std::move(longer);
  }
  return choices;
}

/// Removes the constraints: the second part of a known component stays fixed anyway, and
/// all else is free.
Objective without_constraints(Objective objective) {
  objective.constraints = Constraints();
  return objective;
}

/// Climbs to the maxima of the alternatives from splits of the null.
class Alternatives {
 public:
  Alternatives(const Objective& objective, const Mixture& null,
               const std::vector<bool>& known)
      : sample_(objective.sample),
        null_(null),
        mixtures_(without_constraints(objective), null, known,
                  tuned_weight(null, known, objective.n())) {}

  double weight() const { return mixtures_.weight(); }
  Outcome with_free_shares(State state) const {
    return mixtures_.with_free_shares(std::move(state));
  }

  /// Finds the best ways to split each component alone, for each share.
  void look_for_splits(const Climb& climb) {
    const std::vector<double> gamma = responsibilities_of_null();
    splits_.resize(null_.k());
    for (std::size_t j = 0; j < null_.k(); ++j)
      for (const double share : kShares) {
        climb.check_interrupt();
        splits_[j].push_back(best_splits(j, share, &gamma[j * size()]));
      }
  }

  /// Climbs from the best splits with these shares to the maximum of the basin.
  State climbed(const Choice& choice, const Climb& climb) const {
    const Shares shares = shares_of(choice);
    return mixtures_.climbed(best_start(choice, shares), shares, climb);
  }

  /// Tries the maxima with other shares as starts, and climbs again if one leads higher.
  State improved(State state, const Choice& choice, const std::vector<Mixture>& others,
                 const Climb& climb) const {
    const Shares shares = shares_of(choice);
    const double before = state.objective;
    for (const Mixture& other : others) {
      State next = tried(other, shares);
      if (next.objective > state.objective) state = std::move(next);
    }
    if (!(state.objective > before)) return state;
    return mixtures_.climbed(std::move(state), shares, climb);
  }

 private:
  std::size_t size() const { return sample_.places.size; }

  static Shares shares_of(const Choice& choice) {
    Shares shares;
    for (const std::size_t place : choice) shares.push_back(kShares[place]);
    return shares;
  }

  std::vector<double> responsibilities_of_null() const {
    std::vector<double> gamma(size() * null_.k()), log_density(size());
    estep(sample_, null_, gamma.data(), log_density.data());
    return gamma;
  }

  /// The null in which each component is split into two equal halves.
  Mixture doubled_null() const {
    Mixture mixture;
    for (const Component& whole : null_.components) {
      const Component half = {whole.lambda / 2, whole.mu, whole.sigma};
      mixture.components.push_back(half);
      mixture.components.push_back(half);
    }
    return mixture;
  }

  void put(const Split& split, std::size_t j, Mixture& mixture) const {
    mixture[2 * j] = split.parts[0];
    mixture[2 * j + 1] = split.parts[1];
  }

  /// The best splits of component j, after a few steps from each start. The other
  /// components stay whole.
  std::vector<Split> best_splits(std::size_t j, double share, const double* gamma) const {
    std::vector<Split> splits =
        starting_splits(sample_.places, gamma, null_[j], share, weight());
    Shares shares(null_.k(), 0.5);
    shares[j] = share;
    for (Split& split : splits) {
      Mixture mixture = doubled_null();
      put(split, j, mixture);
      const State state = mixtures_.after_steps(
          mixtures_.evaluate(mixtures_.feasible(std::move(mixture), shares)), shares,
          kFewSteps);
      split = {{state.mixture[2 * j], state.mixture[2 * j + 1]}, state.objective};
    }
    std::stable_sort(splits.begin(), splits.end(), [](const Split& a, const Split& b) {
      return a.objective > b.objective;
    });
    std::vector<Split> kept;
    for (const Split& split : splits) {
      const bool is_known = std::any_of(kept.begin(), kept.end(), [&](const Split& one) {
        return are_alike(one, split, null_[j].sigma);
      });
      if (!is_known && kept.size() < kMostSplits) kept.push_back(split);
    }
    return kept;
  }

  static bool are_alike(const Split& a, const Split& b, double unit) {
    double most = 0;
    for (int i = 0; i < 2; ++i)
      most = std::max({most, std::abs(a.parts[i].mu - b.parts[i].mu) / unit,
                       std::abs(std::log(a.parts[i].sigma / b.parts[i].sigma))});
    return most <= kDifferent;
  }

  State tried(Mixture start, const Shares& shares) const {
    return mixtures_.after_steps(
        mixtures_.evaluate(mixtures_.feasible(std::move(start), shares)), shares,
        kTrySteps);
  }

  /// The best of the starts in which every component is split in one of its best ways.
  /// All take a few steps, then the better half takes a few more, until one is left.
  State best_start(const Choice& choice, const Shares& shares) const {
    std::vector<State> states;
    for (const Choice& ways : ways_of(choice)) {
      Mixture mixture = doubled_null();
      for (std::size_t j = 0; j < null_.k(); ++j)
        put(splits_[j][choice[j]][ways[j]], j, mixture);
      states.push_back(
          mixtures_.evaluate(mixtures_.feasible(std::move(mixture), shares)));
    }
    for (bool several = true; several; several = states.size() > 1) {
      for (State& state : states)
        state = mixtures_.after_steps(std::move(state), shares, kFewSteps);
      std::stable_sort(states.begin(), states.end(), [](const State& a, const State& b) {
        return a.objective > b.objective;
      });
      states.erase(states.begin() + (states.size() + 1) / 2, states.end());
    }
    return std::move(states[0]);
  }

  /// The ways in which each component is split: all combinations if there are few
  /// components, otherwise those in which at most one is not split in its best way.
  std::vector<Choice> ways_of(const Choice& choice) const {
    Choice sizes;
    for (std::size_t j = 0; j < null_.k(); ++j)
      sizes.push_back(splits_[j][choice[j]].size());
    std::vector<Choice> ways = combinations(sizes);
    if (null_.k() <= kAllWays) return ways;
    const auto differs = [](const Choice& one) {
      return one.size() - std::count(one.begin(), one.end(), 0u) > 1;
    };
    ways.erase(std::remove_if(ways.begin(), ways.end(), differs), ways.end());
    return ways;
  }

  const Sample& sample_;
  const Mixture& null_;
  const Splits mixtures_;
  /// By component and share, the best first.
  std::vector<std::vector<std::vector<Split>>> splits_;
};

/// The null hypothesis: its fit, penalised with weight 1 / n towards the standard
/// deviation of the data, and which components are known. Components are ordered by mu.
struct Null {
  EmResult fit;
  std::vector<bool> known;
};

Null null_of(const Objective& objective, const Mixture& found, Climb climb) {
  Objective penalised = found.k() == 1 ? of_one_component(objective) : objective;
  if (penalised.penalty.weight > 0)
    penalised.penalty.scale = moments(objective.sample.places).sd;
  climb.certify = false;
  Null result = {em(penalised, found, climb), {}};
  Mixture& mixture = result.fit.mixture;
  mixture = ordered(mixture);
  const Constraints& constraints = objective.constraints;
  for (const Component& component : mixture.components) {
    bool known = false;
    for (std::size_t j = 0; j < constraints.own(); ++j)
      known = known || (component.mu == constraints.mu[j] &&
                        component.sigma == constraints.sigma[j]);
    result.known.push_back(known);
  }
  return result;
}

/// The maxima for choices that differ from this one in the share of one component.
std::vector<Mixture> maxima_beside(const std::vector<State>& maxima,
                                   const std::vector<Choice>& choices, std::size_t at) {
  const auto differences = [&](const Choice& other) {
    return std::inner_product(other.begin(), other.end(), choices[at].begin(), 0,
                              std::plus<int>(), std::not_equal_to<std::size_t>());
  };
  std::vector<Mixture> beside;
  for (std::size_t i = 0; i < choices.size(); ++i)
    if (differences(choices[i]) == 1) beside.push_back(maxima[i].mixture);
  return beside;
}

/// The best maximum over all combinations of shares. Each combination is climbed from its
/// own splits, then from the maxima of combinations that differ in one share.
Outcome best_of_all(const Alternatives& alternatives, std::size_t k, const Climb& climb,
                    int threads) {
  const auto choices = combinations(Choice(k, std::size(kShares)));
  std::vector<State> maxima(choices.size());
  std::vector<Outcome> outcomes(choices.size());
  const auto for_each_choice = [&](const auto& f) {
    parallel_for(
        choices.size(), threads,
        [&](std::size_t i, const Check& check) {
          Climb how = climb;
          how.check_interrupt = check;
          f(i, how);
        },
        climb.check_interrupt);
  };
  for_each_choice([&](std::size_t i, const Climb& how) {
    maxima[i] = alternatives.climbed(choices[i], how);
  });
  for_each_choice([&](std::size_t i, const Climb& how) {
    outcomes[i] = alternatives.with_free_shares(alternatives.improved(
        maxima[i], choices[i], maxima_beside(maxima, choices, i), how));
  });
  return *std::max_element(
      outcomes.begin(), outcomes.end(),
      [](const Outcome& a, const Outcome& b) { return a.objective < b.objective; });
}

/// The best maximum over the combinations reached by changing one share at a time.
Outcome best_in_sweeps(const Alternatives& alternatives, std::size_t k,
                       const Climb& climb) {
  Choice choice(k, kHalf);
  State state = alternatives.climbed(choice, climb);
  Outcome best = alternatives.with_free_shares(state);
  bool changed = true;
  for (int sweep = 0; changed && sweep < kSweeps; ++sweep) {
    changed = false;
    for (std::size_t j = 0; j < k; ++j)
      for (std::size_t place = 0; place < std::size(kShares); ++place) {
        if (place == choice[j]) continue;
        Choice other = choice;
        other[j] = place;
        State next = alternatives.improved(alternatives.climbed(other, climb), other,
                                           {state.mixture}, climb);
        Outcome outcome = alternatives.with_free_shares(next);
        if (!(outcome.objective > best.objective)) continue;
        best = std::move(outcome);
        state = std::move(next);
        choice = std::move(other);
        changed = true;
      }
  }
  return best;
}

}  // namespace

EmTest em_test(const Objective& objective, const Mixture& found, const Climb& climb,
               int threads) {
  const auto [null, known] = null_of(objective, found, climb);
  const std::size_t k = null.mixture.k();
  Alternatives alternatives(objective, null.mixture, known);
  alternatives.look_for_splits(climb);
  Outcome best = k <= kAllShares ? best_of_all(alternatives, k, climb, threads)
                                 : best_in_sweeps(alternatives, k, climb);
  // The null is one of the alternatives, with all shares 1/2.
  const double statistic = std::max(0.0, 2 * (best.objective - null.loglik));
  return {null.mixture, std::move(best.mixture), alternatives.weight(), statistic};
}

}  // namespace gmm1d
