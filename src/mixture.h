#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace gmm1d {

struct Component {
  double lambda, mu, sigma;
};

/// A background: uniform between two bounds. There is none where they are equal.
struct Noise {
  double lambda = 0, low = 0, high = 0;
};

/// A Gaussian mixture, with or without noise: the value that every fit begins from and
/// ends in. The mixing proportions sum to 1.
struct Mixture {
  std::vector<Component> components;
  Noise noise = {};

  std::size_t k() const { return components.size(); }
  bool has_noise() const { return noise.high > noise.low; }
  /// How many responsibilities an observation has: those of the components, then that of
  /// the noise.
  std::size_t columns() const { return k() + (has_noise() ? 1 : 0); }
  /// The proportion of what has column j.
  double lambda(std::size_t j) const {
    return j < k() ? components[j].lambda : noise.lambda;
  }
  Component& operator[](std::size_t j) { return components[j]; }
  const Component& operator[](std::size_t j) const { return components[j]; }
};

/// The same mixture of -X.
Mixture reflected(Mixture mixture);

/// The same mixture with its components in order of mu (of sigma where mu ties), but for
/// the first few, which stay where they are.
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

  /// True where noise cannot be, if there is any.
  bool is_outside(double x) const {
    return mixture.has_noise() && !(mixture.noise.low <= x && x <= mixture.noise.high);
  }

  const Mixture& mixture;
  /// One number a column. Noise is a component without a slope: `per_sigma` is 0.
  std::vector<double> mu;
  std::vector<double> per_sigma;   ///< 1 / sigma_j
  std::vector<double> log_height;  ///< log(lambda_j / (sigma_j sqrt(2 pi)))
};

/// Below this logarithm densities lose digits that tell components apart, 1e-6 of a unit.
constexpr double kFarOut = -1e10;

/// Fills `gamma[0..k-1]` with the responsibilities of the components for x, always a
/// pmf, and returns the log density of the mixture at x.
double responsibilities(double x, const LogJoint& log_joint, double* gamma);

/// The side of x on which a probability is counted: P(X <= x) or P(X > x).
enum class Tail { lower, upper };

/// Turns log terms into a pmf in place and returns the log of their sum; terms that are
/// all -Inf stay as they are.
double normalise(double* terms, std::size_t k);

double log_density(double x, const LogJoint& log_joint);
double log_cdf(double x, const Mixture& mixture, Tail tail);

/// The x at which log_cdf(x, mixture, tail) = log_p.
double quantile(double log_p, const Mixture& mixture, Tail tail);

}  // namespace gmm1d
