#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "kernel.h"
#include "mixture.h"
#include "squash.h"

namespace gmm1d {

struct EmOptions {
  double tol = 1e-8;     ///< largest gap of a fit that is called converged
  int max_iter = 5000;   ///< EM iterations
  double penalty = 0;    ///< weight a of the penalty on small sigmas; 0 is plain EM
  double scale = 1;      ///< the scale s to which the penalty draws a sigma
  double min_sigma = 0;  ///< no sigma goes below
  std::function<void()> check_interrupt = [] {};  ///< called once an iteration
};

enum class Status {
  converged,  ///< the gap is at most tol
  max_iter,   ///< the iterations ran out first
  stalled     ///< the objective no longer rises in double precision, the gap being larger
};

struct EmResult {
  Mixture mixture;
  double loglik;
  double objective;  ///< the penalised log-likelihood; loglik if there is no penalty
  double gap;        ///< what the objective would still gain, estimated by aitken_gap()
  int iterations;
  Status status;
  std::vector<double> trace;  ///< the objective at the start and after each iteration
  bool penalised;             ///< the penalty was part of the objective
};

/// The penalty of Chen, Tan & Zhang (2008) on small sigmas:
///   a sum_j (s^2 / sigma_j^2 - 1 - log(s^2 / sigma_j^2)).
double penalty(const Mixture& mixture, const EmOptions& options);

/// EM from `start` to a maximum of the objective, which never falls on the way.
EmResult em(const Points& points, const Mixture& start, const EmOptions& options);

EmOptions without_penalty(EmOptions options);

/// True if the smallest sigma is the smallest allowed: the likelihood has no maximum
/// there.
bool reaches_floor(const Mixture& mixture, const EmOptions& options);

/// Climbs the plain likelihood from `start`, the penalised one where the plain one has no
/// maximum above it.
EmResult climb(const Points& points, const Mixture& start, const EmOptions& options);

}  // namespace gmm1d
