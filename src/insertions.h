#pragma once

#include <vector>

#include "mixture.h"
#include "objective.h"
#include "points.h"

namespace gmm1d {

/// A component that might be inserted, and what it is worth at its best proportion.
struct Insertion {
  double lambda, mu, sigma;
  double gain;
};

/// One component more.
Mixture inserted(const Mixture& mixture, const Insertion& insertion);

/// Another one in the place of component j.
Mixture replaced(const Mixture& mixture, std::size_t j, const Insertion& insertion);

/// Where the data hold more than a mixture expects.
class Insertions {
 public:
  explicit Insertions(const Objective& objective);

  /// The `count` most promising insertions that are not near each other, the best first.
  std::vector<Insertion> best(const Mixture& mixture, std::size_t count) const;

  /// Those that make a row of means longer, none of which has to move: the relation holds
  /// with one component more.
  std::vector<Insertion> in_row(const Mixture& mixture) const;

 private:
  void weigh(std::vector<Insertion>& tried, const Mixture& mixture) const;
  bool near(const Insertion& a, const Insertion& b) const;
  std::vector<Insertion> tried(const Mixture& mixture, std::size_t count) const;
  std::vector<Insertion> windows(const Mixture& mixture, std::size_t count) const;
  void constrain(Insertion& tried, const Mixture& mixture) const;
  Insertion of_window(std::size_t begin, std::size_t length) const;

  const Objective objective_;
  const Points points_;
  const double unlabelled_;    ///< the weight of the first group
  std::vector<double> edges_;  ///< the middles between neighbouring points, and the ends
};

}  // namespace gmm1d
