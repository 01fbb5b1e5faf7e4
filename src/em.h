#pragma once

#include <vector>

#include "certificate.h"
#include "mixture.h"
#include "objective.h"
#include "points.h"

namespace gmm1d {

enum class Status {
  converged,  ///< the certificate holds: the gap is at most tol, the maximum is one
  saddle,     ///< nothing to gain nearby, but farther off: the start was too even
  ridge,      ///< nothing to gain, but no single maximum: components that cannot be told
              ///< apart, or that have lost their observations
  max_iter,   ///< the iterations ran out first
  stalled     ///< the objective no longer rises in double precision, the gap being larger
};

struct EmResult {
  Mixture mixture;
  double loglik;
  double objective;  ///< the penalised log-likelihood at its maximum; loglik if the climb
                     ///< knew of no penalty
  Certificate certificate;
  int iterations;  ///< that raised the objective
  Status status;
  std::vector<double> trace;  ///< the objective at the start and after each iteration
  bool limited = false;       ///< the plain climb met the least sigma of a cell ...
  Mixture narrow;             ///< ... here: finer cells may let it go on
  std::vector<bool> held;     ///< components whose sigma is held at a penalised value
};

/// EM from `start` to a maximum of the objective, which never falls on the way: EM steps,
/// accelerated while they gain much, then Newton steps to a certified maximum.
EmResult em(const Points& points, const Mixture& start, const EmOptions& options);

/// A mixture and its objective.
struct Candidate {
  Mixture mixture;
  double objective;
};

/// A few plain EM steps.
Candidate em_steps(const Points& points, const Mixture& start, int steps,
                   const EmOptions& options);

/// A few steps of two EM steps and a leap.
Candidate accelerated_steps(const Points& points, const Mixture& start, int steps,
                            const EmOptions& options);

}  // namespace gmm1d
