#pragma once

#include <functional>

#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// True if it is proved that no mixture has a log-likelihood above `target` in which one
/// sigma is at least `least` and all others are at least `others`. The proof is by branch
/// and bound: boxes for the mean and the sigma of the narrow component are halved until,
/// in each box, the largest likelihood that this component could have, together with the
/// best of the others, is at most the target. Also returns false if too many boxes are
/// needed, and for intervals.
bool is_below_with_one_narrow(const Sample& sample, const Noise& noise, double least,
                              double others, double target,
                              const std::function<void()>& check_interrupt);

}  // namespace gmm1d
