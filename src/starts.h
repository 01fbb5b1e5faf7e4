#pragma once

#include <vector>

#include "mixture.h"
#include "objective.h"
#include "partitions.h"
#include "points.h"

namespace gmm1d {

/// k groups of equal weight, as far as ties allow.
Groups quantile_groups(const Points& points, std::size_t k);

/// The mixture with one component for each group, and no sigma below `least`.
Mixture from_groups(const Points& points, const Groups& groups, double least,
                    const Penalty& penalty);

/// The starting mixtures of the search, for k = 1, 2, ... in turn.
class Starts {
 public:
  explicit Starts(const Objective& objective);

  /// Returns three starts with k components: groups of equal weight, groups with the
  /// least within-group sum of squares (exact k-means), and runs with the largest
  /// classification likelihood. Returns none if there are fewer than k points.
  std::vector<Mixture> next();

 private:
  Starts(const Objective& objective, const Runs& runs);

  const Points points_;
  const Penalty penalty_;
  const double least_;  ///< the smallest sigma
  Partitions kmeans_, segments_;
  std::size_t k_ = 0;
};

std::vector<Mixture> starting_values(const Objective& objective, std::size_t k);

}  // namespace gmm1d
