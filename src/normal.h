#pragma once

namespace gmm1d {

/// The standard normal distribution: Z has density phi and distribution function Phi.

constexpr double kLogHalf = -0.69314718055994530942;
constexpr double kLogSqrt2Pi = 0.91893853320467274178;
constexpr double kPerSqrt2Pi = 0.39894228040143267794;

/// P(Z <= z).
double normal_cdf(double z);

/// log P(Z <= z), exact in both tails.
double normal_log_cdf(double z);

/// log P(a < Z <= b), a < b, exact in both tails.
double normal_log_probability(double a, double b);

/// The integral of Phi up to z.
double integrated_normal_cdf(double z);

/// log(1 - exp(log_p)), exact at both ends (Maechler 2012).
double log_complement(double log_p);

}  // namespace gmm1d
