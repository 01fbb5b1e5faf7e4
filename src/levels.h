#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "em.h"
#include "insertions.h"
#include "mixture.h"
#include "moves.h"
#include "objective.h"
#include "starts.h"

namespace gmm1d {

/// How far a search goes: one EM step for all candidates, few accelerated ones for the
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

/// Maxima with the same number of components, highest first.
using Maxima = std::vector<Candidate>;

/// The search on one set of points. Level k holds the best maxima with k components.
///
/// Level k + 1 is made from level k, and level k is settled by what is left of the levels
/// above when their components are merged. What it is settled to depends on as many
/// levels above as `ahead` says and on no more: it is the same whatever other numbers of
/// components are asked for.
class Levels {
 public:
  /// `coarse` are the levels on fewer points, `quick` those on the same points of a
  /// search that does not go so far, `unrelated` those without the relations between
  /// parameters; null if there are none.
  Levels(const Objective& objective, const Climb& climb, const Effort& effort,
         Levels* coarse, Levels* quick, Levels* unrelated = nullptr);

  /// The best maxima with k components, at least as many as have constraints of their
  /// own.
  const Maxima& settled(std::size_t k);

 private:
  using Mixtures = std::vector<Mixture>;

  Maxima& level(std::size_t k) { return levels_[k - first_]; }

  /// Reduces the levels above to k, and raises to them what is new.
  void settle(std::size_t k);

  /// Makes the level above the highest.
  void extend();

  /// The mixtures with k components from which the search begins.
  Mixtures seeds(std::size_t k);

  /// The best maxima with k components, and what is made of those with one more or less.
  Mixtures around(std::size_t k);

  Mixtures with_one_more(const Mixture& mixture) const;

  /// Rounds of taking each component out, of the best maximum that has not been improved.
  void improve(Maxima& best) const;

  /// Each component taken out and inserted elsewhere: where the mixture without it is too
  /// low, and where the whole one is, in those of the many ways that promise most.
  Mixtures reinsertions(const Mixture& mixture) const;

  /// Improves maxima by what is left of a mixture with one component more.
  void reduce(const Mixture& mixture, Maxima& best) const;

  /// The best maxima that are known already or that the candidates lead to.
  Maxima best_of(const Mixtures& candidates, Maxima known) const;

  /// The maxima to which the best candidates lead that are not alike.
  Maxima climbed(Maxima candidates, const Maxima& known) const;

  const Objective objective_;
  const Climb climb_;
  const Effort effort_;
  Levels *const coarse_, *const quick_, *const unrelated_;
  const std::size_t first_, last_;
  const Moves moves_;
  const Insertions insertions_;
  std::optional<Starts> starts_;
  std::size_t started_ = 0;
  std::vector<Maxima> levels_;
  std::size_t settled_ = 0;  ///< how many of the levels are
};

}  // namespace gmm1d
