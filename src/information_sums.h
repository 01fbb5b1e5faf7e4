#pragma once

#include <cmath>
#include <cstddef>

#include "few.h"
#include "information.h"
#include "mixture.h"
#include "simd.h"

// What the information is made of: sums over the observations, in either precision.

namespace gmm1d {

/// Sums over observations for one component. s0 is the sum of w_i gamma_ij. The others
/// are sums of w_i gamma_ij times: the derivatives of the log-likelihood of the
/// observation with respect to m and l; the second derivatives of its likelihood, divided
/// by the likelihood (mm, ml, ll); and the information of m and half of that of l if the
/// components were known (n1, n2).
struct Derivatives {
  double s0 = 0, m = 0, l = 0, mm = 0, ml = 0, ll = 0, n1 = 0, n2 = 0;

  void add(const Derivatives& more, double sign) {
    s0 += sign * more.s0;
    m += sign * more.m;
    l += sign * more.l;
    mm += sign * more.mm;
    ml += sign * more.ml;
    ll += sign * more.ll;
    n1 += sign * more.n1;
    n2 += sign * more.n2;
  }
};

/// The derivatives of exact values, from the sums of w_i gamma_ij z_ij^p for p = 0 .. 4.
Derivatives of_powers(const double* sums);

/// The sums over all observations. Those of windows are subtracted.
struct Totals {
  explicit Totals(std::size_t k) : telling(k), all(k), missing(k) {}

  Few<Derivatives> telling;  ///< over the observations that tell of the proportions
  Few<Derivatives> all;
  Few<double> missing;  ///< the s0 of the unseen values that would tell of them
  double of_noise = 0, missing_noise = 0;  ///< the s0 of the noise, and the same for it
  double seen = 0, outside = 0;  ///< weight that tells of them, and that of windows
};

/// The roots of weights in a unit. A root takes longer than the rest of a column, and
/// most weights are the same.
template <class Real>
void roots(const double* w, std::size_t n, double unit, Real* root) {
  double last = 0;
  Real of_last = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (w[i] != last) of_last = std::sqrt(static_cast<Real>(w[i] * unit));
    last = w[i];
    root[i] = of_last;
  }
}

/// The columns are filled up to a multiple of kTall. Cross products are computed for
/// blocks of kTall by kWide columns, so that each number that is read contributes to
/// several sums.
constexpr std::size_t kTall = 4, kWide = 2;

inline std::size_t filled_up(std::size_t columns) {
  return (columns + kTall - 1) / kTall * kTall;
}

/// Adds the cross products of `count` columns of length n, a stride apart, to the upper
/// triangle of a matrix, and to some entries below the diagonal.
template <class Real>
GMM1D_INLINE void add_products_of_columns(const Real* columns, std::size_t n,
                                          std::size_t stride, std::size_t count,
                                          double* matrix) {
  for (std::size_t b = 0; b < count; b += kWide) {
    const Real *b0 = columns + b * stride, *b1 = b0 + stride;
    for (std::size_t a = 0; a <= b; a += kTall) {
      const Real *a0 = columns + a * stride, *a1 = a0 + stride, *a2 = a1 + stride,
                 *a3 = a2 + stride;
      Real s00 = 0, s10 = 0, s20 = 0, s30 = 0, s01 = 0, s11 = 0, s21 = 0, s31 = 0;
      GMM1D_SIMD_SUM(s00, s10, s20, s30, s01, s11, s21, s31)
      for (std::size_t i = 0; i < n; ++i) {
        const Real x = b0[i], y = b1[i];
        s00 += a0[i] * x;
        s10 += a1[i] * x;
        s20 += a2[i] * x;
        s30 += a3[i] * x;
        s01 += a0[i] * y;
        s11 += a1[i] * y;
        s21 += a2[i] * y;
        s31 += a3[i] * y;
      }
      double *to0 = matrix + b * count + a, *to1 = to0 + count;
      to0[0] += static_cast<double>(s00);
      to0[1] += static_cast<double>(s10);
      to0[2] += static_cast<double>(s20);
      to0[3] += static_cast<double>(s30);
      to1[0] += static_cast<double>(s01);
      to1[1] += static_cast<double>(s11);
      to1[2] += static_cast<double>(s21);
      to1[3] += static_cast<double>(s31);
    }
  }
}

/// The information, given the sums and the cross products of `count` columns: those of
/// the e_j, the m_j and the l_j, and of the noise if there is any.
Information information_of(const Mixture& mixture, const Totals& totals,
                           const double* products, std::size_t count);

}  // namespace gmm1d
