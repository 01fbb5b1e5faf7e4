#pragma once

#include <vector>

#include "em.h"
#include "mixture.h"
#include "objective.h"
#include "points.h"

namespace gmm1d {

/// From a mixture to mixtures with one component more or less, from which EM may climb to
/// higher maxima.
class Moves {
 public:
  explicit Moves(const Objective& objective);

  /// A component that might be inserted, and what it is worth at its best proportion.
  struct Insertion {
    double lambda, mu, sigma;
    double gain;
  };

  /// The `count` most promising insertions that are not near each other, the best first.
  std::vector<Insertion> insertions(const Mixture& mixture, std::size_t count) const;

  /// One component more.
  static Mixture inserted(const Mixture& mixture, const Insertion& insertion);

  /// Another one in the place of component j.
  static Mixture replaced(const Mixture& mixture, std::size_t j,
                          const Insertion& insertion);

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
  bool near(const Insertion& a, const Insertion& b) const;
  std::vector<Insertion> tried(const Mixture& mixture, std::size_t count) const;
  std::vector<Insertion> windows(const Mixture& mixture, std::size_t count) const;
  double distance_to_related(const Mixture& mixture) const;
  void constrain(Insertion& tried, const Mixture& mixture) const;
  Insertion of_window(std::size_t begin, std::size_t length) const;

  const Objective objective_;
  const Points points_;
  const double unlabelled_;    ///< the weight of the first group
  std::vector<double> edges_;  ///< the middles between neighbouring points, and the ends
};

}  // namespace gmm1d
