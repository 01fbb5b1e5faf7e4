#include "each.h"

#include <algorithm>

#include "conclude.h"
#include "mixture.h"
#include "threads.h"

namespace gmm1d {

namespace {

/// A search for k components among n points takes longer than starting threads if
/// (k - 1) n is at least this.
constexpr double kWorthThreads = 400;

bool is_worth_threads(const Objective& objective, int k) {
  return (k - 1) * static_cast<double>(objective.sample.places.size) >= kWorthThreads;
}

/// The options of a task, with the check that ends work in this thread.
Search with_check(Search how, const Check& check) {
  how.climb.check_interrupt = check;
  return how;
}

/// Calls f for each task, with its options in that thread.
template <class F>
void for_each_task(const std::vector<Task>& tasks, int threads, const F& f) {
  if (tasks.empty()) return;
  parallel_for(
      tasks.size(), threads_allowed(threads),
      [&](std::size_t i, const Check& check) { f(i, with_check(tasks[i].how, check)); },
      tasks[0].how.climb.check_interrupt);
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
  const bool is_alone = tasks.size() == 1;
  for_each_task(tasks, threads, [&](std::size_t i, const Search& how) {
    if (ks[i].empty()) return;
    const Objective& objective = tasks[i].objective;
    const bool is_shared = is_alone && is_worth_threads(objective, ks[i].back());
    Team team(is_shared ? threads_allowed(threads) : 1);
    results[i] = search(objective, ks[i], how, team);
  });
  return results;
}

std::vector<EmResult> conclude_each(const std::vector<Task>& tasks,
                                    const std::vector<Mixture>& starts, int threads) {
  std::vector<EmResult> results(tasks.size());
  for_each_task(tasks, threads, [&](std::size_t i, const Search& how) {
    results[i] = conclude(tasks[i].objective, starts[i], how.climb);
  });
  return results;
}

std::vector<EmResult> climb_each(const std::vector<Task>& tasks,
                                 const std::vector<Mixture>& starts, int threads) {
  std::vector<EmResult> results(tasks.size());
  for_each_task(tasks, threads, [&](std::size_t i, const Search& how) {
    results[i] = climb(tasks[i].objective, starts[i], how.climb);
  });
  return results;
}

std::vector<EmTest> em_test_each(const std::vector<Task>& tasks,
                                 const std::vector<Mixture>& found, int threads) {
  std::vector<EmTest> results(tasks.size());
  const int inside = tasks.size() == 1 ? threads_allowed(threads) : 1;
  for_each_task(tasks, threads, [&](std::size_t i, const Search& how) {
    results[i] = em_test(tasks[i].objective, found[i], how.climb, inside);
  });
  return results;
}

}  // namespace gmm1d
