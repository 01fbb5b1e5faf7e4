#pragma once

#include <functional>
#include <vector>

#include "gradient.h"
#include "mixture.h"

namespace gmm1d {

/// The nonparametric maximum likelihood estimate of the mixing distribution of locations:
/// of all mixtures of components of one sigma, of any number, that of the largest
/// likelihood (Lindsay 1983). No D of its gradient function is above 1.
struct Npmle {
  Mixture mixture;
  std::vector<double> log_density;  ///< at each observation
  double loglik;
  Gradient gradient;
};

/// Where to begin: components near to all observations, and the noise.
Mixture cover(const Locations& locations, const Noise& noise);

/// By the constrained Newton method (Wang 2007): a location wherever D has a maximum
/// above 1, then Newton steps of all weights, until the likelihood is within a tolerance
/// of the largest. Noise with a range has a weight besides.
Npmle npmle(const Sample& sample, const Locations& locations, Mixture start,
            double tolerance, const std::function<void()>& check_interrupt);

}  // namespace gmm1d
