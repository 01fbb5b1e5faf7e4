#pragma once

#include <cstddef>
#include <vector>

#include "points.h"

namespace gmm1d {

/// A partition of sorted points into runs: the index at which each group starts.
using Groups = std::vector<std::size_t>;

/// The k groups of least within-group sum of squares, found exactly: an optimal group of
/// sorted points is a run, so dynamic programming finds it (Fisher 1958), and as the last
/// start moves monotonically with the end, by divide and conquer in O(k m log m).
Groups kmeans1d(const Points& points, std::size_t k);

}  // namespace gmm1d
