#pragma once

#include <limits>
#include <memory>

#include "constraints.h"
#include "kernel.h"
#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// The penalty of Chen, Tan & Zhang (2008) on small sigmas,
///   weight (s^2 / sigma_j^2 - 1 - log(s^2 / sigma_j^2)),
/// where s is the scale.
struct Penalty {
  double weight = 0;  ///< 0 means no penalty
  double scale = 1;   ///< the sigma at which the penalty is 0
};

/// The smallest sigma allowed is the largest of these.
struct Floor {
  double least = 0;
  double single = 0;   ///< used instead for one component, which has no spikes
  double of_mean = 0;  ///< relative to the mean of the component
  double of_gap = 0;   ///< relative to the gap between tied values there
  std::shared_ptr<const Ties> ties;
};

/// The function to maximise.
struct Objective {
  Sample sample;
  Constraints constraints;
  Penalty penalty;
  Floor floor;
  /// The largest sigma allowed. In an open bin, sigma could increase without limit.
  double widest = std::numeric_limits<double>::infinity();
  Noise noise = {};       ///< its range, and its proportion at the start of a search
  bool is_rough = false;  ///< evaluated in single precision

  double n() const { return sample.places.n; }
};

/// The resolution and the range of the data.
struct Resolution {
  double scale = 0;      ///< a robust standard deviation
  double step = 0;       ///< of the lattice of known values; 0 if there is none
  double narrowest = 0;  ///< width of the intervals; 0 if some values are known
  /// The range of the values or finite bounds if data may lie outside it, because
  /// intervals are open or a window truncates; else infinite.
  double span = std::numeric_limits<double>::infinity();
  double away = 0;  ///< the distance from 0 to the offset of the values
};

/// narrowest_interval(): the width of the narrowest interval. span_between_open(): the
/// distance between the outermost finite bounds if some intervals are open, else
/// infinity.
double narrowest_interval(const double* lower, const double* upper, std::size_t size);
double span_between_open(const double* lower, const double* upper, std::size_t size);

/// The settings of the user; NaN means that the data decide.
struct Settings {
  double penalty = std::numeric_limits<double>::quiet_NaN();
  double min_sigma = std::numeric_limits<double>::quiet_NaN();
};

/// The objective for a sample. By default the penalty has weight 1 / n, and sigmas are no
/// smaller than the data can resolve. If all values have errors, there is neither by
/// default.
Objective objective_of(const Sample& sample, const Constraints& constraints,
                       const Resolution& resolution, const Settings& settings = {});

/// The same for one component, which tied values cannot turn into a spike.
Objective of_one_component(Objective objective);

/// The log-likelihood without the penalty.
Objective without_penalty(Objective objective);

/// The objective evaluated in single precision.
Objective rough(Objective objective);

/// The objective for the same data times -1.
Objective reflected(const Objective& objective, const Sample& mirrored);

/// The penalty on the free sigmas of a mixture, and on a single sigma.
double penalty_on(const Mixture& mixture, const Objective& objective);
double penalty_on(double sigma, const Penalty& penalty);

/// The sigma that the M-step gives to `count` components with n observations together and
/// standard deviation sd. For each component, the penalty counts as 2 a observations with
/// variance s^2, where a is its weight.
double penalised_sigma(double n, double sd, const Penalty& penalty, double count = 1);

/// A mixture with its statistics from one pass over the points.
struct State {
  Mixture mixture;
  Statistics statistics;
  double objective;  ///< the log-likelihood minus the penalty
};
State evaluate(const Objective& objective, Mixture mixture);

/// The smallest sigma allowed for a component at mu. It takes into account the floor, the
/// gap between tied values, and half the width of the cell there: a narrower component
/// would see the points that stand for the data instead of the data.
double smallest_sigma(const Objective& objective, double mu);

/// True if the sigma of component j is free and the smallest allowed.
bool is_smallest(const Objective& objective, const Mixture& mixture, std::size_t j);

/// True if some sigma is the largest allowed.
bool reaches_widest(const Objective& objective, const Mixture& mixture);

/// True if some sigma is the smallest allowed. The likelihood then has no maximum there.
bool reaches_floor(const Objective& objective, const Mixture& mixture);

/// True if the floor comes from the cell width, so that finer cells may help.
bool is_limited_by_cells(const Objective& objective, const Mixture& mixture);

/// The nearest mixture that the objective allows: fixed values are set, and no free sigma
/// is below the smallest allowed.
Mixture feasible(const Objective& objective, const Mixture& mixture);

}  // namespace gmm1d
