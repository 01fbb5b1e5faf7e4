#include "search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <optional>

#include "conclude.h"
#include "moves.h"
#include "starts.h"

namespace gmm1d {

namespace {

/// How far the search goes: one EM step for all candidates, few accelerated ones for the
/// best of them, then to the end for the best of those that are not alike.
struct Effort {
  std::size_t followed;      ///< of all candidates after one EM step, for each climbed
  int steps;                 ///< accelerated steps of these
  std::size_t climbed;       ///< how many are then climbed to the end
  std::size_t maxima;        ///< that are remembered for each k
  std::size_t parents;       ///< maxima with k - 1 components that are extended
  std::size_t insertions;    ///< into each of these
  std::size_t reinsertions;  ///< for each component that is taken out
  std::size_t swaps;         ///< of a component for one elsewhere
  int rounds;                ///< of taking each component out ...
  std::size_t improved;      ///< of one of so many maxima, the best that has not been
  std::size_t ahead;         ///< levels above k that are reduced to k again
};
/// On all points, of few observations or few cells, or of more.
constexpr Effort kFast = {3, 2, 10, 4, 2, 8, 2, 8, 1, 1, 2};
constexpr Effort kFastMore = {8, 6, 24, 10, 6, 20, 2, 60, 6, 1, 2};
constexpr double kFew = 768;
constexpr Effort kThorough = {100, 8, 24, 8, 6, 30, 10, 60, 20, 3, 2};

/// Of many points the search begins on runs of points, and goes on from the maxima that
/// were found to all of them.
struct Stages {
  double observations;  ///< for so many at most
  std::size_t runs;     ///< of equal weight, with up to three points each
  Effort coarse, fine;
};
/// The more observations there are, the less a few of them matter.
constexpr Stages kStages[] = {
    {3e4, 256, {4, 4, 12, 6, 3, 10, 2, 20, 2, 1, 1}, {4, 2, 6, 4, 2, 24, 2, 30, 2, 1, 2}},
    {1e6, 256, {2, 2, 6, 4, 2, 8, 1, 0, 0, 1, 1}, {3, 2, 4, 4, 2, 24, 1, 30, 1, 1, 1}},
    {std::numeric_limits<double>::infinity(),
     128,
     {2, 1, 4, 2, 1, 4, 1, 0, 0, 1, 1},
     {2, 1, 2, 1, 1, 2, 1, 0, 0, 1, 0}}};
constexpr Effort kThoroughFine = {100, 4, 12, 4, 4, 60, 4, 60, 5, 2, 2};

/// No run is wider than this part of the scale.
constexpr double kWidestRun = 0.25;

/// Which component obeys which constraints is improved by exchanges in at most so many
/// rounds.
constexpr int kExchangeRounds = 30;

/// A maximum that the search compares is known to this many units of the objective;
/// ridges are left after so many iterations ...
constexpr double kSearchTol = 1e-4;
constexpr int kSearchIterations = 50;
/// ... and two that are closer are one.
constexpr double kSameMaximum = 1e-3;

/// Candidates whose proportions, and means and deviations in sigmas, differ by less are
/// alike: both might climb to the same maximum, and the time is better spent on others.
constexpr double kAlike = 0.4;

/// True if every component of one ordered mixture has its like in the other.
bool alike(const Mixture& a, const Mixture& b) {
  for (std::size_t j = 0; j < a.k(); ++j) {
    const double ratio = a.sigma[j] / b.sigma[j];
    if (std::abs(a.lambda[j] - b.lambda[j]) > kAlike ||
        std::abs(a.mu[j] - b.mu[j]) > kAlike * (a.sigma[j] + b.sigma[j]) ||
        ratio > 1 + 2 * kAlike || ratio < 1 / (1 + 2 * kAlike))
      return false;
  }
  return true;
}

using Mixtures = std::vector<Mixture>;

void append(Mixtures more, Mixtures& all) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

/// Maxima with the same number of components, highest first.
using Maxima = std::vector<Candidate>;

void sort(Maxima& maxima) {
  std::stable_sort(
      maxima.begin(), maxima.end(),
      [](const Candidate& a, const Candidate& b) { return a.objective > b.objective; });
}

bool same_maximum(const Candidate& a, const Candidate& b) {
  return std::abs(a.objective - b.objective) < kSameMaximum;
}

/// The search on one set of points. Level k holds the best maxima with k components.
///
/// Level k + 1 is made from level k, and level k is settled by what is left of the levels
/// above when their components are merged. What it is settled to depends on as many
/// levels above as `ahead` says and on no more: it is the same whatever other numbers of
/// components are asked for.
class Search {
 public:
  /// `coarse` is the search on fewer points, `quick` one on the same points that does not
  /// go so far; null if there is none.
  Search(const Points& points, const EmOptions& options, const Effort& effort,
         Search* coarse, Search* quick)
      : points_(points),
        options_(rough(options)),
        effort_(effort),
        coarse_(coarse),
        quick_(quick),
        first_(std::max<std::size_t>(options_.constraints.own(), 1)),
        // Proportions that are fixed may leave nothing for more components.
        last_(free_share(options_.constraints) > 0 ? points.size : first_),
        moves_(points, options_) {
    if (coarse == nullptr) starts_.emplace(points, options_);
  }

