#pragma once

#include <vector>

#include "em.h"
#include "mixture.h"
#include "objective.h"

namespace gmm1d {

/// From a mixture to mixtures with one component more or less, from which EM may climb to
/// higher maxima.
class Moves {
 public:
  explicit Moves(const Objective& objective) : objective_(objective) {}

  /// Each component in two halves: side by side, and one inside the other.
  std::vector<Mixture> split(const Mixture& mixture) const;

  /// Without component j, whose observations the others have taken over; one that has no
  /// constraints of its own.
  Mixture without(const Mixture& mixture, std::size_t j) const;

  /// Two neighbours in one, each pair of them in turn, but for those with constraints of
  /// their own.
  std::vector<Mixture> merge(const Mixture& mixture) const;

  /// Mixtures of as many components as have constraints of their own, in every order that
  /// these tell apart; of many components, only as they are. Where they have numbers in a
  /// relation, in the orders that are nearest to it.
  std::vector<Mixture> assign(const std::vector<Mixture>& mixtures) const;

  /// Two components in each other's place, where that changes which constraints they
  /// obey.
  std::vector<Mixture> exchange(const Mixture& mixture) const;

 private:
  double distance_to_related(const Mixture& mixture) const;

  const Objective objective_;
};

}  // namespace gmm1d
