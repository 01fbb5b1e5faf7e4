#pragma once

#include <cstddef>

#include "observation.h"

namespace gmm1d {

/// A component, and the unit of its mean: sigma or, if all observations have errors,
/// sigma blurred by the typical error (see blurred() in sample.h).
struct Shape {
  double mu, sigma, unit;
};

/// What the E-step needs to know about observations and one component. `log_p` is the
/// log-likelihood, and `moment` holds the moments of order 1 to 4 of z = (X - mu) / tau
/// given the observation, where X is the observed value and tau its standard deviation.
/// `part` is the unit of the component divided by tau; it is 1 if there is no error. EM,
/// Newton's method and the criteria need no more. EM needs only the first two moments;
/// then the other pointers are null.
struct Latent {
  double* log_p;
  double* moment[4];
  double* part;
};

/// The contract: computes the above for n observations, at most kBlock.
void latent(const Exact& seen, std::size_t n, const Shape& component, const Latent& out);
void latent(const Interval& seen, std::size_t n, const Shape& component,
            const Latent& out);
void latent(const Erroneous& seen, std::size_t n, const Shape& component,
            const Latent& out);
void latent(const ErroneousInterval& seen, std::size_t n, const Shape& component,
            const Latent& out);

}  // namespace gmm1d
