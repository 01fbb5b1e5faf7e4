#pragma once

#include <vector>

#include "em_test.h"
#include "search.h"
#include "squash.h"

namespace gmm1d {

/// Many data sets squashed, by threads unless there is one alone, which has them all for
/// itself; the results do not depend on their number. Weights as for squash().
std::vector<Squashed> squash_each(const std::vector<Values>& x,
                                  const std::vector<Values>& weights,
                                  const SquashOptions& options);

/// Data and how to fit them.
struct Task {
  Objective objective;
  Search how;
};

/// The search on each of many data sets with numbers of components of its own, by
/// threads; the results do not depend on their number. Where the options of the first
/// task look for the user's interrupt, that ends all.
std::vector<std::vector<EmResult>> search_each(const std::vector<Task>& tasks,
                                               const std::vector<std::vector<int>>& ks,
                                               int threads);

/// The climb from a start on each of many data sets, likewise.
std::vector<EmResult> climb_each(const std::vector<Task>& tasks,
                                 const std::vector<Mixture>& starts, int threads);

/// The EM-test on each of many data sets, from what a search has found there, likewise;
/// one data set alone has all threads for itself.
std::vector<EmTest> em_test_each(const std::vector<Task>& tasks,
                                 const std::vector<Mixture>& found, int threads);

}  // namespace gmm1d
