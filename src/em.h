#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "certificate.h"
#include "mixture.h"
#include "objective.h"

namespace gmm1d {

/// How to climb.
struct Climb {
  double tol = 1e-8;    ///< largest gap of a fit that is called converged
  int max_iter = 5000;  ///< iterations: EM steps, accelerated or not, and Newton steps
  bool certify = true;  ///< go on to the last digit, and give the evidence
  /// A climb that is heading for a maximum below this ends.
  double give_up_below = -std::numeric_limits<double>::infinity();
  std::function<void()> check_interrupt = [] {};  ///< called once an iteration
};

/// Why a climb has ended.
enum class Status {
  converged,  ///< the certificate holds: the gap is at most tol, the maximum is one
  saddle,     ///< nothing to gain nearby, but farther off: the start was too even
  ridge,      ///< nothing to gain, but no single maximum: components that cannot be told
              ///< apart, or that have lost their observations
  max_iter,   ///< the iterations ran out first
  given_up,   ///< the maximum ahead is too low to matter
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
  double entropy = 0;         ///< of the components of all observations, once concluded
};

/// EM from `start` to a maximum of the objective, which never falls on the way: EM steps,
/// accelerated while they gain much, then Newton steps to a certified maximum.
EmResult em(const Objective& objective, const Mixture& start, const Climb& climb);

/// The leap along two EM steps (SQUAREM, scheme S3 of Varadhan & Roland 2008): with r the
/// first step and v what the second differs from it by, -2 a r + a^2 v, a = -|r| / |v|,
/// at most `longest`. None if it leads no farther than the steps.
std::optional<Mixture> leap(const Mixture& from, const Mixture& one, const Mixture& two,
                            double longest, const Objective& objective);

/// A mixture and its objective.
struct Candidate {
  Mixture mixture;
  double objective;
};

/// A few plain EM steps.
Candidate em_steps(const Objective& objective, const Mixture& start, int steps);

/// A few steps of two EM steps and a leap.
Candidate accelerated_steps(const Objective& objective, const Mixture& start, int steps);

}  // namespace gmm1d
