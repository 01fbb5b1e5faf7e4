#pragma once

#include <vector>

#include "kmeans1d.h"
#include "mixture.h"
#include "objective.h"
#include "points.h"
#include "segments.h"

namespace gmm1d {

/// k groups of equal weight, as near as ties allow.
Groups quantile_groups(const Points& points, std::size_t k);

/// The mixture whose components are the groups, no sigma below `least`.
Mixture from_groups(const Points& points, const Groups& groups, double least,
                    const Penalty& penalty);

/// The mixtures from which the search begins, for k = 1, 2, ... in turn.
class Starts {
 public:
  explicit Starts(const Objective& objective);

  /// k groups of equal weight, k groups of least within-group sum of squares (exact
  /// k-means), and the k runs of the largest classification likelihood.
  std::vector<Mixture> next();

 private:
  const Points points_;
  const Penalty penalty_;
  const double least_;  ///< sigma
  KMeans1d kmeans_;
  Segments segments_;
  std::size_t k_ = 0;
};

std::vector<Mixture> starting_values(const Objective& objective, std::size_t k);

}  // namespace gmm1d
