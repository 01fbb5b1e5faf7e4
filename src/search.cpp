#include "search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "conclude.h"
#include "moves.h"
#include "starts.h"

namespace gmm1d {

namespace {

/// How far the search goes: few accelerated steps for all candidates, then to the end for
/// the best of them that are not alike.
struct Effort {
  int steps;                 ///< accelerated steps of all candidates
  std::size_t climbed;       ///< how many are climbed to the end
  std::size_t maxima;        ///< that are remembered for each k
  std::size_t insertions;    ///< into a maximum with k - 1 components
  std::size_t reinsertions;  ///< for each component that is taken out
  int rounds;                ///< of taking each component out
  std::size_t ahead;  ///< how far the path goes beyond the last k: half of it at most
};
constexpr Effort kFast = {1, 8, 2, 8, 2, 2, 2};
constexpr Effort kThorough = {8, 24, 6, 30, 10, 20, 3};
/// Beyond the last k: what is merged again need not be the best.
constexpr Effort kAhead = {1, 3, 1, 8, 0, 0, 0};

/// Which component obeys which constraints is improved by exchanges in at most so many
/// rounds.
constexpr int kExchangeRounds = 30;

/// The search runs on this many runs of points of equal weight; its best maxima are
/// climbed again on all points.
constexpr std::size_t kSearchRuns = 128;
/// By so much may condensing err in the difference of two maxima.
constexpr double kCondensedError = 1;
/// None of them is wider than this part of the scale.
constexpr double kWidestRun = 0.25;

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

void sort(std::vector<Candidate>& candidates) {
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [](const Candidate& a, const Candidate& b) { return a.objective > b.objective; });
}

/// The search on one set of points.
class Search {
 public:
  Search(const Points& points, const SearchOptions& options)
      : points_(points),
        options_(rough(options.em)),
        effort_(options.thorough ? kThorough : kFast),
        ahead_(options.thorough ? kThorough : kAhead),
        starts_(points, options_),
        moves_(points, options_) {}

  /// The path: the best maxima with as many components as have constraints of their own,
  /// at least 1, with one more, and so on, each list highest first.
  std::vector<std::vector<Candidate>> path(std::size_t last_k) {
    const std::size_t own = options_.constraints.own();
    std::vector<Mixture> starts = starts_.next();
    for (std::size_t k = 1; k < own; ++k) starts = starts_.next();
    std::vector<std::vector<Candidate>> path = {
        best_of(moves_.assign(starts), {}, effort_)};
    if (own > 0) improve(path[0], effort_);
    const std::size_t first_k = std::max<std::size_t>(own, 1);
    std::size_t end = last_k;
    // Two components are found without looking ahead.
    const bool looks_ahead =
        (last_k > 2 || own > 0) && free_share(options_.constraints) > 0;
    if (looks_ahead)
      end = std::min(last_k + std::min(effort_.ahead, last_k / 2), points_.size);
    for (std::size_t k = first_k; k < end; ++k)
      path.push_back(extend(path.back(), k < last_k ? effort_ : ahead_));
    for (std::size_t i = path.size() - 1; looks_ahead && i > 0; --i)
      reduce(path[i], path[i - 1]);
    path.resize(last_k - first_k + 1);
    return path;
  }

 private:
  static EmOptions rough(EmOptions options) {
    options.certify = false;
    options.tol = std::max(options.tol, kSearchTol);
    options.max_iter = std::min(options.max_iter, kSearchIterations);
    return options;
  }

  /// The best maxima with one component more.
  std::vector<Candidate> extend(const std::vector<Candidate>& parents,
                                const Effort& effort) {
    std::vector<Mixture> starts = starts_.next();
    for (std::size_t i = 0; i < std::min(parents.size(), effort.maxima); ++i) {
      append(moves_.insert(parents[i].mixture, effort.insertions), starts);
      append(moves_.split(parents[i].mixture), starts);
    }
    std::vector<Candidate> best = best_of(starts, {}, effort);
    improve(best, effort);
    return best;
  }

  /// Rounds of taking each component out, until nothing improves.
  void improve(std::vector<Candidate>& best, const Effort& effort) const {
    const int rounds = options_.constraints.own() > 1 ? kExchangeRounds : effort.rounds;
    for (int round = 0; round < rounds; ++round) {
      const double before = best[0].objective;
      std::vector<Mixture> candidates = reinsertions(best[0].mixture, effort);
      append(moves_.exchange(best[0].mixture), candidates);
      best = best_of(candidates, std::move(best), effort);
      if (!(best[0].objective > before + kSameMaximum)) break;
    }
  }

