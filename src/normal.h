#pragma once

#include "simd.h"

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

/// (1 - Phi(z)) / phi(z) for z >= 0, with relative error below 4e-15: 1 / (1 + z) times a
/// polynomial in (z - 4) / (z + 4), from interpolation in 25 Chebyshev nodes (in the
/// manner of Shepherd & Laframboise 1981).
GMM1D_INLINE double simd_mills_ratio(double z) {
  const double per = 1 / ((z + 4) * (z + 1));
  const double t = (z - 4) * (z + 1) * per, tt = t * t;
  // The even and the odd terms can be computed in parallel.
  const double even = horner(
      tt, 4.4802333821554410112e-10, -6.5624402369813287424e-9, 5.0778441223414441564e-8,
      -2.86929996520938924e-7, 1.3907627079850683968e-6, -6.5533544552583398505e-6,
      0.000034158814331838243946, -0.00022021557569575160815, 0.0017418487737325850795,
      -0.012539103620398139616, -0.080708009679052299164, 0.035091880234748007241,
      1.1832619145678033543);
  const double odd = horner(
      tt, -1.6952996818876962738e-9, 1.3723059452456509556e-8, -4.4949163820375682378e-8,
      -3.1010836097759965506e-9, 1.0194890870987552253e-6, -8.6061878760969518656e-6,
      0.000053266970938315372558, -0.0002367017588271225815, -0.00071595090528381209319,
      0.044959129077069808045, 0.071690481201437430485, -0.24239967052181180);
  return (even + t * odd) * (z + 4) * per;
}

/// P(Z <= z), with absolute error below 2e-15, in a loop that compilers can vectorise.
GMM1D_INLINE double simd_normal_cdf(double z) {
  constexpr double kAlmostAll = 40;
  const double size = select(z, z, -z);
  const double a = select(kAlmostAll - size, size, kAlmostAll);
  const double tail = kPerSqrt2Pi * simd_exp(-0.5 * a * a) * simd_mills_ratio(a);
  return select(z, 1 - tail, tail);
}

}  // namespace gmm1d
