#pragma once

namespace gmm1d {

/// The evidence that a mixture is a maximum of the objective, from its derivatives there.
struct Certificate {
  double gap;  ///< what a Newton step predicts it to gain, g' (-H)^-1 g / 2; infinite if
               ///< -H is not positive definite
  double
      score;  ///< the length of the score, the unit that of complete data's information
  double smallest_eigenvalue;  ///< of -H relative to the information of data whose
                               ///< components are known: 1 - the rate of EM
};

}  // namespace gmm1d
