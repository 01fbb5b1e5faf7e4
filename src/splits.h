#pragma once

#include <limits>
#include <vector>

#include "em.h"
#include "mixture.h"
#include "objective.h"
#include "points.h"

namespace gmm1d {

/// For each component of the null, the share of the first of its two parts.
using Shares = std::vector<double>;

/// The two parts of a component, and the objective with them.
struct Split {
  Component parts[2];
  double objective = -std::numeric_limits<double>::infinity();
};

/// Starting values for a split with a given share. The data of a component, gamma_i of
/// each point, are sorted and cut into a run and everything to its left and right. One of
/// these becomes the first part, the other the second. The run either has the share of
/// the first part and lies anywhere, or has the share of the second and lies in the
/// middle. A penalty with the given weight draws the sigmas to that of the component.
std::vector<Split> starting_splits(const Points& points, const double* gamma,
                                   const Component& component, double share,
                                   double weight);

/// Where a start leads once the shares are free.
struct Outcome {
  Mixture mixture;
  double objective =
      -std::numeric_limits<double>::infinity();  ///< minus the penalty on the shares
};

/// Mixtures in which each component j of the null is split into 2 j and 2 j + 1, and EM
/// on them. A mean stays within the range of its component, which ends halfway to the
/// neighbours. A penalty with the given weight draws the sigmas to that of the component.
/// The second part of a known component stays fixed.
class Splits {
 public:
  Splits(const Objective& objective, const Mixture& null, std::vector<bool> known,
         double weight);

  double weight() const { return weight_; }

  State evaluate(Mixture mixture) const;

  /// The nearest mixture that is allowed with the given shares.
  Mixture feasible(Mixture mixture, const Shares& shares) const;

  /// Takes a few accelerated steps.
  State after_steps(State state, const Shares& shares, int steps) const;

  /// Climbs to the maximum of the basin.
  State climbed(State state, const Shares& shares, const Climb& climb) const;

  /// Takes the last EM steps, in which shares are free and means may leave their ranges.
  Outcome with_free_shares(State state) const;

 private:
  /// The range for the means of the parts of a component: up to the midpoints between its
  /// mean and those of its neighbours.
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
