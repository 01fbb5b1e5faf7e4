#pragma once

#include <cstddef>
#include <vector>

#include "points.h"
#include "two_doubles.h"

namespace gmm1d {

/// A partition of sorted points into runs: the index of the first point of each group.
using Groups = std::vector<std::size_t>;

/// The groups that a dynamic programme found. starts[g][e] is the index at which the last
/// of g + 1 groups of the first e points starts.
Groups groups_of(const std::vector<Groups>& starts);

/// Finds the groups with the least within-group sum of squares. An optimal group of
/// sorted points is a run, so dynamic programming is exact (Fisher 1958). The start of
/// the last group increases with the end, so divide and conquer needs O(m log m) for each
/// further group.
class KMeans1d {
 public:
  explicit KMeans1d(const Points& points);

  /// Returns the best partition into k groups. The first call has k = 1, the next k = 2,
  /// and so on.
  Groups next();

 private:
  /// The sum of squares of a run about its mean.
  class RunCost {
   public:
    explicit RunCost(const Points& points);
    double operator()(std::size_t begin, std::size_t end) const;

   private:
    std::vector<TwoDoubles> w_, wx_, wxx_;
  };

  struct Row;

  RunCost cost_;
  std::vector<double> least_;   ///< least cost of the first e points, for each e
  std::vector<Groups> starts_;  ///< as for groups_of()
};

}  // namespace gmm1d
