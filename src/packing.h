#pragma once

#include <RcppArmadillo.h>

#include <vector>

#include "each.h"
#include "em.h"
#include "mixture.h"
#include "search.h"
#include "squash.h"
#include "values.h"

/// Lists of R as the structs of the core, and back. Views must not outlive the lists.
namespace gmm1d {

Mixture unpack_mixture(const Rcpp::List& mixture);
std::vector<Mixture> unpack_mixtures(const Rcpp::List& mixtures);
Rcpp::List pack(const Mixture& mixture);

/// Numbers of R: doubles, integers or integer64, read by region where they are computed
/// as they are asked for. The vector must outlive them.
Values unpack_values(SEXP x);

SquashOptions unpack_squash_options(const Rcpp::List& options);
Rcpp::List pack(const PointSet& points);

/// Cells as columns: of their levels, their indices and, in a matrix, their sums.
Rcpp::List pack_cells(const std::vector<Cell>& cells);
std::vector<Cell> unpack_cells(SEXP packed);

Grid unpack_grid(const Rcpp::List& packed);
Rcpp::List pack(const Squashed& squashed);

/// A view: the list must outlive it.
Points unpack_points(const Rcpp::List& squashed);

EmOptions unpack_options(const Rcpp::List& options);
SearchOptions unpack_search_options(const Rcpp::List& options);
Rcpp::List pack(const EmResult& result);
Rcpp::List pack(const std::vector<EmResult>& results);

/// Data sets, and the options of each. Views: the lists must outlive them.
std::vector<Task> unpack_tasks(const Rcpp::List& squashed, const Rcpp::List& options);

}  // namespace gmm1d
