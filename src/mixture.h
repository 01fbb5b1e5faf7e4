#pragma once

#include <cstddef>
#include <limits>

#include "few.h"

namespace gmm1d {

struct Component {
  double lambda, mu, sigma;

  bool operator==(const Component& other) const {
    return lambda == other.lambda && mu == other.mu && sigma == other.sigma;
  }
};

/// A background that is uniform between two bounds. There is none if they are equal.
struct Noise {
  double lambda = 0, low = 0, high = 0;

  bool exists() const { return high > low; }
};

/// A Gaussian mixture, with or without noise. Every fit starts from one and ends in one.
/// The mixing proportions, including that of the noise, sum to 1.
struct Mixture {
  Few<Component> components;
  Noise noise = {};

  std::size_t k() const { return components.size(); }
  bool has_noise() const { return noise.exists(); }
  /// The number of responsibilities of an observation: one for each component, then one
  /// for the noise.
  std::size_t columns() const { return k() + (has_noise() ? 1 : 0); }
  /// The proportion of column j.
  double lambda(std::size_t j) const {
    return j < k() ? components[j].lambda : noise.lambda;
  }
  Component& operator[](std::size_t j) { return components[j]; }
  const Component& operator[](std::size_t j) const { return components[j]; }
};

/// The mixture of -X.
Mixture reflected(Mixture mixture);

/// The same mixture with its components sorted by mu (ties by sigma), except for the
/// first few, which keep their places.
Mixture ordered(const Mixture& mixture, std::size_t first = 0);

/// The joint density of an observation and its component,
///   lambda_j N(x; mu_j, sigma_j^2),
/// on the log scale: the one density formula of the package.
struct LogJoint {
  explicit LogJoint(const Mixture& mixture);

  double operator()(double x, std::size_t j) const {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const double z = (x - mu[j]) * per_sigma[j];
    if (j == mixture.k() ? is_outside(x) : mixture[j].sigma == 0 && z != 0)
      return -kInfinity;
    return log_height[j] - 0.5 * z * z;
  }

  /// True if x is outside the range of the noise. False if there is no noise.
  bool is_outside(double x) const {
    return mixture.has_noise() && !(mixture.noise.low <= x && x <= mixture.noise.high);
  }

  const Mixture& mixture;
  /// One number per column. Noise counts as a component with `per_sigma` 0, so it is
  /// flat.
  Few<double> mu;
  Few<double> per_sigma;   ///< 1 / sigma_j
  Few<double> log_height;  ///< log(lambda_j / (sigma_j sqrt(2 pi)))
};

/// Log densities below this lose the digits that distinguish components: they are known
/// to no more than 1e-6.
constexpr double kFarOut = -1e10;

/// Computes the responsibilities of the components for x in `gamma[0..k-1]`, and returns
/// the log density of the mixture at x. The responsibilities always sum to 1.
double responsibilities(double x, const LogJoint& log_joint, double* gamma);

/// The tail whose probability is computed: P(X <= x) or P(X > x).
enum class Tail { lower, upper };

/// Turns log terms into probabilities in place, and returns the log of their sum. If all
/// terms are -Inf they are left unchanged.
double normalise(double* terms, std::size_t k);

double log_density(double x, const LogJoint& log_joint);
double log_cdf(double x, const Mixture& mixture, Tail tail);

/// The x with log_cdf(x, mixture, tail) = log_p.
double quantile(double log_p, const Mixture& mixture, Tail tail);

}  // namespace gmm1d