  /// The best maxima with k components, at least as many as have constraints of their
  /// own.
  const Maxima& settled(std::size_t k) {
    while (first_ + settled_ <= k) settle(first_ + settled_);
    return level(k);
  }

 private:
  static EmOptions rough(EmOptions options) {
    options.certify = false;
    options.tol = std::max(options.tol, kSearchTol);
    options.max_iter = std::min(options.max_iter, kSearchIterations);
    return options;
  }

  Maxima& level(std::size_t k) { return levels_[k - first_]; }

  /// Reduces the levels above to k, and raises to them what is new.
  void settle(std::size_t k) {
    // One component has but one maximum.
    const std::size_t ahead =
        k == 1 && options_.constraints.own() == 0 ? 0 : effort_.ahead;
    const std::size_t above = std::max(k, std::min(k + ahead, last_));
    while (first_ + levels_.size() <= above) extend();
    for (std::size_t j = above; j > k; --j) {
      const double before = level(j - 1)[0].objective;
      reduce(level(j)[0].mixture, level(j - 1));
      const bool is_new = level(j - 1)[0].objective > before + kSameMaximum;
      for (std::size_t i = j; is_new && i <= above; ++i)
        level(i) = best_of(with_one_more(level(i - 1)[0].mixture), std::move(level(i)));
    }
    ++settled_;
  }

  /// Makes the level above the highest.
  void extend() {
    const std::size_t k = first_ + levels_.size();
    Mixtures starts = seeds(k);
    if (levels_.empty()) {
      starts = moves_.assign(starts);
    } else {
      const Maxima& parents = levels_.back();
      for (std::size_t i = 0; i < std::min(parents.size(), effort_.parents); ++i)
        append(with_one_more(parents[i].mixture), starts);
    }
    levels_.push_back(best_of(starts, quick_ ? quick_->settled(k) : Maxima{}));
    if (k > 1) improve(levels_.back());
  }

  /// The mixtures with k components from which the search begins.
  Mixtures seeds(std::size_t k) {
    Mixtures result;
    if (coarse_ != nullptr) {
      for (const Candidate& maximum : coarse_->settled(k))
        result.push_back(maximum.mixture);
    } else {
      for (; started_ < k; ++started_) result = starts_->next();
    }
    return result;
  }

  Mixtures with_one_more(const Mixture& mixture) const {
    Mixtures result = moves_.split(mixture);
    for (const Moves::Insertion& insertion :
         moves_.insertions(mixture, effort_.insertions))
      result.push_back(Moves::inserted(mixture, insertion));
    return result;
  }

  /// Rounds of taking each component out, of the best maximum that has not been improved.
  void improve(Maxima& best) const {
    const int rounds = options_.constraints.own() > 1 ? kExchangeRounds : effort_.rounds;
    Maxima tried;
    const auto is_new = [&](const Candidate& maximum) {
      return std::none_of(tried.begin(), tried.end(), [&](const Candidate& other) {
        return same_maximum(maximum, other);
      });
    };
    for (int round = 0; round < rounds; ++round) {
      const auto last = best.begin() + std::min(best.size(), effort_.improved);
      const auto next = std::find_if(best.begin(), last, is_new);
      if (next == last) break;
      tried.push_back(*next);
      Mixtures candidates = reinsertions(next->mixture);
      append(moves_.exchange(next->mixture), candidates);
      best = best_of(candidates, std::move(best));
    }
  }

