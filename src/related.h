#pragma once

#include <vector>

#include "constraints.h"
#include "mixture.h"

namespace gmm1d {

/// What the M-step needs to know about the mean and the spread of a component. It
/// maximises the sum of
///   -n2 log(u) - (root^2 + n1 (mean - mu)^2) / (2 u^2),
/// where u is sigma, or sigma blurred by a typical error.
struct ComponentMoments {
  double n1, mean, n2, root;
};

/// The M-step if means or sigmas are tied.
Mixture related_m_step(Mixture mixture, const Constraints& constraints,
                       const std::vector<ComponentMoments>& moments, double error);

/// The mixture nearest to the given one that satisfies the relations. A mixture that
/// satisfies them is not changed.
Mixture related(Mixture mixture, const Constraints& constraints);

/// The ratio of each tied sigma to the common scale, or 0 if it is not tied.
std::vector<double> sigma_ratios(const Mixture& mixture, const Constraints& constraints);
/// The common scale of the tied sigmas.
double sigma_scale(const Mixture& mixture, const Constraints& constraints);

}  // namespace gmm1d
