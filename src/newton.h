#pragma once

#include "certificate.h"
#include "information.h"
#include "objective.h"

namespace gmm1d {

/// The objective near a mixture to the second order, in the free coordinates, scaled by
/// the information of data whose components are known: without a unit, and -H is the
/// identity where the components do not overlap. Coordinates that cannot move (a sigma at
/// its bound, a component without observations) have no score.
struct Quadratic {
  arma::vec score;
  arma::mat curvature;  ///< -H
  arma::vec unit;       ///< of the coordinates; 0 where one cannot move
  arma::mat basis;      ///< of the free coordinates in all; empty if all are free
};
Quadratic quadratic(const Objective& objective, const Mixture& mixture);

/// What the Newton step, which it also returns, is predicted to gain; infinite where
/// there is no maximum.
double gap_of(const Quadratic& q, arma::vec& step);

/// The Newton step, if there is one (`known`), else or if it does not raise the objective
/// one damped towards an EM step until it does (damping 1 is half of one where the
/// components do not overlap). False if no damping does.
bool newton_step(const Objective& objective, State& state, const Quadratic& q, bool known,
                 arma::vec& step, double& damping);

/// Newton steps on the word of the score alone, where the objective is flat in double
/// precision: the parameters still gain digits, and each step squares the gap.
void polish(const Objective& objective, State& state, Quadratic& q, double& gap,
            arma::vec& step);

/// True if the objective rises in some direction to the second order.
bool is_saddle(const Quadratic& q);

/// True if the objective hardly falls in some direction, however far one goes: in one
/// where a log-ratio, a mean in sigmas or a log sigma has a standard error above 30.
bool is_flat(const Quadratic& q);

/// True if a component of proportion lambda holds less than a thousandth of a point.
bool is_lost(const Objective& objective, double lambda);

Certificate certificate(const Objective& objective, const Mixture& mixture);

/// The covariance matrix of lambda, mu and the log of the unit (information.h), in this
/// order, mu in its unit, and lambda of the noise: the inverse of the observed
/// information of the objective. Fixed parameters have none, nor have sigmas of 0; NaN
/// throughout where the information is singular.
arma::mat covariance(const Objective& objective, const Mixture& mixture);

}  // namespace gmm1d