  /// Each component taken out and inserted elsewhere: where the mixture without it is too
  /// low, and where the whole one is, in those of the many ways that promise most.
  Mixtures reinsertions(const Mixture& mixture) const {
    Mixtures result;
    Maxima swaps;
    const std::vector<Moves::Insertion> elsewhere =
        moves_.insertions(mixture, effort_.insertions);
    for (std::size_t j = options_.constraints.own(); j < mixture.k(); ++j) {
      const Candidate rest = em_steps(points_, moves_.without(mixture, j), 0, options_);
      for (const Moves::Insertion& insertion :
           moves_.insertions(rest.mixture, effort_.reinsertions))
        result.push_back(Moves::inserted(rest.mixture, insertion));
      for (const Moves::Insertion& insertion : elsewhere)
        swaps.push_back(
            {Moves::inserted(rest.mixture, insertion), rest.objective + insertion.gain});
    }
    sort(swaps);
    swaps.resize(std::min(swaps.size(), effort_.swaps));
    for (Candidate& swap : swaps) result.push_back(std::move(swap.mixture));
    return result;
  }

  /// Improves maxima by what is left of a mixture with one component more.
  void reduce(const Mixture& mixture, Maxima& best) const {
    Mixtures candidates = moves_.merge(mixture);
    for (std::size_t j = options_.constraints.own(); j < mixture.k(); ++j)
      candidates.push_back(moves_.without(mixture, j));
    best = best_of(candidates, std::move(best));
  }

  /// The best maxima that are known already or that the candidates lead to.
  Maxima best_of(const Mixtures& candidates, Maxima known) const {
    Maxima climbing;
    for (const Mixture& candidate : candidates)
      climbing.push_back(em_steps(points_, candidate, 1, options_));
    sort(climbing);
    climbing.resize(std::min(climbing.size(), effort_.followed * effort_.climbed));
    for (Candidate& candidate : climbing)
      candidate = accelerated_steps(points_, candidate.mixture, effort_.steps, options_);
    climbing = climbed(std::move(climbing), known);
    known.insert(known.end(), climbing.begin(), climbing.end());
    sort(known);
    known.erase(std::unique(known.begin(), known.end(), same_maximum), known.end());
    known.resize(std::min(known.size(), effort_.maxima));
    return known;
  }

  /// The maxima to which the best candidates lead that are not alike.
  Maxima climbed(Maxima candidates, const Maxima& known) const {
    sort(candidates);
    EmOptions options = options_;
    // What cannot become one of the maxima that are remembered is not climbed to the end.
    if (known.size() == effort_.maxima) options.least_objective = known.back().objective;
    const std::size_t own = options_.constraints.own();
    // From where which objective is reached.
    Maxima seen = known;
    Maxima result;
    for (const Candidate& candidate : candidates) {
      if (result.size() == effort_.climbed) break;
      const Mixture mixture = ordered(candidate.mixture, own);
      const auto leads_there = [&](const Candidate& other) {
        return candidate.objective < other.objective && alike(mixture, other.mixture);
      };
      if (std::any_of(seen.begin(), seen.end(), leads_there)) continue;
      const EmResult maximum = em(points_, mixture, options);
      seen.push_back({mixture, maximum.objective});
      result.push_back({ordered(maximum.mixture, own), maximum.objective});
    }
    return result;
  }

  const Points points_;
  const EmOptions options_;
  const Effort effort_;
  Search *const coarse_, *const quick_;
  const std::size_t first_, last_;
  const Moves moves_;
  std::optional<Starts> starts_;
  std::size_t started_ = 0;
  std::vector<Maxima> levels_;
  std::size_t settled_ = 0;  ///< how many of the levels are
};

/// What the search leads to, each k concluded once.
class Conclusions {
 public:
  Conclusions(const Points& points, const SearchOptions& options, Search& search)
      : points_(points), options_(options), search_(search) {}

