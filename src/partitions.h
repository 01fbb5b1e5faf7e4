#pragma once

#include <cstddef>
#include <vector>

#include "objective.h"
#include "points.h"

namespace gmm1d {

/// A partition of sorted points into runs: the index of the first point of each group.
using Groups = std::vector<std::size_t>;

/// All runs of sorted points, ordered by where they begin, then by where they end.
struct Runs {
  explicit Runs(const Points& points);

  double unit;            ///< of distances: half the range, so that no square is Inf
  std::vector<double> n;  ///< the weight of each run
  std::vector<double> squares;  ///< its sum of squares about its mean
};

/// Finds the partitions whose groups have the largest sum of gains. The groups are runs,
/// so dynamic programming is exact (Fisher 1958). It needs O(m^2) for each further group.
class Partitions {
 public:
  /// Of `size` points, with the gain of each run.
  Partitions(std::size_t size, std::vector<double> gain);

  /// Returns the best partition into k groups. The first call has k = 1, the next k = 2,
  /// and so on.
  Groups next();

 private:
  /// The place of the runs that begin at a point, the shortest first.
  std::size_t row(std::size_t begin) const { return begin * (2 * size_ + 1 - begin) / 2; }

  std::size_t size_;
  std::vector<double> gain_;
  std::vector<double> best_;  ///< for the first e points in the current number of groups
  std::vector<Groups> starts_;  ///< the start of the last group, for the first e points
};

/// The gains that give the least within-group sum of squares (exact k-means): optimal
/// groups of sorted points are runs.
std::vector<double> gains_of_kmeans(const Runs& runs);

/// The gains that give the largest classification likelihood, which is the penalised
/// likelihood if the components are known to be the groups (Scott & Symons 1971).
std::vector<double> gains_of_likelihood(const Runs& runs, const Objective& objective);

}  // namespace gmm1d
