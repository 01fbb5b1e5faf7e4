#pragma once

#include <vector>

#include "constraints.h"
#include "mixture.h"

namespace gmm1d {

/// What the observations say of the mean and the spread of a component: the M-step
/// maximises the sum of
///   -n2 log(u) - (root^2 + n1 (mean - mu)^2) / (2 u^2),
/// u being sigma, or sigma blurred by a typical error.
struct ComponentMoments {
  double n1, mean, n2, root;
};

/// The M-step of means and sigmas that are tied.
Mixture related_m_step(Mixture mixture, const Constraints& constraints,
                       const std::vector<ComponentMoments>& moments, double error);

/// The mixture for which the relations hold that is nearest to another; one for which
/// they hold stays as it is.
Mixture related(Mixture mixture, const Constraints& constraints);

/// Sigmas that are tied are what they have in common times these; 0 if one is not tied.
std::vector<double> sigma_ratios(const Mixture& mixture, const Constraints& constraints);
/// What they have in common.
double sigma_scale(const Mixture& mixture, const Constraints& constraints);

}  // namespace gmm1d
