#include "each.h"

#include "threads.h"

namespace gmm1d {

namespace {

/// The callback that looks for the user's interrupt belongs to one thread alone.
SearchOptions uninterrupted(SearchOptions options) {
  options.em.check_interrupt = [] {};
  return options;
}

}  // namespace

std::vector<std::vector<EmResult>> search_each(const std::vector<Task>& tasks,
                                               const std::vector<std::vector<int>>& ks,
                                               int threads) {
  std::vector<std::vector<EmResult>> results(tasks.size());
  if (tasks.size() == 1 && !ks[0].empty()) {
    results[0] = search(tasks[0].points, ks[0], tasks[0].options);
    return results;
  }
#pragma omp parallel for schedule(dynamic) num_threads(threads_allowed(threads))
  for (std::size_t i = 0; i < tasks.size(); ++i)
    if (!ks[i].empty())
      results[i] = search(tasks[i].points, ks[i], uninterrupted(tasks[i].options));
  return results;
}

std::vector<EmResult> climb_each(const std::vector<Task>& tasks, const Mixture& start,
                                 int threads) {
  std::vector<EmResult> results(tasks.size());
#pragma omp parallel for schedule(dynamic) num_threads(threads_allowed(threads))
  for (std::size_t i = 0; i < tasks.size(); ++i)
    results[i] = climb(tasks[i].points, start, uninterrupted(tasks[i].options).em);
  return results;
}

}  // namespace gmm1d
