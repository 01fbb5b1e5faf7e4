#pragma once

#include <vector>

#include "em.h"
#include "mixture.h"
#include "squash.h"

namespace gmm1d {

/// The mixtures from which the search begins: k groups of equal weight (quantile groups)
/// and k groups of least within-group sum of squares (exact k-means).
std::vector<Mixture> starting_values(const Points& points, std::size_t k,
                                     const EmOptions& options);

/// The penalised objective chooses a basin: that of the highest maximum which EM reaches
/// from the starting values. From there EM climbs the plain likelihood; where that has no
/// maximum in the basin, the penalised maximum is the answer. No random numbers.
EmResult search(const Points& points, std::size_t k, const EmOptions& options);

}  // namespace gmm1d
