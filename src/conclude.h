#pragma once

#include "em.h"
#include "mixture.h"
#include "objective.h"

namespace gmm1d {

/// From a mixture to the penalised maximum of its basin, and on to the maximum of the
/// plain likelihood. If the plain climb leaves the basin because components degenerate,
/// the sigmas of those components alone are held at their penalised values, and the plain
/// likelihood is climbed in everything else.
EmResult conclude(const Objective& objective, const Mixture& start, const Climb& how);

/// Climbs the plain likelihood from `start`. If components reach the smallest sigma
/// allowed, theirs alone are held at their penalised values.
EmResult climb(const Objective& objective, const Mixture& start, const Climb& how);

}  // namespace gmm1d
