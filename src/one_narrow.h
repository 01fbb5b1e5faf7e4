#pragma once

#include <functional>

#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// True if it is proved that no mixture has a log-likelihood above `target` in which all
/// sigmas are at least `others` but for one, which is at least `least`. By branch and
/// bound: boxes of the mean and the sigma of the narrow component are halved until the
/// largest likelihood that it could have in each, beside the best of the others, leaves
/// no more. False as well where too many boxes would be needed, and for intervals.
bool is_below_with_one_narrow(const Sample& sample, const Noise& noise, double least,
                              double others, double target,
                              const std::function<void()>& check_interrupt);

}  // namespace gmm1d
