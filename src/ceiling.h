#pragma once

#include <functional>
#include <vector>

#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// What no mixture of normals, of any number, with every sigma at least a given one can
/// exceed in log-likelihood, and what shows it.
///
/// For any density f > 0 let D(m) = (1/n) sum_i w_i p(x_i | m, sigma) / f(x_i). A wider
/// component is a mixture of narrower ones, so by Jensen's inequality every such mixture
/// has a log-likelihood of at most l(f) + n log(sup D). It is least where f is the
/// nonparametric maximum likelihood estimate.
struct Ceiling {
  double bound;     ///< infinite where sigma is too small for one
  double largest;   ///< sup D, by what it can be at most
  double error;     ///< of the bound where points stand for the data; NaN if unknown
  Mixture mixture;  ///< f: its sigmas are all the given one
};

/// The bound for data without labels and windows, with noise if that has a range. With
/// errors sigma may be 0. With a target the bound is a looser one, on the same side of
/// it.
Ceiling ceiling(const Sample& sample, const Noise& noise, double sigma, double target,
                const std::function<void()>& check_interrupt);

/// The gradient function D of a mixture, from the left to the right of the data. Where it
/// is above 1, a component of this sigma is missing.
struct Curve {
  std::vector<double> at, value;
};
Curve gradient_curve(const Sample& sample, const Mixture& f, double sigma);

}  // namespace gmm1d
