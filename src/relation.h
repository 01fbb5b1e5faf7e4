#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

namespace gmm1d {

/// The ties between parameters of several components. A relation applies to the
/// components whose parameter is not fixed. For means in a row (`spaced`, `symmetric`,
/// `growth`), components are ordered by mu, whatever their numbers.
struct Relation {
  enum class Means {
    free,
    equal,      ///< one mean for all
    spaced,     ///< a, a + b, a + 2 b, ...
    symmetric,  ///< symmetric about a centre
    growth,     ///< a, a + b, a + b + b r, a + b + b r + b r^2, ...
    linear      ///< offset_j + sum_c design_jc b_c for component j
  };
  enum class Sigmas {
    free,
    ratios,       ///< s ratio_j for component j
    proportional  ///< s |mu_j|: all have the same coefficient of variation
  };
  /// A parameter of one component that is held (for a profile) while the relation stays.
  struct Pin {
    std::size_t component;
    double value;
  };

  Means means = Means::free;
  Sigmas sigmas = Sigmas::free;
  bool equal_lambda = false;  ///< all proportions that are not fixed are equal
  std::vector<std::vector<double>> design;  ///< `linear`: a row for each component
  std::vector<double> offset;               ///< `linear`
  std::vector<double> ratios;               ///< `ratios`
  double scale = std::numeric_limits<double>::quiet_NaN();  ///< s, if it is known
  double zero = 0;  ///< the origin from which `linear` and `proportional` measure means
  std::optional<Pin> mean, sigma;

  bool ties_means() const { return means != Means::free; }
  bool ties_sigmas() const { return sigmas != Sigmas::free; }
  /// True if the relation depends on the numbers of the components.
  bool is_by_number() const { return means == Means::linear || sigmas == Sigmas::ratios; }
};

}  // namespace gmm1d
