#pragma once

#include "information.h"
#include "kernel.h"

namespace gmm1d {

/// The statistics about the current means, and the information, in single precision. They
/// are found several times as fast. If the observations are not all exact values without
/// labels, or if there is noise, many components or a value far from all of them, they
/// are those of `e_step()` and `information()`.
Statistics rough_e_step(const Sample& sample, const Mixture& mixture);
Information rough_information(const Sample& sample, const Mixture& mixture);

/// The size of the error of the log-likelihood of exact values near a maximum.
double rough_error(const Points& points);

}  // namespace gmm1d
