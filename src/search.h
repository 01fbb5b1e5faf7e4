#pragma once

#include <vector>

#include "em.h"
#include "mixture.h"
#include "objective.h"

namespace gmm1d {

/// Options of a search.
struct Search {
  Climb climb;
  bool thorough = false;  ///< follow more candidates, with more steps
};

/// The best maximum for each of the numbers of components `ks`, which must increase and
/// be at least the number of components with constraints of their own.
///
/// The penalised objective selects a basin: that of the highest maximum on a path from
/// one component to k. From there EM climbs the plain likelihood. If that has no maximum
/// in the basin, the result is the penalised maximum. No random numbers are used.
std::vector<EmResult> search(const Objective& objective, const std::vector<int>& ks,
                             const Search& how);

}  // namespace gmm1d
