#pragma once

#include "kernel.h"
#include "mixture.h"

namespace gmm1d {

/// What is known of a standard normal z that lies between two bounds: the log of the
/// probability that it does, and its moments of order 1 to 4 given that it does.
struct Truncated {
  double log_p;
  double moment[4];
};

/// The bounds a < b may be infinite; `width` is b - a, better known than by subtraction.
Truncated truncated(double a, double b, double width);

/// The E-step on a block of intervals: gamma[j * stride + i], the log probability of each
/// interval (the log density where one has no width), and the moments of order p of
/// z_ij = (x_i - mu_j) / sigma_j in moments[((p - 1) * k + j) * stride + i].
void interval_block(const Block& block, const LogJoint& log_joint, double* gamma,
                    std::size_t stride, double* log_probability, double* moments);

}  // namespace gmm1d
