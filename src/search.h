#pragma once

#include <optional>
#include <vector>

#include "choice.h"
#include "em.h"
#include "mixture.h"
#include "objective.h"
#include "threads.h"

namespace gmm1d {

/// Options of a search.
struct Search {
  Climb climb;
  bool thorough = false;  ///< follow more candidates, with more steps
  /// What chooses among several numbers of components, if that is all they are for.
  std::optional<Criterion> criterion;
};

/// The best maximum for each of the numbers of components `ks`, which must increase and
/// be at least the number of components with constraints of their own.
///
/// The penalised objective selects a basin: that of the highest maximum on a path from
/// one component to k. From there EM climbs the plain likelihood. If that has no maximum
/// in the basin, the result is the penalised maximum. No random numbers are used.
///
/// If a criterion chooses among several numbers of components, those that are unlikely to
/// win are searched briefly; their results say so. The results do not depend on the
/// number of threads in the team.
std::vector<EmResult> search(const Objective& objective, const std::vector<int>& ks,
                             const Search& how, Team& team);

}  // namespace gmm1d
