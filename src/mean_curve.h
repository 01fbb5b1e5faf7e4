#pragma once

#include <vector>

#include "constraints.h"
#include "gmm1d_types.h"  // for Armadillo; nothing of R
#include "mixture.h"

namespace gmm1d {

/// The means that are not fixed, as a function of the numbers that are free: those of a
/// relation, or the means themselves. Means are counted from `zero`.
class MeanCurve {
 public:
  /// Components that are in a row are in the order of their means in this mixture.
  MeanCurve(const Constraints& constraints, const Mixture& mixture);

  /// The components, in the order of the entries of all vectors here.
  const std::vector<std::size_t>& members() const { return members_; }
  double zero() const { return zero_; }

  /// How many numbers are free.
  arma::uword size() const;

  /// The numbers whose means are nearest to others, by weighted squares.
  arma::vec nearest(const arma::vec& target, const arma::vec& weight) const;
  /// The same from numbers that are near.
  arma::vec nearer(const arma::vec& numbers, const arma::vec& target,
                   const arma::vec& weight) const;
  /// Those of a mixture that is on the curve.
  arma::vec at(const Mixture& mixture) const;

  arma::vec means(const arma::vec& numbers) const;
  /// The derivatives of the means, a column for each number.
  arma::mat slope(const arma::vec& numbers) const;
  /// The sum of f_i times the second derivatives of mean i.
  arma::mat bend(const arma::vec& numbers, const arma::vec& f) const;

  /// Puts the means into a mixture.
  void place(const arma::vec& numbers, Mixture& mixture) const;

 private:
  arma::vec nearest_growth(const arma::vec& target, const arma::vec& weight) const;
  arma::vec improved_growth(arma::vec numbers, const arma::vec& target,
                            const arma::vec& weight) const;
  /// The design of a growth curve whose increments have a ratio of exp(log_ratio).
  arma::mat growth_design(double log_ratio) const;

  std::vector<std::size_t> members_;
  double zero_ = 0;
  arma::mat design_;  ///< of what is linear
  arma::vec offset_;
  bool are_free_ = false, is_growth_ = false;
  bool is_pinned_ = false;  ///< one of the means is held
  arma::uword pinned_ = 0;  ///< which of the members, if one is
};

}  // namespace gmm1d
