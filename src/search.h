#pragma once

#include <vector>

#include "em.h"
#include "mixture.h"
#include "objective.h"

namespace gmm1d {

/// How to search.
struct Search {
  Climb climb;
  bool thorough = false;  ///< follow more candidates, for longer
};

/// The best maximum with each of the numbers of components `ks`, in increasing order;
/// none is below the number of components that have constraints of their own.
///
/// The penalised objective chooses a basin: that of the highest maximum on a path from
/// one component to k. From there EM climbs the plain likelihood; where that has no
/// maximum in the basin, the penalised maximum is the answer. No random numbers.
std::vector<EmResult> search(const Objective& objective, const std::vector<int>& ks,
                             const Search& how);

}  // namespace gmm1d
