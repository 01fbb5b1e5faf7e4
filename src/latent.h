#pragma once

#include <cstddef>

#include "observation.h"

namespace gmm1d {

/// A component, and the unit of its mean: sigma, or, if all observations have errors, the
/// standard deviation that these typically make of it.
struct Shape {
  double mu, sigma, unit;
};

/// What observations say of a component: the log of its likelihood, and the moments of
/// order 1 to 4 of z = (X - mu) / tau given both, X what is seen and tau its standard
/// deviation; and the unit of the component as a part of tau, 1 where there is no error.
/// EM, Newton's method and the criteria need no more. EM needs the first two moments
/// alone: the others are null then.
struct Latent {
  double* log_p;
  double* moment[4];
  double* part;
};

/// The contract: what n observations, at most kBlock, say of a component.
void latent(const Exact& seen, std::size_t n, const Shape& component, const Latent& out);
void latent(const Interval& seen, std::size_t n, const Shape& component,
            const Latent& out);
void latent(const Erroneous& seen, std::size_t n, const Shape& component,
            const Latent& out);
void latent(const ErroneousInterval& seen, std::size_t n, const Shape& component,
            const Latent& out);

}  // namespace gmm1d
