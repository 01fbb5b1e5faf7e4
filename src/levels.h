#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "em.h"
#include "insertions.h"
#include "mixture.h"
#include "moves.h"
#include "objective.h"
#include "starts.h"
#include "threads.h"

namespace gmm1d {

/// The extent of a search. All candidates take one EM step, the best of these a few
/// accelerated steps, and the best of those that are not alike are climbed to the end.
struct Effort {
  std::size_t followed;      ///< kept after one EM step, for each that is climbed
  int steps;                 ///< accelerated steps that these take
  std::size_t climbed;       ///< how many are then climbed to the end
  std::size_t maxima;        ///< that are kept for each k
  std::size_t parents;       ///< maxima with k - 1 components that are extended
  std::size_t insertions;    ///< into each of these
  std::size_t reinsertions;  ///< for each component that is removed
  std::size_t swaps;         ///< candidates in which a component is moved elsewhere
  int rounds;                ///< of removing each component in turn; k - 2 are enough
  std::size_t improved;      ///< how many of the best maxima may be improved
  std::size_t ahead;         ///< levels above k that are reduced to k again, at most
};

/// The data in about this many runs of points, or all, for a search that needs no more.
SampleSet outline(const Objective& objective, std::size_t runs);

/// Maxima with the same number of components, highest first.
using Maxima = std::vector<Candidate>;

/// The search on one set of points. Level k holds the best maxima with k components.
///
/// Level k + 1 is made from level k. Level k is then settled by merging components of the
/// levels above. It depends on a few levels above and no more, so the result for k is the
/// same whatever other numbers of components are asked for.
class Levels {
 public:
  /// `coarse` are the levels on fewer points, `quick` those of a less extensive search on
  /// the same points, and `unrelated` those without relations between parameters. Each
  /// may be null. The result does not depend on the number of threads in the team.
  Levels(const Objective& objective, const Climb& climb, const Effort& effort, Team& team,
         Levels* coarse, Levels* quick, Levels* unrelated = nullptr);

  /// Continues the levels up to k, all of which but perhaps the last are settled, by a
  /// search of another extent.
  Levels(const Levels& levels, std::size_t k, const Effort& effort, Levels* quick);

  /// The best maxima with k components. k must be at least the number of components with
  /// constraints of their own.
  const Maxima& settled(std::size_t k);

  /// The same when all smaller levels are settled, but level k itself need not be.
  const Maxima& unsettled(std::size_t k);

  /// True if settling level k looks at levels above.
  bool looks_ahead(std::size_t k) const { return ahead(k) > 0 && k < last_; }

 private:
  using Mixtures = std::vector<Mixture>;

  Maxima& level(std::size_t k) { return levels_[k - first_]; }

  /// Reduces the levels above to k, and extends new maxima upwards again.
  void settle(std::size_t k);

  /// Makes the next level.
  void extend();

  /// The mixtures with k components from which the search starts.
  Mixtures seeds(std::size_t k);

  /// The mixtures of k groups of the data.
  const Mixtures& starts(std::size_t k);

  /// The best maxima with k components, and mixtures made from those with one more or
  /// less.
  Mixtures around(std::size_t k);

  Mixtures with_one_more(const Mixture& mixture) const;

  /// Improves the maxima in rounds. Each round removes each component in turn from the
  /// best maximum that has not been improved.
  void improve(Maxima& best) const;

  /// Removes each component and inserts it elsewhere: where the mixture without it
  /// expects too little, or where the whole mixture does. Of the many ways, only the most
  /// promising are kept.
  Mixtures reinsertions(const Mixture& mixture) const;

  /// Improves maxima by mixtures that result when one component is merged or removed.
  void reduce(const Mixture& mixture, Maxima& best) const;

  /// The best maxima among those known and those that the candidates lead to.
  Maxima best_of(const Mixtures& candidates, Maxima known) const;

  /// The candidates that are not like a higher one or a known maximum.
  std::vector<State> leading(std::vector<State> racing, const Maxima& known) const;

  /// Calls f(0), ..., f(n - 1), each in a thread of the team.
  void for_each(std::size_t n, const std::function<void(std::size_t)>& f) const;

  /// Climbs from the best candidates that are not alike, `most` at most.
  Maxima climbed(Maxima candidates, const Maxima& known, std::size_t most) const;

  /// The number of candidates to climb from, and of levels to look ahead. One component
  /// has only one maximum, and few components have few.
  std::size_t climbs(std::size_t k) const { return std::min(effort_.climbed, k * k); }
  std::size_t ahead(std::size_t k) const {
    return std::min(effort_.ahead, (std::max<std::size_t>(k, 2) - 2) / 2);
  }

  const Objective objective_, rough_;
  const bool is_rough_;
  const Climb climb_;
  const Effort effort_;
  Team& team_;
  Levels *const coarse_, *const quick_, *const unrelated_;
  const std::size_t first_, last_;
  const bool is_continued_ = false;
  const Moves moves_;
  const Insertions insertions_;
  std::optional<PointSet> outline_;  ///< the places of the data in few points
  std::optional<Starts> starts_;     ///< of these
  std::vector<Mixtures> started_;
  std::vector<Maxima> levels_;
  std::size_t settled_ = 0;  ///< the number of levels that are settled
};

}  // namespace gmm1d
