#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

namespace gmm1d {

/// What ties the parameters of components to each other. A relation holds among those
/// components of which the parameter is not fixed. Those that are in a row (`spaced`,
/// `symmetric`, `growth`) are in order of mu, whatever their numbers.
struct Relation {
  enum class Means {
    free,
    equal,      ///< one mean for all
    spaced,     ///< a, a + b, a + 2 b, ...
    symmetric,  ///< about one centre
    growth,     ///< a, a + b, a + b + b r, a + b + b r + b r^2, ...
    linear      ///< offset_j + sum_c design_jc b_c for component j
  };
  enum class Sigmas {
    free,
    ratios,       ///< s ratio_j for component j
    proportional  ///< s |mu_j|: the coefficient of variation is one
  };
  /// A parameter of one component that is held, the relation staying as it is.
  struct Pin {
    std::size_t component;
    double value;
  };

  Means means = Means::free;
  Sigmas sigmas = Sigmas::free;
  bool equal_lambda = false;  ///< all proportions that are not fixed are one
  std::vector<std::vector<double>> design;  ///< `linear`: a row for each component
  std::vector<double> offset;               ///< `linear`
  std::vector<double> ratios;               ///< `ratios`
  double scale = std::numeric_limits<double>::quiet_NaN();  ///< s, where it is known
  double zero = 0;  ///< where 0 is, from which `linear` and `proportional` count
  std::optional<Pin> mean, sigma;

  bool ties_means() const { return means != Means::free; }
  bool ties_sigmas() const { return sigmas != Sigmas::free; }
  /// True if it matters which component has which number.
  bool is_by_number() const { return means == Means::linear || sigmas == Sigmas::ratios; }
};

}  // namespace gmm1d
