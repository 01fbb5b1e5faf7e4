// Everything that R calls: unpack, call, pack.

#include <RcppArmadillo.h>

#include <algorithm>

#include "each.h"
#include "em.h"
#include "mixture.h"
#include "packing.h"
#include "search.h"
#include "squash.h"
#include "starts.h"
#include "steps.h"

namespace {

using gmm1d::Cell;
using gmm1d::LogJoint;
using gmm1d::Mixture;
using gmm1d::pack;
using gmm1d::pack_cells;
using gmm1d::Tail;
using gmm1d::unpack_cells;
using gmm1d::unpack_grid;
using gmm1d::unpack_mixture;
using gmm1d::unpack_mixtures;
using gmm1d::unpack_options;
using gmm1d::unpack_points;
using gmm1d::unpack_search_options;
using gmm1d::unpack_squash_options;
using gmm1d::unpack_tasks;
using gmm1d::unpack_values;
using gmm1d::Values;
using Rcpp::_;
using Rcpp::List;
using Rcpp::NumericMatrix;
using Rcpp::NumericVector;

Tail unpack_tail(bool lower_tail) { return lower_tail ? Tail::lower : Tail::upper; }

template <class Function>
NumericVector map(const NumericVector& x, Function f) {
  NumericVector result(x.size());
  std::transform(x.begin(), x.end(), result.begin(), f);
  return result;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix estep_cpp(const Rcpp::NumericVector& x, const Rcpp::List& mixture,
                              int threads) {
  const Mixture m = unpack_mixture(mixture);
  NumericMatrix gamma = Rcpp::no_init(x.size(), m.k());
  gmm1d::estep(x.begin(), x.size(), m, threads, gamma.begin());
  return gamma;
}

// [[Rcpp::export(rng = false)]]
Rcpp::List mstep_cpp(const arma::vec& x, const arma::mat& gamma,
                     const arma::vec& weights) {
  return pack(gmm1d::mstep(x, gamma, weights));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List squash_cpp(SEXP x, SEXP weights, const Rcpp::List& options) {
  return pack(gmm1d::squash(unpack_values(x), unpack_values(weights),
                            unpack_squash_options(options)));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List squash_finer_cpp(SEXP x, SEXP weights, const Rcpp::List& options,
                            const Rcpp::List& squashed, const Rcpp::List& mixtures) {
  return pack(
      gmm1d::squash_finer(unpack_values(x), unpack_values(weights),
                          unpack_squash_options(options), unpack_grid(squashed["grid"]),
                          unpack_cells(squashed["cells"]), unpack_mixtures(mixtures)));
}

// [[Rcpp::export(rng = false)]]
double resolution_cpp(const Rcpp::List& squashed, const Rcpp::List& mixture) {
  return gmm1d::resolution(unpack_cells(squashed["cells"]), unpack_mixture(mixture));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List merged_cells_cpp(const Rcpp::List& cells, const Rcpp::List& more) {
  std::vector<Cell> all = unpack_cells(cells);
  const std::vector<Cell> others = unpack_cells(more);
  all.insert(all.end(), others.begin(), others.end());
  return pack_cells(gmm1d::merged(std::move(all)));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List coarsened_cells_cpp(const Rcpp::List& cells, int level) {
  return pack_cells(gmm1d::coarsened(unpack_cells(cells), level));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cells_of_values_cpp(const Rcpp::NumericVector& x, const Rcpp::NumericVector& w,
                               int level) {
  std::vector<Cell> cells(x.size());
  std::transform(x.begin(), x.end(), w.begin(), cells.begin(),
                 [&](double xi, double wi) { return gmm1d::cell_with(xi, wi, level); });
  return pack_cells(gmm1d::merged(std::move(cells)));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List points_of_cells_cpp(const Rcpp::List& cells) {
  return pack(gmm1d::points_of(unpack_cells(cells)));
}

// [[Rcpp::export(rng = false)]]
double robust_scale_cpp(const Rcpp::List& squashed) {
  return gmm1d::robust_scale(unpack_points(squashed));
}

// [[Rcpp::export(rng = false)]]
double lattice_step_cpp(const Rcpp::List& squashed) {
  return gmm1d::lattice_step(unpack_points(squashed));
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector from_integer64_cpp(SEXP x) {
  const Values values = unpack_values(x);
  NumericVector result(values.size);
  values.read(0, values.size, result.begin());
  return result;
}

// [[Rcpp::export(rng = false)]]
Rcpp::List starting_values_cpp(const Rcpp::List& squashed, int k,
                               const Rcpp::List& options) {
  const auto starts =
      gmm1d::starting_values(unpack_points(squashed), k, unpack_options(options));
  return List::create(_["quantile"] = pack(starts[0]), _["kmeans"] = pack(starts[1]),
                      _["segments"] = pack(starts[2]));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List search_cpp(const Rcpp::List& squashed, const std::vector<int>& k,
                      const Rcpp::List& options) {
  return pack(gmm1d::search(unpack_points(squashed), k, unpack_search_options(options)));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List search_each_cpp(const Rcpp::List& squashed, const std::vector<int>& k,
                           const Rcpp::List& options, int threads) {
  const auto results = gmm1d::search_each(unpack_tasks(squashed, options), k, threads);
  List packed(results.size());
  std::transform(results.begin(), results.end(), packed.begin(),
                 [](const std::vector<gmm1d::EmResult>& path) { return pack(path); });
  return packed;
}

// [[Rcpp::export(rng = false)]]
Rcpp::List climb_each_cpp(const Rcpp::List& squashed, const Rcpp::List& start,
                          const Rcpp::List& options, int threads) {
  return pack(
      gmm1d::climb_each(unpack_tasks(squashed, options), unpack_mixture(start), threads));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List conclude_cpp(const Rcpp::List& squashed, const Rcpp::List& start,
                        const Rcpp::List& options) {
  return pack(gmm1d::conclude(unpack_points(squashed), unpack_mixture(start),
                              unpack_options(options)));
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix covariance_cpp(const Rcpp::List& squashed, const Rcpp::List& mixture,
                                   const Rcpp::List& options) {
  return Rcpp::wrap(gmm1d::covariance(unpack_points(squashed), unpack_mixture(mixture),
                                      unpack_options(options)));
}

// [[Rcpp::export(rng = false)]]
double entropy_cpp(const Rcpp::List& squashed, const Rcpp::List& mixture) {
  return gmm1d::entropy(unpack_points(squashed), unpack_mixture(mixture));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List em_steps_cpp(const Rcpp::List& squashed, const Rcpp::List& start, int steps,
                        const Rcpp::List& options) {
  return pack(gmm1d::em_steps(unpack_points(squashed), unpack_mixture(start), steps,
                              unpack_options(options))
                  .mixture);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List em_cpp(const Rcpp::List& squashed, const Rcpp::List& start,
                  const Rcpp::List& options) {
  return pack(
      gmm1d::em(unpack_points(squashed), unpack_mixture(start), unpack_options(options)));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List climb_cpp(const Rcpp::List& squashed, const Rcpp::List& start,
                     const Rcpp::List& options) {
  return pack(gmm1d::climb(unpack_points(squashed), unpack_mixture(start),
                           unpack_options(options)));
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector log_density_cpp(const Rcpp::NumericVector& x,
                                    const Rcpp::List& mixture) {
  const Mixture m = unpack_mixture(mixture);
  const LogJoint log_joint(m);
  return map(x, [&](double xi) { return gmm1d::log_density(xi, log_joint); });
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector log_cdf_cpp(const Rcpp::NumericVector& q, const Rcpp::List& mixture,
                                bool lower_tail) {
  const Mixture m = unpack_mixture(mixture);
  const Tail tail = unpack_tail(lower_tail);
  return map(q, [&](double x) { return gmm1d::log_cdf(x, m, tail); });
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector quantile_cpp(const Rcpp::NumericVector& log_p,
                                 const Rcpp::List& mixture, bool lower_tail) {
  const Mixture m = unpack_mixture(mixture);
  const Tail tail = unpack_tail(lower_tail);
  return map(log_p, [&](double p) { return gmm1d::quantile(p, m, tail); });
}
