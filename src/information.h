#pragma once

#include <RcppArmadillo.h>  // for Armadillo as R configures it; nothing else of it is used

#include "mixture.h"
#include "points.h"

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
Information information(const Points& points, const Mixture& mixture);

/// The mixture a step away in these coordinates.
Mixture moved(const Mixture& mixture, const arma::vec& step);

}  // namespace gmm1d
