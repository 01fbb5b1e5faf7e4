#include "values.h"

#include <algorithm>
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

Values integers64(const double* bits, std::size_t n) {
  return {n, true, [bits](std::size_t begin, std::size_t count, double* buffer) {
            std::transform(bits + begin, bits + begin + count, buffer, [](double b) {
              std::int64_t value;
              std::memcpy(&value, &b, sizeof value);
              return number(value);
            });
            return buffer;
          }};
}

}  // namespace gmm1d
