#pragma once

#include <limits>
#include <vector>

#include "mixture.h"

namespace gmm1d {

/// Parameters that are held fixed, and standard deviations that are one.
///
/// Components with constraints of their own come first in every mixture, in the order of
/// these; what holds for all others comes beside. NaN stands for a free parameter.
struct Constraints {
  static constexpr double kFree = std::numeric_limits<double>::quiet_NaN();

  bool equal_sigma = false;               ///< all sigmas that are not fixed are one
  std::vector<double> lambda, mu, sigma;  ///< of the first components
  double other_mu = kFree, other_sigma = kFree;  ///< of all others
  double noise = kFree;                          ///< its proportion

  /// How many components have constraints of their own.
  std::size_t own() const { return mu.size(); }
  double fixed_lambda(std::size_t j) const { return j < own() ? lambda[j] : kFree; }
  double fixed_mu(std::size_t j) const { return j < own() ? mu[j] : other_mu; }
  double fixed_sigma(std::size_t j) const { return j < own() ? sigma[j] : other_sigma; }
};

bool is_free(double fixed);

/// True if there is nothing to hold.
bool is_none(const Constraints& constraints);

/// True if two components have the same constraints.
bool are_alike(const Constraints& constraints, std::size_t a, std::size_t b);

/// What the free proportions sum to.
double free_share(const Constraints& constraints);

/// The proportions, of which those that are free are scaled to sum to their share.
void normalise_lambda(Mixture& mixture, const Constraints& constraints);

/// The mixture with the fixed values in their place; sigmas that must be one have the
/// variance within components.
Mixture constrained(Mixture mixture, const Constraints& constraints);

}  // namespace gmm1d
