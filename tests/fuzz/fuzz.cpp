// Treats bytes as data: squashes them, whole and in two halves that are merged, searches and climbs.
// For any bytes, nothing may crash, and the result must be a mixture.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "../../src/cells.h"
#include "../../src/conclude.h"
#include "../../src/each.h"
#include "../../src/em.h"
#include "../../src/points.h"
#include "../../src/search.h"
#include "../../src/squash.h"

using namespace gmm1d;

namespace {

constexpr std::size_t kMostValues = 120;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "not true: %s\n", what);
  std::abort();
}

void check(const EmResult& result, std::size_t k) {
  const Mixture& mixture = result.mixture;
  require(mixture.k() == k, "as many components as asked for");
  double sum = 0;
  for (std::size_t j = 0; j < k; ++j) {
    require(mixture[j].lambda >= 0, "no proportion is negative");
    require(std::isfinite(mixture[j].mu), "means are finite");
    require(mixture[j].sigma > 0 && std::isfinite(mixture[j].sigma), "sigmas are positive");
    sum += mixture[j].lambda;
  }
  require(std::abs(sum - 1) < 1e-9, "proportions sum to 1");
  require(!std::isnan(result.loglik), "the log-likelihood is a number");
  require(std::is_sorted(result.trace.begin(), result.trace.end()), "the trace rises");
}

Task task_for(const Points& points, double scale, double step) {
  Task task;
  task.objective = objective_of(sample_of(points), {}, {scale, step});
  task.how.climb.max_iter = 200;
  return task;
}

void fit(const Squashed& squashed, int most) {
  Points points = squashed.points.view();
  if (points.size < 2 || !(points.n > 0) || !std::isfinite(points.n)) return;
  if (!std::isfinite(points.x[points.size - 1] - points.x[0])) return;  // R may refuse it
  const Task task = task_for(points, robust_scale(points), squashed.step);
  std::vector<int> ks;
  for (int k = 1; k <= most && static_cast<std::size_t>(k) <= points.size; ++k)
    ks.push_back(k);
  const std::vector<EmResult> path = search(task.objective, ks, task.how);
  require(path.size() == ks.size(), "a fit for each k");
  for (std::size_t i = 0; i < path.size(); ++i) check(path[i], ks[i]);
  check(climb(task.objective, path.back().mixture, task.how.climb), ks.back());
}

Squashed squash_part(const double* x, const double* w, std::size_t n, bool weighted,
                     int cells) {
  SquashOptions options;
  options.cells = cells;
  return squash(doubles(x, n), doubles(w, weighted ? n : 0), options);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const int most = 1 + data[0] % 4, cells = 1 + data[1];
  const bool weighted = data[2] & 1, rounded = data[2] & 2;
  data += 3;
  const std::size_t n = std::min((size - 3) / 9, kMostValues);
  std::vector<double> x(n), w(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::memcpy(&x[i], data + 9 * i, 8);
    w[i] = data[9 * i + 8] / 4.0;
    if (rounded && std::abs(x[i]) < 1e6) x[i] = std::round(x[i]);
  }
  const Squashed all = squash_part(x.data(), w.data(), n, weighted, cells);
  if (all.fault == Fault::none) fit(all, most);

  const std::size_t half = n / 2;
  const Squashed a = squash_part(x.data(), w.data(), half, weighted, cells);
  const Squashed b = squash_part(x.data() + half, w.data() + half, n - half, weighted, cells);
  if (a.fault == Fault::none && b.fault == Fault::none)
    require(all.fault == Fault::none, "parts without fault make a whole without");
  return 0;
}
