#pragma once

#include <limits>
#include <vector>

#include "em.h"
#include "mixture.h"
#include "objective.h"
#include "points.h"

namespace gmm1d {

/// Of each component of the null, the share of the first of the two parts into which it
/// is split.
using Shares = std::vector<double>;

/// The two parts of a component, and what the objective is with them.
struct Split {
  Component parts[2];
  double objective = -std::numeric_limits<double>::infinity();
};

/// Where to begin, a share being given: the data of a component in order, gamma_i of each
/// point, cut into a run and what is left and right of it; of these the one is the first
/// part, the other the second. The run has the share of the first part and lies anywhere,
/// or that of the second and lies in the middle. Sigmas are drawn to that of the
/// component by a penalty with the given weight.
std::vector<Split> starting_splits(const Points& points, const double* gamma,
                                   const Component& component, double share,
                                   double weight);

/// What shares lead to once they are free.
struct Outcome {
  Mixture mixture;
  double objective =
      -std::numeric_limits<double>::infinity();  ///< less the penalty on the shares
};

/// The mixtures in which every component of the null is split in two, component j into
/// 2 j and 2 j + 1, and EM on them: means stay as near to their component as to its
/// neighbours, sigmas are drawn to its own by a penalty with the given weight. The second
/// part of a component that is known stays what it is.
class Splits {
 public:
  Splits(const Objective& objective, const Mixture& null, std::vector<bool> known,
         double weight);

  double weight() const { return weight_; }

  State evaluate(Mixture mixture) const;

  /// The mixture as it may be with given shares.
  Mixture feasible(Mixture mixture, const Shares& shares) const;

  /// A few accelerated steps.
  State after_steps(State state, const Shares& shares, int steps) const;

  /// To the maximum of the basin.
  State climbed(State state, const Shares& shares, const Climb& climb) const;

  /// The EM steps in which the shares are free, and the means leave their ranges.
  Outcome with_free_shares(State state) const;

 private:
  /// Where the means of the parts of a component may be: up to the middle between its own
  /// and those of its neighbours.
  struct Range {
    double low, high;
  };
  static std::vector<Range> ranges_of(const Mixture& null);

  bool is_known_part(std::size_t i) const { return i % 2 == 1 && known_[i / 2]; }
  double allowed(double sigma, double mu, std::size_t j) const;
  double in_range(double mu, std::size_t j) const;
  Component moved_part(const Component& part, const Statistics& s, std::size_t i,
                       bool is_free) const;
  State em_step(const State& state, const Shares& shares) const;
  State accelerated_step(State state, const Shares& shares) const;

  const Objective objective_;
  const Mixture& null_;
  const std::vector<bool> known_;
  const double weight_;
  const std::vector<Range> ranges_;
};

}  // namespace gmm1d
