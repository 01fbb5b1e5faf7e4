#include "values.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace gmm1d {

namespace {

template <class Integer>
double number(Integer value) {
  return value == std::numeric_limits<Integer>::min()
             ? std::numeric_limits<double>::quiet_NaN()
             : static_cast<double>(value);
}

constexpr std::int64_t kMissing = std::numeric_limits<std::int64_t>::min();

std::int64_t integer64(double bits) {
  std::int64_t value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace

Values doubles(const double* x, std::size_t n) {
  return {n, true, [x](std::size_t begin, std::size_t, double*) { return x + begin; }};
}

Values integers(const int* x, std::size_t n) {
  return {n, true, [x](std::size_t begin, std::size_t count, double* buffer) {
            std::transform(x + begin, x + begin + count, buffer, number<int>);
            return buffer;
          }};
}

Values integers64(const double* bits, std::size_t n, double base) {
  const auto whole_base = static_cast<std::int64_t>(base);
  return {n, true,
          [bits, whole_base](std::size_t begin, std::size_t count, double* buffer) {
            std::transform(bits + begin, bits + begin + count, buffer, [&](double b) {
              const std::int64_t value = integer64(b);
              // The difference of two numbers of the same sign cannot overflow.
              const bool is_near = value != kMissing && (value < 0) == (whole_base < 0);
              return is_near ? static_cast<double>(value - whole_base)
                             : number(value) - static_cast<double>(whole_base);
            });
            return buffer;
          }};
}

double base_of_integers64(const double* bits, std::size_t n) {
  const double* first =
      std::find_if(bits, bits + n, [](double b) { return integer64(b) != kMissing; });
  if (first == bits + n) return 0;
  const auto value = static_cast<double>(integer64(*first));
  constexpr double kExact = 9007199254740992.0, kUnit = 4294967296.0;  // 2^53, 2^32
  return std::abs(value) <= kExact ? 0 : kUnit * std::trunc(value / kUnit);
}

}  // namespace gmm1d
