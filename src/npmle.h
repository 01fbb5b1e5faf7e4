#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "gradient.h"
#include "mixture.h"

namespace gmm1d {

/// One more component of any shape: its log-likelihoods and its proportion.
struct Extra {
  std::vector<double> log_p;
  double lambda = 0;
};

/// The nonparametric maximum likelihood estimate of the mixing distribution of locations:
/// the mixture with the largest likelihood among all mixtures of components of one sigma,
/// of any number (Lindsay 1983). Its gradient function D is nowhere above 1.
struct Npmle {
  Mixture mixture;
  Extra extra;                      ///< empty if there is none
  std::vector<double> log_density;  ///< at each observation
  double loglik;
  Gradient gradient;
};

/// When to stop.
struct Until {
  double tolerance;
  double target = std::numeric_limits<double>::quiet_NaN();
  std::function<void()> check_interrupt = [] {};
};

/// The starting mixture: components near to all observations, in proportion to these, and
/// the noise.
Mixture cover(const Locations& locations, const Noise& noise);

/// Computes the estimate by the constrained Newton method (Wang 2007). Each round adds a
/// location wherever D has a maximum above 1, then takes Newton steps in all proportions.
/// It stops when the log-likelihood is within a tolerance of the largest, or when it is
/// clear on which side of the target the largest lies. Noise that has a range and an
/// extra component get proportions as well.
Npmle npmle(const Locations& locations, Mixture start, const Until& until,
            Extra extra = {});

/// An upper bound of the log-likelihood of all mixtures made of components of at least
/// this sigma, the noise and the extra component of an estimate. D is known within a
/// tolerance.
struct Bound {
  double value, largest;  ///< the bound, and sup D
};
Bound bound_by(const Npmle& f, const Locations& locations, double tolerance);

}  // namespace gmm1d
