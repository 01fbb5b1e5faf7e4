#pragma once

#include <vector>

#include "mixture.h"
#include "objective.h"
#include "points.h"
#include "threads.h"

namespace gmm1d {

/// A component that might be inserted, and the gain at its best proportion.
struct Insertion {
  double lambda, mu, sigma;
  double gain;
};

/// Adds the component to the mixture.
Mixture inserted(const Mixture& mixture, const Insertion& insertion);

/// Puts the component in the place of component j.
Mixture replaced(const Mixture& mixture, std::size_t j, const Insertion& insertion);

/// Finds places where the data hold more than a mixture expects.
class Insertions {
 public:
  /// Gains are computed in single precision if `is_rough` and the values are exact.
  Insertions(const Objective& objective, bool is_rough, Team& team);

  /// The `count` insertions with the largest gains, the best first. No two are near each
  /// other.
  std::vector<Insertion> best(const Mixture& mixture, std::size_t count) const;

  /// Insertions that extend a row of means without moving any of them, so that the
  /// relation still holds.
  std::vector<Insertion> in_row(const Mixture& mixture) const;

 private:
  void weigh(std::vector<Insertion>& tried, const Mixture& mixture) const;
  bool near(const Insertion& a, const Insertion& b) const;
  std::vector<Insertion> tried(const Mixture& mixture, std::size_t count) const;
  std::vector<Insertion> windows(const Mixture& mixture, std::size_t count) const;
  void constrain(Insertion& tried, const Mixture& mixture) const;
  Insertion of_window(std::size_t begin, std::size_t length) const;

  const Objective objective_;
  Team& team_;
  const Points points_;
  const Moments moments_;
  /// The weight before each point, and before each observation of the first group; the
  /// last is the weight of all.
  std::vector<double> before_point_, before_;
  std::vector<float> rough_w_;  ///< the weights in single precision, if that serves
  std::vector<double> edges_;   ///< midpoints between neighbouring points, and the ends
};

}  // namespace gmm1d
