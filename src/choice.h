#pragma once

#include <cstddef>

#include "constraints.h"
#include "em.h"
#include "objective.h"

namespace gmm1d {

/// The information criteria that choose the number of components.
enum class Criterion { aic, bic, icl };

/// The number of free parameters of k components. The last free proportion is determined
/// by the others.
int degrees_of_freedom(const Constraints& constraints, std::size_t k, bool has_noise);

/// The price of narrow components, a term that BIC drops from Laplace's approximation. In
/// data of scale s a component of width sigma could have lain in s / sigma places; its
/// price is twice the log of that number, relative to the width s / k that k equal groups
/// would have. s is the standard deviation of the mixture without its components of a few
/// values, so that outliers do not inflate it. A component with a fixed mean has no
/// choice of places.
double price_of_places(const Objective& objective, const Mixture& mixture);

/// A criterion without its term of the log-likelihood.
double complexity(const Objective& objective, Criterion criterion, std::size_t k);

/// The criterion, including the price of narrow components. The lowest wins.
double choice(const Objective& objective, Criterion criterion, const EmResult& result);

}  // namespace gmm1d
