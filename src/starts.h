#pragma once

#include <vector>

#include "em.h"
#include "kmeans1d.h"
#include "mixture.h"
#include "points.h"
#include "segments.h"

namespace gmm1d {

/// k groups of equal weight, as near as ties allow.
Groups quantile_groups(const Points& points, std::size_t k);

/// The mixture whose components are the groups, no sigma below `least`.
Mixture from_groups(const Points& points, const Groups& groups, double least,
                    const EmOptions& options);

/// The mixtures from which the search begins, for k = 1, 2, ... in turn.
class Starts {
 public:
  Starts(const Points& points, const EmOptions& options);

  /// k groups of equal weight, k groups of least within-group sum of squares (exact
  /// k-means), and the k runs of the largest classification likelihood.
  std::vector<Mixture> next();

 private:
  const Points points_;
  const EmOptions options_;
  KMeans1d kmeans_;
  Segments segments_;
  std::size_t k_ = 0;
};

std::vector<Mixture> starting_values(const Points& points, std::size_t k,
                                     const EmOptions& options);

}  // namespace gmm1d
