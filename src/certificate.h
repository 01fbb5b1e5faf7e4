#pragma once

namespace gmm1d {

/// The evidence that a mixture is a maximum of the objective, from its derivatives there.
struct Certificate {
  /// The gain that one more Newton step predicts, g' (-H)^-1 g / 2; infinite if -H is not
  /// positive definite.
  double gap;
  /// The length of the score, in the unit that the complete-data information gives.
  double score;
  /// The smallest eigenvalue of -H relative to the complete-data information. It is 1
  /// minus the rate of EM.
  double smallest_eigenvalue;
};

}  // namespace gmm1d
