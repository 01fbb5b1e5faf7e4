#pragma once

#include <functional>
#include <limits>
#include <vector>

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
  /// A climb that is heading for a maximum below this is given up.
  double least_objective = -std::numeric_limits<double>::infinity();
  bool certify = true;  ///< go on to the last digit, and give the evidence
  std::function<void()> check_interrupt = [] {};  ///< called once an iteration
};

enum class Status {
  converged,  ///< the certificate holds: the gap is at most tol, the maximum is one
  saddle,     ///< nothing to gain nearby, but farther off: the start was too even
  ridge,      ///< nothing to gain, but no single maximum: components that cannot be told
              ///< apart, or that have lost their observations
  max_iter,   ///< the iterations ran out first
  stalled     ///< the objective no longer rises in double precision, the gap being larger
};

/// The evidence that a mixture is a maximum of the objective, from its derivatives there.
struct Certificate {
  double gap;  ///< what a Newton step predicts it to gain, g' (-H)^-1 g / 2; infinite if
               ///< -H is not positive definite
  double
      score;  ///< the length of the score, the unit that of complete data's information
  double smallest_eigenvalue;  ///< of -H relative to the information of data whose
                               ///< components are known: 1 - the rate of EM
};

struct EmResult {
  Mixture mixture;
  double loglik;
  double objective;  ///< the penalised log-likelihood; loglik if there is no penalty
  Certificate certificate;
  int iterations;  ///< that raised the objective
  Status status;
  std::vector<double> trace;  ///< the objective at the start and after each iteration
  bool limited = false;       ///< the plain climb met the least sigma of a cell ...
  Mixture narrow;             ///< ... here: finer cells may let it go on
  bool penalised;             ///< the penalty was part of the objective
};

/// The penalty of Chen, Tan & Zhang (2008) on small sigmas:
///   a sum_j (s^2 / sigma_j^2 - 1 - log(s^2 / sigma_j^2)).
double penalty(const Mixture& mixture, const EmOptions& options);

/// The sigma that the M-step gives a component of n observations with standard deviation
/// sd: the penalty counts as 2a observations of variance s^2.
double penalised_sigma(double n, double sd, const EmOptions& options);

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

EmOptions without_penalty(EmOptions options);

/// The smallest sigma that a component at mu may have: that of the options, and half the
/// width of the cell there, in which narrower components would not see the data but the
/// points that stand for them.
double smallest_sigma(const Points& points, double mu, const EmOptions& options);

/// True if a sigma is the smallest allowed: the likelihood has no maximum there.
bool reaches_floor(const Points& points, const Mixture& mixture,
                   const EmOptions& options);

/// True if it is so for the width of a cell: narrower components may be there.
bool is_limited_by_cells(const Points& points, const Mixture& mixture,
                         const EmOptions& options);

/// Climbs the plain likelihood from `start`, the penalised one where the plain one has no
/// maximum above it.
EmResult climb(const Points& points, const Mixture& start, const EmOptions& options);

}  // namespace gmm1d
