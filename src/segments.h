#pragma once

#include <cstddef>
#include <vector>

#include "kmeans1d.h"
#include "objective.h"
#include "points.h"

namespace gmm1d {

/// Partitions of sorted points into runs of the largest classification likelihood: the
/// penalised likelihood of data whose components are known to be the runs (Fisher 1958;
/// Scott & Symons 1971), found exactly by dynamic programming, O(m^2) for each run more.
class Segments {
 public:
  explicit Segments(const Objective& objective);

  /// The best partition into k runs; k counts up from 1, one a call.
  Groups next();

 private:
  std::size_t size_;
  /// Where the gains of the runs stand that begin at a point, the shortest first.
  std::size_t row(std::size_t begin) const { return begin * (2 * size_ + 1 - begin) / 2; }

  std::vector<double> gain_;    ///< of each run
  std::vector<double> best_;    ///< of the first e points in as many runs as now
  std::vector<Groups> starts_;  ///< where the last of these runs starts
};

}  // namespace gmm1d
