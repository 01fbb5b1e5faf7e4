#include "latent.h"

#include <algorithm>
#include <limits>

#include "normal.h"
#include "simd.h"

namespace gmm1d {

namespace {

/// Bounds more standard deviations away than this are treated as infinite.
constexpr double kFarBound = 1e8;

/// An interval is narrow if neither its width, in standard deviations, nor the change of
/// the log density over it exceeds this. Differences keep the digits for wide intervals,
/// a series keeps them for narrow ones.
constexpr double kNarrow = 0.03;

/// Log-probabilities P and moments of intervals of z, where z is standardised by
/// `per_tau`. With r(z) = phi(z) / P, integration by parts gives the moments
///   m_p = (p - 1) m_(p-2) + a^(p-1) r(a) - b^(p-1) r(b).
/// An interval is mirrored if that moves it to the right. P is computed on this side. If
/// the interval lies beyond the mean, P is phi(a) (R(a) - phi(b) / phi(a) R(b)), where R
/// is Mills' ratio. If it contains the mean, P is 1 minus the two tails.
template <bool kAll>
GMM1D_INLINE void wide_intervals(const double* lower, const double* upper,
                                 const double* per_tau, std::size_t n, double mu,
                                 double far_bound, double* log_p, double* m1, double* m2,
                                 double* m3, double* m4) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) {
    const double low = (lower[i] - mu) * per_tau[i], high = (upper[i] - mu) * per_tau[i];
    const double from = select(low + far_bound, low, -far_bound);
    const double to = select(far_bound - high, high, far_bound);
    const double flip = -(from + to);
    const double a = select(flip, -to, from), b = select(flip, -from, to);
    const double width = (upper[i] - lower[i]) * per_tau[i];
    const double w = select(2 * far_bound - width, width, 2 * far_bound);
    const double distance = select(a, a, -a);

    const double at_a = kPerSqrt2Pi * simd_exp(-0.5 * distance * distance);
    const double ratio = simd_exp(-0.5 * w * (a + b));  // phi(b) / phi(a)
    const double tail_a = simd_mills_ratio(distance),
                 tail_b = ratio * simd_mills_ratio(b);
    const double p = select(a, tail_a - tail_b, 1 - at_a * (tail_a + tail_b));
    log_p[i] = simd_log(p) - select(a, 0.5 * a * a + kLogSqrt2Pi, 0.0);

    const double r_a = select(a, 1.0, at_a) / p, r_b = r_a * ratio;
    const double first = r_a - r_b, second = 1 + a * r_a - b * r_b;
    m1[i] = select(flip, -first, first);
    m2[i] = second;
    if (!kAll) continue;
    const double third = 2 * first + a * a * r_a - b * b * r_b;
    m3[i] = select(flip, -third, third);
    m4[i] = 3 * second + a * a * a * r_a - b * b * b * r_b;
  }
}

GMM1D_MULTIVERSION
void of_wide_intervals(const double* lower, const double* upper, const double* per_tau,
                       std::size_t n, double mu, double far_bound, double* log_p,
                       double* m1, double* m2) {
  wide_intervals<false>(lower, upper, per_tau, n, mu, far_bound, log_p, m1, m2, nullptr,
                        nullptr);
}

GMM1D_MULTIVERSION
void of_wide_intervals(const double* lower, const double* upper, const double* per_tau,
                       std::size_t n, double mu, double far_bound, double* log_p,
                       double* m1, double* m2, double* m3, double* m4) {
  wide_intervals<true>(lower, upper, per_tau, n, mu, far_bound, log_p, m1, m2, m3, m4);
}

/// Positive if an interval of this width with midpoint c is narrow.
GMM1D_INLINE double is_narrow(double c, double width) {
  const double change = width * select(c, c, -c);
  return select(kNarrow - width, kNarrow - change, -1.0);
}

GMM1D_MULTIVERSION
double count_narrow(const double* lower, const double* upper, const double* per_tau,
                    std::size_t n, double mu) {
  double count = 0;
  GMM1D_SIMD_SUM(count)
  for (std::size_t i = 0; i < n; ++i) {
    const double c = (lower[i] / 2 + upper[i] / 2 - mu) * per_tau[i];
    count += if_positive(is_narrow(c, (upper[i] - lower[i]) * per_tau[i]), 1.0);
  }
  return count;
}

/// The same as wide_intervals(), for narrow intervals. With midpoint c and half width h,
/// everything is an integral from -h to h of
///   exp(-t c - t^2 / 2) = sum_k (-1)^k He_k(c) t^k / k!.
template <bool kAll>
GMM1D_INLINE void narrow_intervals(const double* lower, const double* upper,
                                   const double* per_tau, std::size_t n, double mu,
                                   double* log_p, double* m1, double* m2, double* m3,
                                   double* m4) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) {
    const double c = (lower[i] / 2 + upper[i] / 2 - mu) * per_tau[i], cc = c * c;
    const double w = (upper[i] - lower[i]) * per_tau[i], d = w * w / 4;
    const double he2 = cc - 1, he3 = c * (cc - 3), he4 = (cc - 6) * cc + 3;
    const double he5 = c * ((cc - 10) * cc + 15), he6 = ((cc - 15) * cc + 45) * cc - 15;
    const double t0 =
        horner(d, he6 * (1.0 / 5040), he4 * (1.0 / 120), he2 * (1.0 / 6), 1.0);
    const double u = d / t0;
    const double t1 = -u * horner(d, he5 * (1.0 / 840), he3 * (1.0 / 30), c * (1.0 / 3));
    const double t2 = u * horner(d, he4 * (1.0 / 168), he2 * 0.1, 1.0 / 3);

    const double narrow = is_narrow(c, w);
    const double size = select(w, w, per_tau[i]);  // width 0: a density
    const double log_density = simd_log(size * t0) - 0.5 * cc - kLogSqrt2Pi;
    log_p[i] = select(narrow, log_density, log_p[i]);
    m1[i] = select(narrow, c + t1, m1[i]);
    m2[i] = select(narrow, cc + (2 * c * t1 + t2), m2[i]);
    if (!kAll) continue;
    const double t3 = -u * d * horner(d, he3 * (1.0 / 42), c * 0.2);
    const double t4 = u * d * horner(d, he2 * (1.0 / 14), 0.2);
    m3[i] = select(narrow, c * cc + (3 * cc * t1 + 3 * c * t2 + t3), m3[i]);
    m4[i] = select(narrow, cc * cc + (4 * c * cc * t1 + 6 * cc * t2 + 4 * c * t3 + t4),
                   m4[i]);
  }
}

