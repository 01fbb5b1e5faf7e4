#include "constraints.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "related.h"

namespace gmm1d {

namespace {

bool same(double a, double b) { return a == b || (is_free(a) && is_free(b)); }

/// The pooled sigma, sqrt(sum lambda_j sigma_j^2 / sum lambda_j), over the free sigmas.
double pooled_sigma(const Mixture& mixture, const Constraints& constraints) {
  double largest = 0;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_free(constraints.fixed_sigma(j)))
      largest = std::max(largest, mixture[j].sigma);
  double sum = 0, square = 0;
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    if (!is_free(constraints.fixed_sigma(j))) continue;
    const double ratio = largest > 0 ? mixture[j].sigma / largest : 0;
    sum += mixture[j].lambda;
    square += mixture[j].lambda * ratio * ratio;
  }
  return sum > 0 ? largest * std::sqrt(square / sum) : largest;
}

}  // namespace

bool is_related(const Constraints& constraints) {
  return constraints.relation.ties_means() || constraints.relation.ties_sigmas();
}

bool are_sigmas_tied(const Constraints& constraints) {
  return constraints.equal_sigma || constraints.relation.ties_sigmas();
}

bool is_tied(const Constraints& constraints, std::size_t j) {
  return are_sigmas_tied(constraints) && is_free(constraints.fixed_sigma(j));
}

bool is_proportional(const Constraints& constraints) {
  return constraints.relation.sigmas == Relation::Sigmas::proportional;
}

bool has_free_scale(const Constraints& constraints) {
  const Relation& relation = constraints.relation;
  return are_sigmas_tied(constraints) && is_free(relation.scale) && !relation.sigma;
}

bool is_sigma_free(const Constraints& constraints, std::size_t j) {
  if (!is_free(constraints.fixed_sigma(j))) return false;
  if (!are_sigmas_tied(constraints) || has_free_scale(constraints)) return true;
  return is_proportional(constraints) && is_free(constraints.fixed_mu(j));
}

bool is_none(const Constraints& constraints) {
  return !constraints.equal_sigma && constraints.own() == 0 && !is_related(constraints) &&
         !constraints.relation.equal_lambda && is_free(constraints.noise) &&
         is_free(constraints.other_mu) && is_free(constraints.other_sigma);
}

bool are_alike(const Constraints& constraints, std::size_t a, std::size_t b) {
  return !constraints.relation.is_by_number() &&
         same(constraints.fixed_lambda(a), constraints.fixed_lambda(b)) &&
         same(constraints.fixed_mu(a), constraints.fixed_mu(b)) &&
         same(constraints.fixed_sigma(a), constraints.fixed_sigma(b));
}

double free_share(const Constraints& constraints) {
  double share = 1;
  for (const double fixed : constraints.lambda)
    if (!is_free(fixed)) share -= fixed;
  if (!is_free(constraints.noise)) share -= constraints.noise;
  return std::max(share, 0.0);
}

void normalise_lambda(Mixture& mixture, const Constraints& constraints) {
  double sum = 0, free = 0;
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    if (!is_free(constraints.fixed_lambda(j))) continue;
    sum += mixture[j].lambda;
    ++free;
  }
  const bool noise_is_free = mixture.has_noise() && is_free(constraints.noise);
  if (noise_is_free) {
    sum += mixture.noise.lambda;
    ++free;
  }
  const double share = free_share(constraints);
  if (constraints.relation.equal_lambda) {
    const double mean = (sum - (noise_is_free ? mixture.noise.lambda : 0)) /
                        (free - (noise_is_free ? 1 : 0));
    for (std::size_t j = 0; j < mixture.k(); ++j) mixture[j].lambda = mean;
  }
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    const double fixed = constraints.fixed_lambda(j);
    if (!is_free(fixed))
      mixture[j].lambda = fixed;
    else
      mixture[j].lambda = sum > 0 ? share * (mixture[j].lambda / sum) : share / free;
  }
  if (noise_is_free)
    mixture.noise.lambda = sum > 0 ? share * (mixture.noise.lambda / sum) : share / free;
  else if (mixture.has_noise())
    mixture.noise.lambda = constraints.noise;
}

Mixture constrained(Mixture mixture, const Constraints& constraints) {
  if (is_none(constraints)) return mixture;
  normalise_lambda(mixture, constraints);
  const double pooled =
      constraints.equal_sigma ? pooled_sigma(mixture, constraints) : Constraints::kFree;
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    const double mu = constraints.fixed_mu(j), sigma = constraints.fixed_sigma(j);
    if (!is_free(mu)) mixture[j].mu = mu;
    if (!is_free(sigma))
      mixture[j].sigma = sigma;
    else if (constraints.equal_sigma)
      mixture[j].sigma = pooled;
  }
  if (is_related(constraints)) return related(std::move(mixture), constraints);
  return mixture;
}

}  // namespace gmm1d
