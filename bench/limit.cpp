// A loop that only reads values: what no pass over them can be faster than.
// [[Rcpp::plugins(cpp17, openmp)]]
#include <Rcpp.h>

#include <cstddef>
#include <thread>

namespace {

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)
#define MULTIVERSION __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define MULTIVERSION
#endif

MULTIVERSION
void add(const double* x, std::size_t n, double* sum) {
  double s = 0;
#pragma omp simd reduction(+ : s)
  for (std::size_t i = 0; i < n; ++i) s += x[i];
  *sum = s;
}

}  // namespace

// [[Rcpp::export]]
double read_on_two_threads(const Rcpp::NumericVector& x) {
  const std::size_t n = x.size(), half = n / 2;
  double first = 0, second = 0;
  std::thread other(add, x.begin() + half, n - half, &second);
  add(x.begin(), half, &first);
  other.join();
  return first + second;
}
