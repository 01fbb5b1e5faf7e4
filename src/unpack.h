#pragma once

#include <algorithm>
#include <vector>

#include "each.h"
#include "errors.h"
#include "gmm1d_types.h"
#include "mixture.h"
#include "squash.h"

/// R's lists as the types of the core. Values far from 0 are taken about an offset.
namespace gmm1d {

/// What f says of each item, in a container of its own.
template <class Result, class Items, class Function>
Result each(const Items& items, Function f) {
  Result result(items.size());
  std::transform(items.begin(), items.end(), result.begin(), f);
  return result;
}

/// A mixture whose means are to be taken about an offset.
Mixture unpack_mixture(const Rcpp::List& mixture, double offset = 0);
std::vector<Mixture> unpack_mixtures(const Rcpp::List& mixtures, double offset = 0);

/// Numbers of R: doubles, integers or integer64 (about a base), read by region where they
/// are computed as they are asked for. The vector must outlive them.
Values unpack_values(SEXP x, double base = 0);

/// The number about which values are squashed: 0 but for integer64 that doubles cannot
/// hold.
double base_of(SEXP x);

SquashOptions unpack_squash_options(const Rcpp::List& options);
Grid unpack_grid(const Rcpp::List& packed);

/// Cells of which the levels, the indices and, in a matrix, the sums are columns.
std::vector<Cell> unpack_cells(SEXP packed);
/// Cells with the columns of their errors besides.
std::vector<ErrorCell> unpack_error_cells(const Rcpp::List& packed);

/// The number about which the core takes the values of points: 0 unless they are far
/// away.
double offset_of(const Rcpp::List& squashed);

/// Views: the list must outlive them.
Points unpack_points(const Rcpp::List& squashed);
Sample unpack_sample(const Rcpp::List& squashed);

/// What is maximised and how, about the offset of the data. Options are `constraints`,
/// the `control` of the user, and `plain`: without a penalty. Views: the lists must
/// outlive them.
Objective unpack_objective(const Rcpp::List& squashed, const Rcpp::List& options);
Climb unpack_climb(const Rcpp::List& options);

/// The same for a mixture of k components.
Objective unpack_objective(const Rcpp::List& squashed, const Rcpp::List& options,
                           std::size_t k);

/// Data sets that are fitted alike.
std::vector<Task> unpack_tasks(const Rcpp::List& squashed, const Rcpp::List& options);

}  // namespace gmm1d
