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

/// The highest penalised maximum that EM reaches from the starting values: it chooses the
/// basin in which the likelihood is climbed. No random numbers.
Mixture search(const Points& points, std::size_t k, const EmOptions& options);

}  // namespace gmm1d
