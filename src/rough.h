#pragma once

#include "kernel.h"

namespace gmm1d {

/// The statistics about the current means in single precision. Four digits are enough to
/// rank mixtures that are on their way to a maximum, and are found several times as fast.
/// If the observations are not all exact values without labels, or if there is noise,
/// many components or a value far from all of them, the statistics are those of
/// `e_step()`.
Statistics rough_e_step(const Sample& sample, const Mixture& mixture);

}  // namespace gmm1d
