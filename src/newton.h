#pragma once

#include "certificate.h"
#include "information.h"
#include "objective.h"

namespace gmm1d {

/// The second-order approximation of the objective at a mixture, in the free coordinates.
/// These are scaled by the complete-data information, so they have no units, and -H is
/// the identity if the components do not overlap. Coordinates that cannot move (a sigma
/// at its bound, a component without observations) have score 0.
struct Quadratic {
  arma::vec score;
  arma::mat curvature;  ///< -H
  arma::vec unit;       ///< of the coordinates; 0 if one cannot move
  arma::mat basis;      ///< maps free coordinates to all; empty if all are free
};
Quadratic quadratic(const Objective& objective, const Mixture& mixture);

/// The gain that the Newton step predicts, infinite if there is no maximum. Returns the
/// step as well.
double gap_of(const Quadratic& q, arma::vec& step);

/// Takes the Newton step if there is one (`known`). If there is none, or it does not
/// increase the objective, the step is damped towards an EM step until it does (damping 1
/// is half an EM step if the components do not overlap). Returns false if no damping
/// helps.
bool newton_step(const Objective& objective, State& state, const Quadratic& q, bool known,
                 arma::vec& step, double& damping);

/// Takes Newton steps judged by the score alone, where the objective is flat in double
/// precision. The parameters still gain digits, as each step squares the gap.
void polish(const Objective& objective, State& state, Quadratic& q, double& gap,
            arma::vec& step);

/// True if the objective increases in some direction to second order.
bool is_saddle(const Quadratic& q);

/// True if the objective hardly decreases in some direction, however far one goes: a
/// log-ratio, a mean in sigmas or a log sigma has a standard error above 30 there.
bool is_flat(const Quadratic& q);

/// True if a component of proportion lambda holds less than a thousandth of a point.
bool is_lost(const Objective& objective, double lambda);

/// The certificate of a mixture from its quadratic approximation and the gap of that.
Certificate certificate(const Quadratic& q, double gap);

/// The covariance matrix of lambda, mu (in its unit) and the log of the unit
/// (information.h), in this order, then of the lambda of the noise. It is the inverse of
/// the observed information of the objective. Fixed parameters and sigmas of 0 have
/// variance 0. All entries are NaN if the information is singular.
arma::mat covariance(const Objective& objective, const Mixture& mixture);

}  // namespace gmm1d
