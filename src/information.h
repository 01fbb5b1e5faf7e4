#pragma once

#include "constraints.h"
#include "gmm1d_types.h"  // for Armadillo only
#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// The first two derivatives of the log-likelihood, in unit-free coordinates. Let u_j be
/// the unit of component j: sigma_j or, if e is the typical error of all observations,
/// sqrt(sigma_j^2 + e^2). The coordinates are
///   e_1 .. e_k, log-ratios: lambda_j is proportional to exp(e_j);
///   m_1 .. m_k, means in units of u_j;
///   l_1 .. l_k, logs of u_j, which stay finite at sigma = 0 if there are errors;
///   e_0, the log-ratio of the noise, if there is any.
/// Adding a constant to all e_j changes nothing, so there is one direction too many. The
/// score is 0 along it. A constant is added to all entries of `observed` for the e_j,
/// which makes it n / k in this direction and changes nothing else.
struct Information {
  arma::vec score;
  arma::mat observed;  ///< minus the matrix of second derivatives
  arma::vec complete;  ///< the diagonal of the information if the components were known
  double n;            ///< weight that tells of the proportions, minus that of windows
  double outside;      ///< weight of windows
};
Information information(const Sample& sample, const Mixture& mixture);

/// The index of the coordinate of a proportion; j = k is the noise.
std::size_t log_ratio(std::size_t j, std::size_t k);

/// The derivatives of all coordinates with respect to the free ones. Here the e_j are the
/// logs of the lambda_j themselves: if p_j is the part of lambda_j in the free
/// proportions,
///   d log(lambda_j) = d e_j - sum_l p_l d e_l.
arma::mat free_basis(const Mixture& mixture, const Constraints& constraints,
                     const Sample& sample);

/// The derivatives with respect to the free coordinates.
Information restricted(const Information& all, const Mixture& mixture,
                       const Constraints& constraints, const arma::mat& basis,
                       const Sample& sample);

/// moved(): the mixture after a step in these coordinates. step_between(): the step from
/// one mixture to another.
Mixture moved(const Mixture& mixture, const arma::vec& step,
              const Constraints& constraints, const Sample& sample);
arma::vec step_between(const Mixture& from, const Mixture& to, const Sample& sample);

}  // namespace gmm1d
