#pragma once

#include <cstddef>
#include <vector>

#include "points.h"
#include "two_doubles.h"

namespace gmm1d {

/// A partition of sorted points into runs: the index at which each group starts.
using Groups = std::vector<std::size_t>;

/// The groups that a dynamic programme has found: starts[g][e] is where the last of g + 1
/// groups of the first e points starts.
Groups groups_of(const std::vector<Groups>& starts);

/// The groups of least within-group sum of squares, found exactly: an optimal group of
/// sorted points is a run, so dynamic programming finds it (Fisher 1958), and as the last
/// start moves monotonically with the end, by divide and conquer in O(m log m) for each
/// group more.
class KMeans1d {
 public:
  explicit KMeans1d(const Points& points);

  /// The best partition into k groups; k counts up from 1, one a call.
  Groups next();

 private:
  /// Sums of squares of runs about their means.
  class RunCost {
   public:
    explicit RunCost(const Points& points);
    double operator()(std::size_t begin, std::size_t end) const;

   private:
    std::vector<TwoDoubles> w_, wx_, wxx_;
  };

  struct Row;

  RunCost cost_;
  std::vector<double> least_;   ///< cost of the first e points in as many groups as now
  std::vector<Groups> starts_;  ///< where the last of these groups starts
};

}  // namespace gmm1d
