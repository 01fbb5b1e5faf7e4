#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "certificate.h"
#include "mixture.h"
#include "objective.h"

namespace gmm1d {

/// Options of a climb.
struct Climb {
  double tol = 1e-8;    ///< the largest gap of a fit that is called converged
  int max_iter = 5000;  ///< iterations: EM steps, accelerated or not, and Newton steps
  bool certify = true;  ///< improve to the last digit, and compute the certificate
  /// A climb ends if the maximum ahead is predicted to be below this.
  double give_up_below = -std::numeric_limits<double>::infinity();
  std::function<void()> check_interrupt = [] {};  ///< called in every iteration
};

/// Why a climb ended. On a ridge, components cannot be told apart or have lost their
/// observations.
enum class Status {
  converged,  ///< the certificate holds: a single maximum with a gap of at most tol
  saddle,     ///< stationary, but not a maximum: the start was too symmetric
  ridge,      ///< flat: there is no single maximum
  max_iter,   ///< the iterations ran out
  given_up,   ///< the maximum ahead is too low to matter
  stalled     ///< no further rise in double precision, but the gap exceeds tol
};

/// An upper bound of the log-likelihood of all mixtures, with any number of components,
/// in which every sigma is at least this.
struct Limit {
  double bound, sigma;
};

struct EmResult {
  Mixture mixture;
  double loglik;
  double objective;  ///< the penalised log-likelihood at its maximum; loglik if there is
                     ///< no penalty
  Certificate certificate;
  int iterations;  ///< those that increased the objective
  Status status;
  std::vector<double> trace;   ///< the objective at the start and after these iterations
  bool limited = false;        ///< the plain climb met the smallest sigma of a cell
  Mixture narrow;              ///< where it did; finer cells may let it continue
  std::vector<bool> held;      ///< components whose sigma is held at a penalised value
  double entropy = 0;          ///< of the components, see kernel.h; set by conclude()
  double price = 0;            ///< of narrow components, see choice.h; set by conclude()
  bool is_brief = false;       ///< the search ended early: so many are unlikely to win
  std::optional<Limit> limit;  ///< proves that, unless some sigma is far smaller
};

/// Climbs from `start` to a maximum of the objective, which never decreases on the way.
/// EM steps are accelerated while they gain much; Newton steps then lead to a certified
/// maximum.
EmResult em(const Objective& objective, const Mixture& start, const Climb& climb);

/// The leap along two EM steps (SQUAREM, scheme S3 of Varadhan & Roland 2008). Let r be
/// the first step, and v the second step minus the first. The leap is -2 a r + a^2 v with
/// a = -|r| / |v|, at most `longest` in size. Returns nothing if it leads no farther than
/// the two steps.
std::optional<Mixture> leap(const Mixture& from, const Mixture& one, const Mixture& two,
                            double longest, const Objective& objective);

/// A mixture and its objective.
struct Candidate {
  Mixture mixture;
  double objective;
};

/// Takes a few plain EM steps.
Candidate em_steps(const Objective& objective, const Mixture& start, int steps);

/// Takes one EM step.
State em_step(const Objective& objective, const State& state);
/// Takes two EM steps, and then leaps along them if that leads higher.
State accelerated_step(const Objective& objective, const State& state);

}  // namespace gmm1d
