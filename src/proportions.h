#pragma once

#include <vector>

#include "gradient.h"

namespace gmm1d {

/// Raises the likelihood of a mixture by Newton steps of its proportions `lambda`, which
/// sum to 1 and may be 0. Of each component a column says how likely the observations are
/// beside the mixture. The steps end when one gains little of the tolerance.
void raise_proportions(const Locations& locations, std::vector<Locations::Ratios> columns,
                       double tolerance, std::vector<double>& lambda);

}  // namespace gmm1d
