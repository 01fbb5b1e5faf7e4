#pragma once

#include <limits>
#include <vector>

#include "mixture.h"
#include "relation.h"

namespace gmm1d {

/// Parameters that are held fixed, standard deviations that are one, and other relations
/// between parameters.
///
/// Components with constraints of their own come first in every mixture, in the order of
/// these; what holds for all others comes beside. NaN stands for a free parameter.
struct Constraints {
  static constexpr double kFree = std::numeric_limits<double>::quiet_NaN();

  bool equal_sigma = false;               ///< all sigmas that are not fixed are one
  std::vector<double> lambda, mu, sigma;  ///< of the first components
  double other_mu = kFree, other_sigma = kFree;  ///< of all others
  double noise = kFree;                          ///< its proportion
  Relation relation;

  /// How many components have constraints of their own.
  std::size_t own() const { return mu.size(); }
  double fixed_lambda(std::size_t j) const { return j < own() ? lambda[j] : kFree; }
  double fixed_mu(std::size_t j) const { return j < own() ? mu[j] : other_mu; }
  double fixed_sigma(std::size_t j) const { return j < own() ? sigma[j] : other_sigma; }
};

bool is_free(double fixed);

/// True if means or standard deviations are tied by more than being one sigma.
bool is_related(const Constraints& constraints);

/// True if the sigmas that are not fixed have one unknown in common.
bool are_sigmas_tied(const Constraints& constraints);

/// True if the sigma of component j is one of them.
bool is_tied(const Constraints& constraints, std::size_t j);

/// True if these are proportional to the means.
bool is_proportional(const Constraints& constraints);

/// True if what they have in common is not known.
bool has_free_scale(const Constraints& constraints);

/// True if the sigma of component j is not known, alone or from those it is tied to; one
/// that is proportional moves with its mean.
bool is_sigma_free(const Constraints& constraints, std::size_t j);

/// True if there is nothing to hold.
bool is_none(const Constraints& constraints);

/// True if two components have the same constraints.
bool are_alike(const Constraints& constraints, std::size_t a, std::size_t b);

/// What the free proportions sum to.
double free_share(const Constraints& constraints);

/// The proportions, of which those that are free are scaled to sum to their share.
void normalise_lambda(Mixture& mixture, const Constraints& constraints);

/// The mixture with the fixed values in their place, and what is tied so near to what it
/// was as the relation allows; sigmas that must be one have the variance within
/// components.
Mixture constrained(Mixture mixture, const Constraints& constraints);

}  // namespace gmm1d
