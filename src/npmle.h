#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "gradient.h"
#include "mixture.h"

namespace gmm1d {

/// One more component, whatever it is: the logs of its likelihoods, and its proportion.
struct Extra {
  std::vector<double> log_p;
  double lambda = 0;
};

/// The nonparametric maximum likelihood estimate of the mixing distribution of locations:
/// of all mixtures of components of one sigma, of any number, that of the largest
/// likelihood (Lindsay 1983). No D of its gradient function is above 1.
struct Npmle {
  Mixture mixture;
  Extra extra;                      ///< empty if there is none
  std::vector<double> log_density;  ///< at each observation
  double loglik;
  Gradient gradient;
};

/// When an estimate is good enough.
struct Until {
  double tolerance;
  double target = std::numeric_limits<double>::quiet_NaN();
  std::function<void()> check_interrupt = [] {};
};

/// Where to begin: components near to all observations, and the noise.
Mixture cover(const Locations& locations, const Noise& noise);

/// By the constrained Newton method (Wang 2007): a location wherever D has a maximum
/// above 1, then Newton steps of all proportions, until the likelihood is within a
/// tolerance of the largest, or it is known on which side of a target that is. Noise with
/// a range and an extra component have proportions besides.
Npmle npmle(const Locations& locations, Mixture start, const Until& until,
            Extra extra = {});

/// What no mixture of components of at least this sigma, the noise and the extra
/// component of an estimate exceeds, D being known within a tolerance.
struct Bound {
  double value, largest;  ///< the bound, and sup D
};
Bound bound_by(const Npmle& f, const Locations& locations, double tolerance);

}  // namespace gmm1d
