#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "mixture.h"
#include "relation.h"

namespace gmm1d {

/// Parameters held fixed, equal standard deviations, and other relations between
/// parameters.
///
/// In every mixture, components with constraints of their own come first, in the order of
/// these vectors. The constraints on all others are stored separately. NaN stands for a
/// free parameter.
struct Constraints {
  static constexpr double kFree = std::numeric_limits<double>::quiet_NaN();

  bool equal_sigma = false;               ///< all sigmas that are not fixed are equal
  std::vector<double> lambda, mu, sigma;  ///< for the first components
  double other_mu = kFree, other_sigma = kFree;  ///< for all others
  double noise = kFree;                          ///< its proportion
  Relation relation;

  /// The number of components with constraints of their own.
  std::size_t own() const { return mu.size(); }
  double fixed_lambda(std::size_t j) const { return j < own() ? lambda[j] : kFree; }
  double fixed_mu(std::size_t j) const { return j < own() ? mu[j] : other_mu; }
  double fixed_sigma(std::size_t j) const { return j < own() ? sigma[j] : other_sigma; }
};

inline bool is_free(double fixed) { return std::isnan(fixed); }

/// True if a relation ties means or standard deviations; equal sigmas do not count.
bool is_related(const Constraints& constraints);

/// True if the sigmas that are not fixed share one unknown scale.
bool are_sigmas_tied(const Constraints& constraints);

/// True if the sigma of component j is tied in this way.
bool is_tied(const Constraints& constraints, std::size_t j);

/// True if the tied sigmas are proportional to the means.
bool is_proportional(const Constraints& constraints);

/// True if the common scale of the tied sigmas is unknown.
bool has_free_scale(const Constraints& constraints);

/// True if the sigma of component j is unknown, by itself or because of its tied scale or
/// mean (a proportional sigma changes with its mean).
bool is_sigma_free(const Constraints& constraints, std::size_t j);

/// True if there are no constraints.
bool is_none(const Constraints& constraints);

/// True if components a and b have the same constraints.
bool are_alike(const Constraints& constraints, std::size_t a, std::size_t b);

/// The sum of the free proportions.
double free_share(const Constraints& constraints);

/// Sets the proportions that are fixed or equal, and scales the free ones to sum to their
/// share.
void normalise_lambda(Mixture& mixture, const Constraints& constraints);

/// The mixture with fixed values set, and tied parameters moved as little as the relation
/// requires. Sigmas that must be equal get the pooled within-component variance.
Mixture constrained(Mixture mixture, const Constraints& constraints);

}  // namespace gmm1d
