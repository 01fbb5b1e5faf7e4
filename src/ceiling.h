#pragma once

#include <functional>
#include <vector>

#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// An upper bound of the log-likelihood of all mixtures of normals, of any number, in
/// which every sigma is at least a given one, with the mixture that proves it.
///
/// For any density f > 0 let D(m) = (1/n) sum_i w_i p(x_i | m, sigma) / f(x_i). A wider
/// component is a mixture of narrower ones, so by Jensen's inequality every such mixture
/// has a log-likelihood of at most l(f) + n log(sup D). This bound is lowest if f is the
/// nonparametric maximum likelihood estimate.
struct Ceiling {
  double bound;    ///< infinite if sigma is too small for a bound
  double largest;  ///< an upper bound of sup D
  /// Of the bound, if points stand for the data. NaN if it is unknown, or not needed
  /// because the bound is no lower than a target.
  double error;
  Mixture mixture;  ///< f, whose sigmas all equal the given one
};

/// Computes the bound for data without labels and windows, with noise if it has a range.
/// If all observations have errors, sigma may be 0. If there is a target, the bound may
/// be looser, but is on the same side of the target.
Ceiling ceiling(const Sample& sample, const Noise& noise, double sigma, double target,
                const std::function<void()>& check_interrupt);

/// The gradient function D of a mixture, over the range of the data. Where it is above 1,
/// the likelihood would increase with a component of this sigma there.
struct Curve {
  std::vector<double> at, value;
};
Curve gradient_curve(const Sample& sample, const Mixture& f, double sigma);

}  // namespace gmm1d
