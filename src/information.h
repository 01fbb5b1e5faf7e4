#pragma once

#include "constraints.h"
#include "gmm1d_types.h"  // for Armadillo; nothing of R
#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// The first two derivatives of the log-likelihood, in coordinates without a unit:
///   e_1 .. e_k, log-ratios: lambda_j is proportional to exp(e_j);
///   m_1 .. m_k, means in units of their sigma_j;
///   l_1 .. l_k, logs of the sigma_j.
/// The e_j have a direction too many (all alike). The score is 0 along it; `observed` has
/// a constant added to all entries of its first block, which makes it n / k there and
/// changes nothing else.
struct Information {
  arma::vec score;
  arma::mat observed;  ///< minus the matrix of second derivatives
  arma::vec complete;  ///< the diagonal information, were the components known
};
Information information(const Sample& sample, const Mixture& mixture);

/// How free coordinates move all of these (3k x p), the e_j here being the logs of the
/// lambda_j themselves: with p_j the part of lambda_j in the free proportions,
///   d log(lambda_j) = d e_j - sum_l p_l d e_l.
arma::mat free_basis(const Mixture& mixture, const Constraints& constraints);

/// The derivatives in the free coordinates.
Information restricted(const Information& all, const Mixture& mixture,
                       const Constraints& constraints, const arma::mat& basis);

/// The mixture a step away in the coordinates e, m and l.
Mixture moved(const Mixture& mixture, const arma::vec& step,
              const Constraints& constraints);

}  // namespace gmm1d
