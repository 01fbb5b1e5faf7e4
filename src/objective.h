#pragma once

#include <limits>
#include <memory>

#include "constraints.h"
#include "kernel.h"
#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// The penalty of Chen, Tan & Zhang (2008) on small sigmas:
///   weight (s^2 / sigma_j^2 - 1 - log(s^2 / sigma_j^2)), s the scale.
struct Penalty {
  double weight = 0;  ///< 0 is plain EM
  double scale = 1;   ///< to which a sigma is drawn
};

/// Below which no sigma goes: the largest of these.
struct Floor {
  double least = 0;
  double single = 0;   ///< in place of all others for one component, which has no spikes
  double of_mean = 0;  ///< a part of the component's mean
  double of_gap = 0;   ///< a part of the gap between tied values there
  std::shared_ptr<const Ties> ties;
};

/// What is maximised.
struct Objective {
  Sample sample;
  Constraints constraints;
  Penalty penalty;
  Floor floor;
  /// No sigma goes above: in an open bin it could without end.
  double widest = std::numeric_limits<double>::infinity();
  Noise noise = {};  ///< where there may be any, and what of it a search begins with

  double n() const { return sample.places.n; }
};

/// How finely the data are known, and how far they reach.
struct Resolution {
  double scale = 0;      ///< a robust standard deviation
  double step = 0;       ///< of the lattice on which known values lie; 0 if on none
  double narrowest = 0;  ///< of the intervals, 0 if some values are known
  /// Between the finite bounds of data that are not bounded themselves: by intervals that
  /// are open, or outside of a window.
  double span = std::numeric_limits<double>::infinity();
  double away = 0;  ///< how far from 0 is the number about which the values are
};

/// The width of the narrowest of intervals, and what lies between their finite bounds if
/// some are open, else infinity.
double narrowest_interval(const double* lower, const double* upper, std::size_t size);
double span_between_open(const double* lower, const double* upper, std::size_t size);

/// What a user may set; NaN is left to the data.
struct Settings {
  double penalty = std::numeric_limits<double>::quiet_NaN();
  double min_sigma = std::numeric_limits<double>::quiet_NaN();
};

/// What is maximised of such data: unless the user says otherwise, with a penalty of
/// weight 1 / n, and sigmas no smaller than the data can tell; with neither where all
/// values have errors.
Objective objective_of(const Sample& sample, const Constraints& constraints,
                       const Resolution& resolution, const Settings& settings = {});

/// The same for one component, which no tied values draw to a spike.
Objective of_one_component(Objective objective);

/// The log-likelihood alone.
Objective without_penalty(Objective objective);

/// The same data times -1.
Objective reflected(const Objective& objective, const Sample& mirrored);

/// The penalty on the sigmas of a mixture that are not fixed, and on one sigma.
double penalty_on(const Mixture& mixture, const Objective& objective);
double penalty_on(double sigma, const Penalty& penalty);

/// The sigma that the M-step gives to `count` components of together n observations with
/// standard deviation sd: the penalty counts as two of its weights of
/// observations with variance s^2 for each.
double penalised_sigma(double n, double sd, const Penalty& penalty, double count = 1);

/// A mixture together with what one pass over the points says of it.
struct State {
  Mixture mixture;
  Statistics statistics;
  double objective;  ///< the log-likelihood less the penalty
};
State evaluate(const Objective& objective, Mixture mixture);

/// The smallest sigma that a component at mu may have: that of the floor, of the gap
/// between tied values, and half the width of the cell there, in which narrower
/// components would not see the data but the points that stand for them.
double smallest_sigma(const Objective& objective, double mu);

/// True if the sigma of component j is free, and the smallest allowed.
bool is_smallest(const Objective& objective, const Mixture& mixture, std::size_t j);

/// True if a sigma is the largest allowed.
bool reaches_widest(const Objective& objective, const Mixture& mixture);

/// True if a sigma is the smallest allowed: the likelihood has no maximum there.
bool reaches_floor(const Objective& objective, const Mixture& mixture);

/// True if it is so for the width of a cell: narrower components may be there.
bool is_limited_by_cells(const Objective& objective, const Mixture& mixture);

/// The mixture as the objective allows it: fixed values in their place, no free sigma
/// below the smallest allowed.
Mixture feasible(const Objective& objective, const Mixture& mixture);

}  // namespace gmm1d
