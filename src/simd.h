#pragma once

// exp and log that compilers can vectorise, macros for loops that they should vectorise,
// and for functions compiled for several kinds of processor. Without OpenMP, or on other
// processors, all of this is plain C++.

#include <cfloat>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

// Compiles one copy of a function for each kind of processor; the loader picks the best.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) &&                \
    defined(__gnu_linux__) && defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#if __GNUC__ >= 12
#define GMM1D_MULTIVERSION \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define GMM1D_MULTIVERSION __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#else
#define GMM1D_MULTIVERSION
#endif

// Marks a loop whose iterations are independent, except for sums that each adds to.
#ifdef _OPENMP
#define GMM1D_PRAGMA(...) _Pragma(#__VA_ARGS__)
#define GMM1D_SIMD GMM1D_PRAGMA(omp simd)
#define GMM1D_SIMD_SUM(...) GMM1D_PRAGMA(omp simd reduction(+ : __VA_ARGS__))
#define GMM1D_SIMD_LEAST(one) GMM1D_PRAGMA(omp simd reduction(min : one))
#else
#define GMM1D_SIMD
#define GMM1D_SIMD_SUM(...)
#define GMM1D_SIMD_LEAST(one)
#endif

// The functions below must be inlined into the loop that calls them to be vectorised.
#if defined(__GNUC__)
#define GMM1D_INLINE inline __attribute__((always_inline))
#else
#define GMM1D_INLINE inline
#endif

