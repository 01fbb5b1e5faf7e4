#pragma once

#include <vector>

#include "constraints.h"
#include "gmm1d_types.h"  // for Armadillo only
#include "mixture.h"

namespace gmm1d {

/// The means that are not fixed, as a function of the free numbers: the parameters of a
/// relation, or the means themselves. Means are measured from `zero`.
class MeanCurve {
 public:
  /// Components in a row are ordered by their means in this mixture.
  MeanCurve(const Constraints& constraints, const Mixture& mixture);

  /// The components in the order in which all vectors here store them.
  const std::vector<std::size_t>& members() const { return members_; }
  double zero() const { return zero_; }

  /// The number of free numbers.
  arma::uword size() const;

  /// The numbers whose means are nearest to the target, by weighted least squares.
  arma::vec nearest(const arma::vec& target, const arma::vec& weight) const;
  /// The same, starting from numbers that are near.
  arma::vec nearer(const arma::vec& numbers, const arma::vec& target,
                   const arma::vec& weight) const;
  /// The numbers of a mixture that lies on the curve.
  arma::vec at(const Mixture& mixture) const;

  arma::vec means(const arma::vec& numbers) const;
  /// The derivatives of the means, one column for each number.
  arma::mat slope(const arma::vec& numbers) const;
  /// The sum over i of f_i times the matrix of second derivatives of mean i.
  arma::mat bend(const arma::vec& numbers, const arma::vec& f) const;

  /// Sets the means of a mixture.
  void place(const arma::vec& numbers, Mixture& mixture) const;

 private:
  arma::vec nearest_growth(const arma::vec& target, const arma::vec& weight) const;
  arma::vec improved_growth(arma::vec numbers, const arma::vec& target,
                            const arma::vec& weight) const;
  /// The design matrix of a growth curve whose increments have the ratio exp(log_ratio).
  arma::mat growth_design(double log_ratio) const;

  std::vector<std::size_t> members_;
  double zero_ = 0;
  arma::mat design_;  ///< for linear relations
  arma::vec offset_;
  bool are_free_ = false, is_growth_ = false;
  bool is_pinned_ = false;  ///< one of the means is held
  arma::uword pinned_ = 0;  ///< its index among the members
};

}  // namespace gmm1d
