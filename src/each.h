#pragma once

#include <vector>

#include "em_test.h"
#include "search.h"
#include "squash.h"

namespace gmm1d {

/// Squashes many data sets in parallel. If there is only one, it uses all threads itself.
/// The results do not depend on the number of threads. For weights, see squash().
std::vector<Squashed> squash_each(const std::vector<Values>& x,
                                  const std::vector<Values>& weights,
                                  const SquashOptions& options);

/// Data, and how to fit them.
struct Task {
  Objective objective;
  Search how;
};

/// Runs the search on each of many data sets, in parallel, with numbers of components of
/// its own. If there is only one, it uses all threads itself. The results do not depend
/// on the number of threads. The first task's check for a user interrupt ends all.
std::vector<std::vector<EmResult>> search_each(const std::vector<Task>& tasks,
                                               const std::vector<std::vector<int>>& ks,
                                               int threads);

/// Climbs from a start on each of many data sets, in the same way: to the maximum that a
/// search would report, or with the plain likelihood.
std::vector<EmResult> conclude_each(const std::vector<Task>& tasks,
                                    const std::vector<Mixture>& starts, int threads);
std::vector<EmResult> climb_each(const std::vector<Task>& tasks,
                                 const std::vector<Mixture>& starts, int threads);

/// Runs the EM-test on each of many data sets, in the same way, from the mixture that a
/// search found. If there is only one data set, it uses all threads itself.
std::vector<EmTest> em_test_each(const std::vector<Task>& tasks,
                                 const std::vector<Mixture>& found, int threads);

}  // namespace gmm1d