GMM1D_MULTIVERSION
void of_narrow_intervals(const double* lower, const double* upper, const double* per_tau,
                         std::size_t n, double mu, double* log_p, double* m1,
                         double* m2) {
  narrow_intervals<false>(lower, upper, per_tau, n, mu, log_p, m1, m2, nullptr, nullptr);
}

GMM1D_MULTIVERSION
void of_narrow_intervals(const double* lower, const double* upper, const double* per_tau,
                         std::size_t n, double mu, double* log_p, double* m1, double* m2,
                         double* m3, double* m4) {
  narrow_intervals<true>(lower, upper, per_tau, n, mu, log_p, m1, m2, m3, m4);
}

/// Neighbouring intervals are mostly all narrow or all wide.
void of_intervals(const double* lower, const double* upper, const double* per_tau,
                  std::size_t n, double mu, const Latent& out) {
  const auto [m1, m2, m3, m4] = out.moment;
  const auto narrow =
      static_cast<std::size_t>(count_narrow(lower, upper, per_tau, n, mu));
  const bool all = m3 != nullptr;
  if (narrow < n && all)
    of_wide_intervals(lower, upper, per_tau, n, mu, kFarBound, out.log_p, m1, m2, m3, m4);
  else if (narrow < n)
    of_wide_intervals(lower, upper, per_tau, n, mu, kFarBound, out.log_p, m1, m2);
  if (narrow > 0 && all)
    of_narrow_intervals(lower, upper, per_tau, n, mu, out.log_p, m1, m2, m3, m4);
  else if (narrow > 0)
    of_narrow_intervals(lower, upper, per_tau, n, mu, out.log_p, m1, m2);
}

/// The log density, z and z^2 of exact values.
GMM1D_MULTIVERSION
void of_values(const double* x, const double* per_tau, std::size_t n, double mu,
               double* log_p, double* m1, double* m2) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) {
    const double z = (x[i] - mu) * per_tau[i];
    log_p[i] = simd_log(per_tau[i]) - kLogSqrt2Pi - 0.5 * z * z;
    m1[i] = z;
    m2[i] = z * z;
  }
}

/// z^3 and z^4, from z and z^2.
GMM1D_MULTIVERSION
void higher_powers(const double* m1, const double* m2, std::size_t n, double* m3,
                   double* m4) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) {
    m3[i] = m1[i] * m2[i];
    m4[i] = m2[i] * m2[i];
  }
}

void of_values(const double* x, const double* per_tau, std::size_t n, double mu,
               const Latent& out) {
  const auto [m1, m2, m3, m4] = out.moment;
  of_values(x, per_tau, n, mu, out.log_p, m1, m2);
  if (m3 != nullptr) higher_powers(m1, m2, n, m3, m4);
}

/// Computes 1 / tau, where tau^2 = sigma^2 + error^2, and the unit divided by tau.
GMM1D_MULTIVERSION
void of_errors(const double* error, std::size_t n, double sigma, double unit,
               double* per_tau, double* part) {
  const double per_unit = 1 / unit, s = sigma * per_unit;
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) {
    const double e = error[i] * per_unit;
    part[i] = simd_per_sqrt(s * s + e * e);
    per_tau[i] = part[i] * per_unit;
  }
}

double per_sigma(const Shape& component) {
  return std::min(1 / component.sigma, std::numeric_limits<double>::max());
}

}  // namespace

void latent(const Exact& seen, std::size_t n, const Shape& component, const Latent& out) {
  std::fill_n(out.part, n, per_sigma(component));
  of_values(seen.x, out.part, n, component.mu, out);
  std::fill_n(out.part, n, 1.0);
}

void latent(const Interval& seen, std::size_t n, const Shape& component,
            const Latent& out) {
  std::fill_n(out.part, n, per_sigma(component));
  of_intervals(seen.lower, seen.upper, out.part, n, component.mu, out);
  std::fill_n(out.part, n, 1.0);
}

void latent(const Erroneous& seen, std::size_t n, const Shape& component,
            const Latent& out) {
  double per_tau[kBlock];
  of_errors(seen.error, n, component.sigma, component.unit, per_tau, out.part);
  of_values(seen.x, per_tau, n, component.mu, out);
}

void latent(const ErroneousInterval& seen, std::size_t n, const Shape& component,
            const Latent& out) {
  double per_tau[kBlock];
  of_errors(seen.error, n, component.sigma, component.unit, per_tau, out.part);
  of_intervals(seen.lower, seen.upper, per_tau, n, component.mu, out);
}

}  // namespace gmm1d
