#pragma once

#include "em.h"
#include "mixture.h"
#include "objective.h"

namespace gmm1d {

/// Climbs from a mixture to the penalised maximum of its basin, and on to the maximum of
/// the plain likelihood. If the plain climb leaves the basin because components
/// degenerate, the sigmas of these components alone are held at their penalised values,
/// and the plain likelihood is maximised over everything else.
EmResult conclude(const Objective& objective, const Mixture& start, const Climb& how);

/// Climbs the plain likelihood from `start`. If components reach the smallest sigma
/// allowed, their sigmas alone are held at penalised values.
EmResult climb(const Objective& objective, const Mixture& start, const Climb& how);

}  // namespace gmm1d
