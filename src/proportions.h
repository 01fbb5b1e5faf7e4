#pragma once

#include <vector>

#include "gradient.h"

namespace gmm1d {

/// Increases the likelihood of a mixture by Newton steps in its proportions `lambda`,
/// which sum to 1 and may be 0. The column of a component holds its likelihood for each
/// observation, relative to the mixture. The steps end when one gains little compared to
/// the tolerance.
void raise_proportions(const Locations& locations, std::vector<Locations::Ratios> columns,
                       double tolerance, std::vector<double>& lambda);

}  // namespace gmm1d