  /// The result for k components. If one of them is not needed, on a ridge, the objective
  /// is that of the others: with a proportion of 0 and a sigma of s it costs nothing.
  const EmResult& operator()(std::size_t k) {
    const auto found = known_.find(k);
    if (found != known_.end()) return found->second;
    EmOptions em = options_.em;
    if (k == 1) {
      em.min_sigma = options_.single_min_sigma;
      em.of_gap = 0;
    }
    EmResult result = conclude(points_, search_.settled(k)[0].mixture, em);
    if (k > 1 && k > em.constraints.own() && result.status != Status::converged)
      result.objective = std::max(result.objective, (*this)(k - 1).objective);
    return known_.emplace(k, std::move(result)).first->second;
  }

 private:
  const Points& points_;
  const SearchOptions& options_;
  Search& search_;
  std::map<std::size_t, EmResult> known_;
};

const Stages& stages_for(const Points& points) {
  return *std::find_if(std::begin(kStages), std::end(kStages), [&](const Stages& stages) {
    return points.n <= stages.observations;
  });
}

const Effort& effort_for(const Points& points) {
  const double size =
      points.width == nullptr ? points.n : static_cast<double>(points.size);
  return size <= kFew ? kFast : kFastMore;
}

/// The search on condensed points, if these are fewer, and on all.
struct TwoSearches {
  TwoSearches(const Points& points, const Points& condensed, const EmOptions& options,
              const Stages& stages) {
    const bool few = condensed.size == points.size;
    if (!few) coarse.emplace(condensed, options, stages.coarse, nullptr, nullptr);
    fine.emplace(points, options, few ? effort_for(points) : stages.fine,
                 few ? nullptr : &*coarse, nullptr);
  }

  /// One that goes further than another on the same points.
  TwoSearches(const Points& points, const Points& condensed, const EmOptions& options,
              TwoSearches& quick) {
    const bool few = !quick.coarse;
    if (!few) coarse.emplace(condensed, options, kThorough, nullptr, &*quick.coarse);
    fine.emplace(points, options, few ? kThorough : kThoroughFine,
                 few ? nullptr : &*coarse, &*quick.fine);
  }

  std::optional<Search> coarse, fine;
};

/// The best maxima of data that are skewed to the right, if at all.
std::vector<EmResult> search_oriented(const Points& points, const std::vector<int>& ks,
                                      const SearchOptions& options) {
  const Stages& stages = stages_for(points);
  const PointSet condensed =
      gmm1d::condensed(points, stages.runs, kWidestRun * options.em.scale);
  TwoSearches quick(points, condensed.view(), options.em, stages);
  std::optional<TwoSearches> thorough;
  if (options.thorough) thorough.emplace(points, condensed.view(), options.em, quick);
  Search& search = thorough ? *thorough->fine : *quick.fine;
  Conclusions conclusions(points, options, search);
  std::vector<EmResult> results;
  for (const int k : ks) results.push_back(conclusions(static_cast<std::size_t>(k)));
  return results;
}

void reflect(Mixture& mixture) {
  for (double& mu : mixture.mu) mu = -mu;
}

SearchOptions reflected(SearchOptions options, const Points& points) {
  Constraints& constraints = options.em.constraints;
  for (double& mu : constraints.mu) mu = -mu;
  constraints.other_mu = -constraints.other_mu;
  if (options.em.ties) options.em.ties = std::make_shared<const Ties>(ties_of(points));
  return options;
}

}  // namespace

/// Data and their mirror image are searched as the one of them that is skewed to the
/// right: they have the same maxima.
std::vector<EmResult> search(const Points& points, const std::vector<int>& ks,
                             const SearchOptions& options) {
  if (skewness(points) >= 0) return search_oriented(points, ks, options);
  const PointSet mirrored = reflected(points);
  const Points image = mirrored.view();
  std::vector<EmResult> results = search_oriented(image, ks, reflected(options, image));
  for (EmResult& result : results) {
    reflect(result.mixture);
    reflect(result.narrow);
  }
  return results;
}

}  // namespace gmm1d
