#pragma once

#include <cmath>

namespace gmm1d {

/// A number with twice the digits of a double: the sum of two doubles, the second of
/// which is less than half a unit in the last place of the first (Dekker 1971).
struct TwoDoubles {
  double high = 0, low = 0;
};

/// a + b without rounding error, for |a| >= |b| or a = 0.
inline TwoDoubles sum_of_ordered(double a, double b) {
  const double high = a + b;
  return {high, b - (high - a)};
}

/// a + b without rounding error (Knuth 1969).
inline TwoDoubles sum(double a, double b) {
  const double high = a + b, of_b = high - a;
  return {high, (a - (high - of_b)) + (b - of_b)};
}

/// a b without rounding error.
inline TwoDoubles product(double a, double b) {
  const double high = a * b;
  return {high, std::fma(a, b, -high)};
}

inline TwoDoubles operator+(const TwoDoubles& a, const TwoDoubles& b) {
  const TwoDoubles s = sum(a.high, b.high), t = sum(a.low, b.low);
  const TwoDoubles u = sum_of_ordered(s.high, s.low + t.high);
  return sum_of_ordered(u.high, u.low + t.low);
}

inline TwoDoubles operator-(const TwoDoubles& a, const TwoDoubles& b) {
  return a + TwoDoubles{-b.high, -b.low};
}

inline TwoDoubles operator*(const TwoDoubles& a, double b) {
  const TwoDoubles p = product(a.high, b);
  return sum_of_ordered(p.high, std::fma(a.low, b, p.low));
}

}  // namespace gmm1d
