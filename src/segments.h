#pragma once

#include <cstddef>
#include <vector>

#include "kmeans1d.h"
#include "objective.h"
#include "points.h"

namespace gmm1d {

/// Finds the partitions of sorted points into runs with the largest classification
/// likelihood, which is the penalised likelihood if the components are known to be the
/// runs (Fisher 1958; Scott & Symons 1971). Dynamic programming is exact, and needs
/// O(m^2) for each further run.
class Segments {
 public:
  explicit Segments(const Objective& objective);

  /// Returns the best partition into k runs. The first call has k = 1, the next k = 2,
  /// and so on.
  Groups next();

 private:
  std::size_t size_;
  /// The place in gain_ of the runs that begin at a point, the shortest first.
  std::size_t row(std::size_t begin) const { return begin * (2 * size_ + 1 - begin) / 2; }

  std::vector<double> gain_;    ///< of each run
  std::vector<double> best_;    ///< for the first e points in the current number of runs
  std::vector<Groups> starts_;  ///< the start of the last run
};

}  // namespace gmm1d
