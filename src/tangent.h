#pragma once

#include "constraints.h"
#include "gmm1d_types.h"  // for Armadillo; nothing of R
#include "mixture.h"

namespace gmm1d {

/// How what is free moves the means and sigmas, those being in the coordinates m_1 ..
/// m_k, l_1 .. l_k of information.h: a column for each free number of the means, and of
/// the sigmas.
arma::mat tangent(const Mixture& mixture, const Constraints& constraints, double error);

/// The sum over these coordinates of their scores times their second derivatives by what
/// is free.
arma::mat bend(const Mixture& mixture, const Constraints& constraints, double error,
               const arma::vec& score);

}  // namespace gmm1d