  /// Each component taken out and inserted anew elsewhere.
  std::vector<Mixture> reinsertions(const Mixture& mixture, const Effort& effort) const {
    std::vector<Mixture> result;
    for (std::size_t j = options_.constraints.own(); j < mixture.k(); ++j)
      append(moves_.insert(moves_.without(mixture, j), effort.reinsertions), result);
    return result;
  }

  /// Improves maxima by what is left of the best with one component more.
  void reduce(const std::vector<Candidate>& above, std::vector<Candidate>& best) const {
    const Mixture& mixture = above[0].mixture;
    std::vector<Mixture> candidates = moves_.merge(mixture);
    for (std::size_t j = options_.constraints.own(); j < mixture.k(); ++j)
      candidates.push_back(moves_.without(mixture, j));
    best = best_of(candidates, std::move(best), effort_);
  }

  /// The best maxima that are known already or that the candidates lead to.
  std::vector<Candidate> best_of(const std::vector<Mixture>& candidates,
                                 std::vector<Candidate> known,
                                 const Effort& effort) const {
    std::vector<Candidate> climbing;
    for (const Mixture& candidate : candidates)
      climbing.push_back(accelerated_steps(points_, candidate, effort.steps, options_));
    climbing = climbed(std::move(climbing), known, effort);
    known.insert(known.end(), climbing.begin(), climbing.end());
    sort(known);
    const auto same = [](const Candidate& a, const Candidate& b) {
      return a.objective - b.objective < kSameMaximum;
    };
    known.erase(std::unique(known.begin(), known.end(), same), known.end());
    known.resize(std::min(known.size(), effort.maxima));
    return known;
  }

  /// The maxima to which the best candidates lead that are not alike.
  std::vector<Candidate> climbed(std::vector<Candidate> candidates,
                                 const std::vector<Candidate>& known,
                                 const Effort& effort) const {
    sort(candidates);
    EmOptions options = options_;
    // What cannot become one of the maxima that are remembered is not climbed to the end.
    if (known.size() == effort.maxima) options.least_objective = known.back().objective;
    std::vector<Mixture> seen;
    for (const Candidate& candidate : known) seen.push_back(candidate.mixture);
    std::vector<Candidate> result;
    for (const Candidate& candidate : candidates) {
      if (result.size() == effort.climbed) break;
      const Mixture mixture = ordered(candidate.mixture, options_.constraints.own());
      const auto like = [&](const Mixture& other) { return alike(mixture, other); };
      if (std::any_of(seen.begin(), seen.end(), like)) continue;
      seen.push_back(mixture);
      EmResult maximum = em(points_, mixture, options);
      result.push_back(
          {ordered(maximum.mixture, options_.constraints.own()), maximum.objective});
    }
    return result;
  }

  static void append(std::vector<Mixture> more, std::vector<Mixture>& all) {
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }

  const Points points_;
  const EmOptions options_;
  const Effort effort_;
  const Effort ahead_;
  Starts starts_;
  const Moves moves_;
};

EmOptions uncertified(EmOptions options) {
  options.certify = false;
  return options;
}

/// The highest penalised maximum to which the candidates lead, of which those far below
/// the first are not climbed.
Mixture best_basin(const Points& points, const std::vector<Candidate>& candidates,
                   const EmOptions& options) {
  Candidate best = {{}, -std::numeric_limits<double>::infinity()};
  for (const Candidate& candidate : candidates) {
    if (candidate.objective < candidates[0].objective - kCondensedError) break;
    EmResult result = em(points, candidate.mixture, uncertified(options));
    if (best.mixture.k() == 0 || result.objective > best.objective)
      best = {std::move(result.mixture), result.objective};
  }
  return best.mixture;
}

}  // namespace

std::vector<EmResult> search(const Points& points, const std::vector<int>& ks,
                             const SearchOptions& options) {
  const std::size_t last_k = ks.back();
  const PointSet condensed = gmm1d::condensed(points, std::max(kSearchRuns, 2 * last_k),
                                              kWidestRun * options.em.scale);
  const auto path = Search(condensed.view(), options).path(last_k);
  const std::size_t first_k = last_k + 1 - path.size();
  std::vector<EmResult> results;
  for (const int k : ks) {
    EmOptions em = options.em;
    if (k == 1) em.min_sigma = options.single_min_sigma;
    results.push_back(conclude(points, best_basin(points, path[k - first_k], em), em));
  }
  return results;
}

}  // namespace gmm1d
