#pragma once

#include <vector>

#include "em.h"
#include "mixture.h"
#include "objective.h"

namespace gmm1d {

/// Changes a mixture into mixtures with one component more or less, or in another order,
/// from which EM may climb to higher maxima.
class Moves {
 public:
  explicit Moves(const Objective& objective) : objective_(objective) {}

  /// Splits each component in turn into two halves: side by side, and one inside the
  /// other.
  std::vector<Mixture> split(const Mixture& mixture) const;

  /// Removes component j, which must have no constraints of its own. Some EM steps let
  /// the others take over its observations.
  Mixture without(const Mixture& mixture, std::size_t j) const;

  /// Merges each pair of neighbours in turn, except pairs in which both have constraints
  /// of their own.
  std::vector<Mixture> merge(const Mixture& mixture) const;

  /// Permutes the components of mixtures that have as many as there are with constraints
  /// of their own: in every order if these are few, otherwise not at all. If a relation
  /// goes by number, only the orders nearest to it are kept.
  std::vector<Mixture> assign(const std::vector<Mixture>& mixtures) const;

  /// Exchanges each pair of components for which that changes the constraints they obey.
  std::vector<Mixture> exchange(const Mixture& mixture) const;

 private:
  double distance_to_related(const Mixture& mixture) const;

  const Objective objective_;
};

}  // namespace gmm1d
