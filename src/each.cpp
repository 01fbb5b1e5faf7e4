#include "each.h"

#include <algorithm>

#include "conclude.h"
#include "mixture.h"
#include "threads.h"

namespace gmm1d {

namespace {

/// Entropies of fewer points than this are found before another thread is awake.
constexpr std::size_t kOneThread = 20000;

/// The options of a task, in a thread that looks in its own way for what ends it.
SearchOptions with_check(SearchOptions options, const Check& check) {
  options.em.check_interrupt = check;
  return options;
}

/// Calls f for each task, with its options in that thread.
template <class F>
void for_each_task(const std::vector<Task>& tasks, int threads, const F& f) {
  if (tasks.empty()) return;
  parallel_for(
      tasks.size(), threads_allowed(threads),
      [&](std::size_t i, const Check& check) {
        f(i, with_check(tasks[i].options, check));
      },
      tasks[0].options.em.check_interrupt);
}

}  // namespace

std::vector<Squashed> squash_each(const std::vector<Values>& x,
                                  const std::vector<Values>& weights,
                                  const SquashOptions& options) {
  std::vector<Squashed> results(x.size());
  if (x.size() == 1) {
    results[0] = squash(x[0], weights[0], options);
    return results;
  }
  const auto threadable = [](const Values& values) { return values.threadable; };
  const bool all = std::all_of(x.begin(), x.end(), threadable) &&
                   std::all_of(weights.begin(), weights.end(), threadable);
  parallel_for(
      x.size(), all ? threads_allowed(options.threads) : 1,
      [&](std::size_t i, const Check& check) {
        results[i] = squash(x[i], weights[i], {options.cells, 1, check});
      },
      options.check_interrupt);
  return results;
}

std::vector<std::vector<EmResult>> search_each(const std::vector<Task>& tasks,
                                               const std::vector<std::vector<int>>& ks,
                                               int threads) {
  std::vector<std::vector<EmResult>> results(tasks.size());
  for_each_task(tasks, threads, [&](std::size_t i, const SearchOptions& options) {
    if (!ks[i].empty()) results[i] = search(tasks[i].points, ks[i], options);
  });
  return results;
}

std::vector<EmResult> climb_each(const std::vector<Task>& tasks,
                                 const std::vector<Mixture>& starts, int threads) {
  std::vector<EmResult> results(tasks.size());
  for_each_task(tasks, threads, [&](std::size_t i, const SearchOptions& options) {
    results[i] = climb(tasks[i].points, starts[i], options.em);
  });
  return results;
}

std::vector<double> entropy_each(const std::vector<Points>& points,
                                 const std::vector<Mixture>& mixtures, int threads) {
  std::vector<double> results(points.size());
  std::size_t size = 0;
  for (const Points& one : points) size += one.size;
  parallel_for(
      points.size(), size > kOneThread ? threads_allowed(threads) : 1,
      [&](std::size_t i, const Check&) { results[i] = entropy(points[i], mixtures[i]); });
  return results;
}

}  // namespace gmm1d
