#pragma once

#include <functional>
#include <limits>
#include <memory>

#include "constraints.h"
#include "kernel.h"
#include "mixture.h"
#include "points.h"

namespace gmm1d {

struct EmOptions {
  double tol = 1e-8;     ///< largest gap of a fit that is called converged
  int max_iter = 5000;   ///< iterations: EM steps, accelerated or not, and Newton steps
  double penalty = 0;    ///< weight a of the penalty on small sigmas; 0 is plain EM
  double scale = 1;      ///< the scale s to which the penalty draws a sigma
  double min_sigma = 0;  ///< no sigma goes below
  double rounding = 0;   ///< nor below this part of its mean
  /// No sigma goes above: in an open bin it could without end.
  double max_sigma = std::numeric_limits<double>::infinity();
  /// Nor below this part of the gap between tied values.
  double of_gap = 0;
  std::shared_ptr<const Ties> ties;
  Constraints constraints;  ///< what is fixed
  /// A climb that is heading for a maximum below this is given up.
  double least_objective = -std::numeric_limits<double>::infinity();
  bool certify = true;  ///< go on to the last digit, and give the evidence
  std::function<void()> check_interrupt = [] {};  ///< called once an iteration
};

EmOptions without_penalty(EmOptions options);

/// The penalty of Chen, Tan & Zhang (2008) on small sigmas, those that are not fixed:
///   a sum_j (s^2 / sigma_j^2 - 1 - log(s^2 / sigma_j^2)).
double penalty(const Mixture& mixture, const EmOptions& options);

/// The same of one sigma.
double penalty(double sigma, const EmOptions& options);

/// The sigma that the M-step gives to `count` components of together n observations with
/// standard deviation sd: the penalty counts as 2a observations of variance s^2 for each.
double penalised_sigma(double n, double sd, const EmOptions& options, double count = 1);

/// A mixture together with what one pass over the points says of it.
struct State {
  Mixture mixture;
  Statistics statistics;
  double objective;  ///< the log-likelihood less the penalty
};
State evaluate(const Points& points, Mixture mixture, const EmOptions& options);

/// The smallest sigma that a component at mu may have: that of the options, of the gap
/// between tied values, and half the width of the cell there, in which narrower
/// components would not see the data but the points that stand for them.
double smallest_sigma(const Points& points, double mu, const EmOptions& options);

/// True if the sigma of component j is free, and the smallest allowed.
bool is_smallest(const Points& points, const Mixture& mixture, std::size_t j,
                 const EmOptions& options);

/// True if a sigma is the largest allowed.
bool reaches_ceiling(const Mixture& mixture, const EmOptions& options);

/// True if a sigma is the smallest allowed: the likelihood has no maximum there.
bool reaches_floor(const Points& points, const Mixture& mixture,
                   const EmOptions& options);

/// True if it is so for the width of a cell: narrower components may be there.
bool is_limited_by_cells(const Points& points, const Mixture& mixture,
                         const EmOptions& options);

/// The mixture as the options allow it: fixed values in their place, no free sigma below
/// the smallest allowed.
Mixture feasible(const Points& points, const Mixture& mixture, const EmOptions& options);

}  // namespace gmm1d
