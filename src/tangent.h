#pragma once

#include "constraints.h"
#include "gmm1d_types.h"  // for Armadillo only
#include "mixture.h"

namespace gmm1d {

/// The derivatives of the means and sigmas with respect to the free numbers, in the
/// coordinates m_1 .. m_k, l_1 .. l_k of information.h: one column for each free number
/// of the means, then of the sigmas.
arma::mat tangent(const Mixture& mixture, const Constraints& constraints, double error);

/// The sum over these coordinates of the score times the matrix of second derivatives
/// with respect to the free numbers.
arma::mat bend(const Mixture& mixture, const Constraints& constraints, double error,
               const arma::vec& score);

}  // namespace gmm1d
