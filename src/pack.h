#pragma once

#include <algorithm>
#include <vector>

#include "ceiling.h"
#include "unpack.h"

/// The types of the core as R's lists. What the core says of values about an offset, R is
/// told about 0.
namespace gmm1d {

Rcpp::List pack(const Mixture& mixture, double offset = 0);
Rcpp::List pack(const PointSet& points);
Rcpp::List pack(const ErroneousSet& set);
Rcpp::List pack(const Squashed& squashed, double base);

/// Cells as columns: of their levels, their indices and, in a matrix, their sums.
Rcpp::List pack_cells(const std::vector<Cell>& cells);

/// Data as R is told about fits of them: about which number the core has taken them, and
/// their cells, if they have any, with their own base.
struct Frame {
  explicit Frame(const Rcpp::List& squashed);

  double offset, base;
  std::vector<Cell> cells;
};

Rcpp::List pack(const Ceiling& ceiling, double offset);
Rcpp::List pack(const EmResult& result, const Frame& frame);
Rcpp::List pack(const std::vector<EmResult>& results, const Frame& frame);
Rcpp::List pack(const EmTest& test, const Frame& frame);

/// What the core says of many data sets.
template <class Results>
Rcpp::List pack_each(const Results& results, const Rcpp::List& squashed) {
  Rcpp::List packed(results.size());
  std::transform(
      results.begin(), results.end(), squashed.begin(), packed.begin(),
      [](const auto& one, const Rcpp::List& points) { return pack(one, Frame(points)); });
  return packed;
}

}  // namespace gmm1d
