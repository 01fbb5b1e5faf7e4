#pragma once

#include <algorithm>
#include <vector>

#include "ceiling.h"
#include "unpack.h"

/// Converts the types of the core to R lists. The offset is added back to means and
/// bounds.
namespace gmm1d {

Rcpp::List pack(const Mixture& mixture, double offset = 0);
Rcpp::List pack(const PointSet& points);
Rcpp::List pack(const ErroneousSet& set);
Rcpp::List pack(const Squashed& squashed, double base);

/// Packs cells into columns of levels and indices and a matrix of sums.
Rcpp::List pack_cells(const std::vector<Cell>& cells);

/// How results about a data set are reported to R: the offset that the core subtracted,
/// and the cells, if there are any, with their base.
struct Frame {
  explicit Frame(const Rcpp::List& squashed);

  double offset, base;
  std::vector<Cell> cells;
};

Rcpp::List pack(const Ceiling& ceiling, double offset);
Rcpp::List pack(const EmResult& result, const Frame& frame);
Rcpp::List pack(const std::vector<EmResult>& results, const Frame& frame);
Rcpp::List pack(const EmTest& test, const Frame& frame);

/// Packs the results for many data sets.
template <class Results>
Rcpp::List pack_each(const Results& results, const Rcpp::List& squashed) {
  Rcpp::List packed(results.size());
  std::transform(
      results.begin(), results.end(), squashed.begin(), packed.begin(),
      [](const auto& one, const Rcpp::List& points) { return pack(one, Frame(points)); });
  return packed;
}

}  // namespace gmm1d
