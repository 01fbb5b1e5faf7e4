// Fits twenty data sets with the core alone and prints the results, so that processors
// and compilers can be compared. The data are the same everywhere, as they are computed
// from whole numbers, sums and products only.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "../../src/each.h"
#include "../../src/points.h"
#include "../../src/search.h"
#include "../../src/simd.h"
#include "../../src/squash.h"
#include "../../src/threads.h"

using namespace gmm1d;

namespace {

/// Uniform numbers by Knuth's linear congruential generator.
class Uniform {
 public:
  explicit Uniform(std::uint64_t seed) : state_(seed) {}
  double operator()() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state_ >> 11) / 9007199254740992.0;
  }

 private:
  std::uint64_t state_;
};

/// Nearly normal: a sum of uniform numbers.
double normal(Uniform& uniform) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += uniform();
  return sum;
}

std::vector<double> data_set(int which) {
  Uniform uniform(1000 + static_cast<std::uint64_t>(which));
  const std::size_t sizes[] = {60, 300, 1500, 9000, 140000};
  std::vector<double> x(sizes[which % 5]);
  for (double& value : x) {
    const double z = normal(uniform), u = uniform();
    switch (which / 5) {
      case 0:
        value = u < 0.4 ? z : 5 + 1.5 * z;
        break;
      case 1:
        value = u < 0.1 ? 0.05 * z : (u < 0.5 ? 3 + z : 1e6 + 2 * z);
        break;
      case 2:
        value = std::floor(100 + 4 * z + (u < 0.3 ? 25 : 0));
        break;
      default:
        value = z * z * z * (u < 0.5 ? 1e-3 : 1);
    }
  }
  return x;
}

void fit(int which) {
  const std::vector<double> x = data_set(which);
  SquashOptions how;
  how.threads = 2;
  const Squashed squashed = squash(doubles(x.data(), x.size()), doubles(nullptr, 0), how);
  const Points points = squashed.points.view();
  const Task task = {
      objective_of(sample_of(points), {}, {robust_scale(points), squashed.step}), {}};
  const std::vector<int> ks = {1, 2, 3, 4};
  const std::vector<EmResult> path = search(task.objective, ks, task.how);
  for (const EmResult& result : path) {
    std::printf("%d %d %d %.17g", which, static_cast<int>(result.mixture.k()),
                result.status == Status::converged, result.objective);
    for (std::size_t j = 0; j < result.mixture.k(); ++j)
      std::printf(" %.17g %.17g %.17g", result.mixture[j].lambda, result.mixture[j].mu,
                  result.mixture[j].sigma);
    std::printf("\n");
  }
}

/// The largest errors of the exponential and the logarithm, relative to the value. For a
/// logarithm below 1 in size the error is absolute.
void functions() {
  double worst_exp = 0, worst_single = 0, worst_log = 0;
  for (int i = 0; i <= 200000; ++i) {
    const double x = -707.9 * i / 200000;
    worst_exp = std::fmax(worst_exp, std::fabs(simd_exp(x) / std::exp(x) - 1));
    const float single = -86.9F * static_cast<float>(i) / 200000;
    const double expected = std::exp(static_cast<double>(single));
    worst_single = std::fmax(worst_single, std::fabs(simd_exp(single) / expected - 1));
    const double y = std::ldexp(1 + (i % 1000) / 1000.0, i / 100 - 1000);
    const double error = std::fabs(simd_log(y) - std::log(y));
    worst_log = std::fmax(worst_log, error / std::fmax(1.0, std::fabs(std::log(y))));
  }
  const bool right = worst_exp < 1e-15 && worst_log < 1e-15 && worst_single < 3e-7 &&
                     simd_exp(-1000.0) == 0 && simd_exp(-100.0F) == 0;
  std::printf("functions %s\n", right ? "right" : "wrong");
}

}  // namespace

int main() {
  functions();
  for (int which = 0; which < 20; ++which) fit(which);
  return 0;
}