namespace gmm1d {

/// The same bits as another type of the same size.
template <class To, class From>
GMM1D_INLINE To same_bits(From value) {
  static_assert(sizeof(To) == sizeof(From), "not the same size");
  To bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

GMM1D_INLINE std::uint64_t bits_of(double value) {
  return same_bits<std::uint64_t>(value);
}
GMM1D_INLINE std::uint32_t bits_of(float value) {
  return same_bits<std::uint32_t>(value);
}
GMM1D_INLINE double from_bits(std::uint64_t bits) { return same_bits<double>(bits); }
GMM1D_INLINE float from_bits(std::uint32_t bits) { return same_bits<float>(bits); }

/// x if `condition` is above 0, else 0. It works on the sign bit, because compilers do
/// not vectorise a loop that selects a constant.
template <class Real>
GMM1D_INLINE Real if_positive(Real condition, Real x) {
  const auto is_positive = bits_of(Real{0} - condition) >> (8 * sizeof(Real) - 1);
  return from_bits(bits_of(x) & (0 - is_positive));
}

/// a if `condition` is above 0, else b. Both are evaluated.
GMM1D_INLINE double select(double condition, double a, double b) {
  const std::uint64_t first = 0 - (bits_of(0.0 - condition) >> 63);
  return from_bits((bits_of(a) & first) | (bits_of(b) & ~first));
}

/// The polynomial in x with these coefficients, starting with the highest power.
template <class Real>
GMM1D_INLINE Real horner(Real, Real value) {
  return value;
}
template <class Real, class... Rest>
GMM1D_INLINE Real horner(Real x, Real highest, Real next, Rest... rest) {
  return horner(x, highest * x + next, rest...);
}

/// 1 / sqrt(x) for positive x that are not denormal, with relative error below 4e-16.
/// (Compilers do not vectorise a loop with a root that may set errno.) The exponent gives
/// a first guess within 4 % (Lomont 2003), and four Newton steps square its error each.
GMM1D_INLINE double simd_per_sqrt(double x) {
  const double half = 0.5 * x;
  double y = from_bits(std::uint64_t{0x5fe6eb50c7b537a9} - (bits_of(x) >> 1));
  for (int i = 0; i < 3; ++i) y *= 1.5 - half * y * y;
  return y + y * (0.5 - half * y * y);
}

#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0

// x87 arithmetic keeps extra digits, on which the bit operations below would fail.
GMM1D_INLINE double simd_exp(double x) { return x > -708 ? std::exp(x) : 0; }
GMM1D_INLINE float simd_exp(float x) { return x > -87 ? std::exp(x) : 0; }
GMM1D_INLINE double simd_log(double x) { return std::log(x); }
GMM1D_INLINE float simd_log(float x) { return std::log(x); }

#else

/// exp(x) for x <= 709, with relative error below 2.5e-16; 0 below -708, where the result
/// would be denormal.
///
/// Let n be the whole number nearest to x / log(2), and r = x - n log(2), which is at
/// most 0.35 in size. Then the result is 2^n exp(r): a Taylor polynomial of degree 13
/// (remainder 5e-18) whose exponent is raised by n. log(2) is subtracted in two parts,
/// the first with few digits, so that r is exact (Cody & Waite 1980).
GMM1D_INLINE double simd_exp(double x) {
  // Adding 1.5 2^52 moves the whole number into the lowest bits.
  constexpr double kShift = 6755399441055744.0;
  const double y = if_positive(x + 708, x);
  const double shifted = y * 1.44269504088896340736 + kShift;
  const double n = shifted - kShift;
  const double r = (y - n * 0.693145751953125) - n * 1.42860682030941723212e-6;
  // The even and the odd terms after the first two can be computed in parallel.
  const double t = r * r;
  const double even = horner(t, 1.0 / 479001600, 1.0 / 3628800, 1.0 / 40320, 1.0 / 720,
                             1.0 / 24, 1.0 / 2);
  const double odd = horner(t, 1.0 / 6227020800, 1.0 / 39916800, 1.0 / 362880, 1.0 / 5040,
                            1.0 / 120, 1.0 / 6);
  const double p = horner(r, odd, even, 1.0, 1.0);
  return if_positive(x + 708, from_bits(bits_of(p) + (bits_of(shifted) << 52)));
}

/// The same in single precision, within 2e-7 of its value; 0 below -87. The polynomial
/// has degree 7 (remainder 6e-9).
GMM1D_INLINE float simd_exp(float x) {
  constexpr float kShift = 12582912.0F;  // 1.5 2^23
  const float y = if_positive(x + 87, x);
  const float shifted = y * 1.442695041F + kShift;
  const float n = shifted - kShift;
  const float r = (y - n * 0.693145752F) - n * 1.42860677e-6F;
  const float p = horner(r, 1.0F / 5040, 1.0F / 720, 1.0F / 120, 1.0F / 24, 1.0F / 6,
                         0.5F, 1.0F, 1.0F);
  return if_positive(x + 87, from_bits(bits_of(p) + (bits_of(shifted) << 23)));
}

/// log(x) for positive x that are not denormal, with relative error below 2.5e-16 (near
/// 1: relative to x - 1).
///
/// Let x = 2^e m with m from sqrt(1/2) to sqrt(2), and s = (m - 1) / (m + 1), which is at
/// most 0.172 in size. Then the result is e log(2) + 2 atanh(s), from 11 terms of its
/// series (remainder 2e-19).
GMM1D_INLINE double simd_log(double x) {
  constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e667f3bcdULL;
  constexpr std::uint64_t kExponent = 0xfff0000000000000ULL;
  constexpr std::uint64_t kTwoTo52 = 0x4330000000000000ULL;
  const std::uint64_t distance = bits_of(x) - kSqrtHalf;
  const std::uint64_t biased = ((distance >> 52) + 0x800) & 0xfff;  // e + 2048
  const double e = from_bits(biased | kTwoTo52) - (4503599627370496.0 + 2048);
  const double m = from_bits(bits_of(x) - (distance & kExponent));
  const double s = (m - 1) / (m + 1);
  const double t = s * s;
  const double p = horner(t, 2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13, 2.0 / 11,
                          2.0 / 9, 2.0 / 7, 2.0 / 5, 2.0 / 3);
  return e * 0.693147180369123816490 +
         (2 * s + (s * t * p + e * 1.90821492927058770002e-10));
}

/// The same in single precision, within 2e-7 of its value, from 5 terms (remainder 2e-9).
GMM1D_INLINE float simd_log(float x) {
  constexpr std::uint32_t kSqrtHalf = 0x3f3504f3U;
  constexpr std::uint32_t kExponent = 0xff800000U;
  constexpr std::uint32_t kTwoTo23 = 0x4b000000U;
  const std::uint32_t distance = bits_of(x) - kSqrtHalf;
  const std::uint32_t biased = ((distance >> 23) + 0x100) & 0x1ff;  // e + 256
  const float e = from_bits(biased | kTwoTo23) - (8388608.0F + 256);
  const float m = from_bits(bits_of(x) - (distance & kExponent));
  const float s = (m - 1) / (m + 1);
  const float t = s * s;
  const float p = horner(t, 2.0F / 9, 2.0F / 7, 2.0F / 5, 2.0F / 3);
  return e * 0.693147181F + (2 * s + s * t * p);
}

#endif

/// exp of x or, if that is less, of `most`. x may be infinite.
template <class Real>
GMM1D_INLINE Real simd_exp_at_most(Real most, Real x) {
  const Real below = most - x;
  return simd_exp(most - if_positive(below, below));
}

}  // namespace gmm1d
