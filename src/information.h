#pragma once

#include "constraints.h"
#include "gmm1d_types.h"  // for Armadillo; nothing of R
#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// The first two derivatives of the log-likelihood, in coordinates without a unit, u_j
/// being that of component j: sigma_j, or, with a typical error e of all observations,
/// u_j^2 = sigma_j^2 + e^2:
///   e_1 .. e_k, log-ratios: lambda_j is proportional to exp(e_j);
///   m_1 .. m_k, means in units of their u_j;
///   l_1 .. l_k, logs of the u_j, in which a sigma of 0 is no limit;
///   e_0, the log-ratio of the noise, if there is any.
/// The e_j have a direction too many (all alike). The score is 0 along it; `observed` has
/// a constant added to all entries of the e_j, which makes it n / k there and changes
/// nothing else.
struct Information {
  arma::vec score;
  arma::mat observed;  ///< minus the matrix of second derivatives
  arma::vec complete;  ///< the diagonal information, were the components known
  double n;            ///< the weight that tells of the proportions, less that of windows
  double outside;      ///< the weight of windows
};
Information information(const Sample& sample, const Mixture& mixture);

/// The coordinate of a proportion, j = k being the noise.
std::size_t log_ratio(std::size_t j, std::size_t k);

/// How free coordinates move all of these, the e_j here being the logs of the
/// lambda_j themselves: with p_j the part of lambda_j in the free proportions,
///   d log(lambda_j) = d e_j - sum_l p_l d e_l.
arma::mat free_basis(const Mixture& mixture, const Constraints& constraints,
                     const Sample& sample);

/// The derivatives in the free coordinates.
Information restricted(const Information& all, const Mixture& mixture,
                       const Constraints& constraints, const arma::mat& basis,
                       const Sample& sample);

/// The mixture a step away in these coordinates, and the step to another.
Mixture moved(const Mixture& mixture, const arma::vec& step,
              const Constraints& constraints, const Sample& sample);
arma::vec step_between(const Mixture& from, const Mixture& to, const Sample& sample);

}  // namespace gmm1d
