#pragma once

#include <algorithm>
#include <vector>

#include "each.h"
#include "errors.h"
#include "gmm1d_types.h"
#include "mixture.h"
#include "squash.h"

/// Converts R lists to the types of the core. Values far from 0 are taken relative to an
/// offset.
namespace gmm1d {

/// Applies f to each item, and collects the results in a container.
template <class Result, class Items, class Function>
Result each(const Items& items, Function f) {
  Result result(items.size());
  std::transform(items.begin(), items.end(), result.begin(), f);
  return result;
}

/// Unpacks a mixture, and subtracts the offset from its means.
Mixture unpack_mixture(const Rcpp::List& mixture, double offset = 0);
std::vector<Mixture> unpack_mixtures(const Rcpp::List& mixtures, double offset = 0);

/// The numbers of an R vector: doubles, integers or integer64 (minus a base). If the
/// vector computes its elements on request, they are read by region. The vector must
/// outlive the result.
Values unpack_values(SEXP x, double base = 0);

/// The base that is subtracted from values before squashing. It is 0 except for integer64
/// values that doubles cannot represent.
double base_of(SEXP x);

SquashOptions unpack_squash_options(const Rcpp::List& options);
Grid unpack_grid(const Rcpp::List& packed);

/// Unpacks cells from columns of levels and indices and a matrix of sums.
std::vector<Cell> unpack_cells(SEXP packed);
/// The same for cells with errors, which have further columns.
std::vector<ErrorCell> unpack_error_cells(const Rcpp::List& packed);

/// The offset that the core subtracts from the values of points. It is 0 unless they are
/// far from 0.
double offset_of(const Rcpp::List& squashed);

/// These are views: the list must outlive them.
Points unpack_points(const Rcpp::List& squashed);
Sample unpack_sample(const Rcpp::List& squashed);

/// The constraints on parameters, with the offset subtracted from known means.
Constraints unpack_constraints(const Rcpp::List& constraints, double offset = 0);

/// What to maximise, and how, relative to the offset of the data. The options are
/// `constraints`, the user's `control`, and `plain` (no penalty). These are views: the
/// lists must outlive them.
Objective unpack_objective(const Rcpp::List& squashed, const Rcpp::List& options);
Climb unpack_climb(const Rcpp::List& options);

/// The same, for a mixture of k components.
Objective unpack_objective(const Rcpp::List& squashed, const Rcpp::List& options,
                           std::size_t k);

/// Data sets that are all fitted with the same options.
std::vector<Task> unpack_tasks(const Rcpp::List& squashed, const Rcpp::List& options);

}  // namespace gmm1d
