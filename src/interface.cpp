// Everything that R calls: unpack, call, pack.

#include <RcppArmadillo.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "conclude.h"
#include "each.h"
#include "em.h"
#include "mixture.h"
#include "search.h"
#include "squash.h"
#include "starts.h"
#include "steps.h"

namespace {

using gmm1d::Cell;
using gmm1d::Certificate;
using gmm1d::Constraints;
using gmm1d::EmOptions;
using gmm1d::EmResult;
using gmm1d::Fault;
using gmm1d::Grid;
using gmm1d::LogJoint;
using gmm1d::Mixture;
using gmm1d::Points;
using gmm1d::PointSet;
using gmm1d::Refinement;
using gmm1d::SearchOptions;
using gmm1d::Squashed;
using gmm1d::SquashOptions;
using gmm1d::Status;
using gmm1d::Tail;
using gmm1d::Task;
using gmm1d::Values;
using Rcpp::_;
using Rcpp::as;
using Rcpp::IntegerVector;
using Rcpp::List;
using Rcpp::NumericMatrix;
using Rcpp::NumericVector;

/// What f says of each item, in a container of its own.
template <class Result, class Items, class Function>
Result each(const Items& items, Function f) {
  Result result(items.size());
  std::transform(items.begin(), items.end(), result.begin(), f);
  return result;
}

std::vector<double> shifted(std::vector<double> values, double distance) {
  std::transform(values.begin(), values.end(), values.begin(),
                 [&](double value) { return value + distance; });
  return values;
}

/// A mixture whose means are to be taken about an offset.
Mixture unpack_mixture(const List& mixture, double offset = 0) {
  using Values = std::vector<double>;
  return {as<Values>(mixture["lambda"]), shifted(as<Values>(mixture["mu"]), -offset),
          as<Values>(mixture["sigma"])};
}

std::vector<Mixture> unpack_mixtures(const List& mixtures, double offset = 0) {
  return each<std::vector<Mixture>>(
      mixtures, [&](SEXP one) { return unpack_mixture(one, offset); });
}

List pack(const Mixture& mixture, double offset = 0) {
  return List::create(_["lambda"] = mixture.lambda, _["mu"] = shifted(mixture.mu, offset),
                      _["sigma"] = mixture.sigma);
}

/// Numbers of R: doubles, integers or integer64 (about a base), read by region where they
/// are computed as they are asked for. The vector must outlive them.
Values unpack_values(SEXP x, double base = 0) {
  const auto n = static_cast<std::size_t>(Rf_xlength(x));
  const void* data = n > 0 ? DATAPTR_OR_NULL(x) : nullptr;
  if (Rf_inherits(x, "integer64")) return gmm1d::integers64(REAL(x), n, base);
  if (TYPEOF(x) == REALSXP && data != nullptr)
    return gmm1d::doubles(static_cast<const double*>(data), n);
  if (TYPEOF(x) == INTSXP && data != nullptr)
    return gmm1d::integers(static_cast<const int*>(data), n);
  const bool whole = TYPEOF(x) == INTSXP;
  return {n, false, [x, whole](std::size_t begin, std::size_t count, double* buffer) {
            if (!whole) {
              REAL_GET_REGION(x, begin, count, buffer);
              return static_cast<const double*>(buffer);
            }
            std::vector<int> region(count);
            INTEGER_GET_REGION(x, begin, count, region.data());
            return gmm1d::integers(region.data(), count).read(0, count, buffer);
          }};
}

/// The number about which values are squashed: 0 but for integer64 that doubles cannot
/// hold.
double base_of(SEXP x) {
  if (!Rf_inherits(x, "integer64")) return 0;
  return gmm1d::base_of_integers64(REAL(x), static_cast<std::size_t>(Rf_xlength(x)));
}

SquashOptions unpack_squash_options(const List& options) {
  SquashOptions result;
  result.cells = options["cells"];
  result.threads = options["threads"];
  result.check_interrupt = [] { Rcpp::checkUserInterrupt(); };
  return result;
}

List pack(const PointSet& points) {
  return List::create(_["x"] = points.x, _["w"] = points.w, _["width"] = points.width);
}

/// Cells as columns: of their levels, their indices and, in a matrix, their sums.
List pack_cells(const std::vector<Cell>& cells) {
  NumericMatrix sums(6, cells.size());
  std::accumulate(
      cells.begin(), cells.end(), sums.begin(),
      [](auto to, const Cell& cell) { return std::copy_n(cell.sums, 6, to); });
  return List::create(_["level"] = each<IntegerVector>(
                          cells, [](const Cell& cell) { return cell.level; }),
                      _["index"] = each<NumericVector>(
                          cells, [](const Cell& cell) { return cell.index; }),
                      _["sums"] = sums);
}

std::vector<Cell> unpack_cells(SEXP packed) {
  if (Rf_isNull(packed)) return {};
  const List columns = packed;
  const IntegerVector level = columns["level"];
  const NumericVector index = columns["index"], sums = columns["sums"];
  std::vector<Cell> cells(level.size());
  std::transform(level.begin(), level.end(), index.begin(), cells.begin(),
                 [](int l, double i) {
                   return Cell{l, i, {}};
                 });
  std::accumulate(cells.begin(), cells.end(), sums.begin(), [](auto from, Cell& cell) {
    std::copy_n(from, 6, cell.sums);
    return from + 6;
  });
  return cells;
}

List pack(const Grid& grid) {
  const auto& refined = grid.refined;
  const List columns = List::create(
      _["level"] =
          each<IntegerVector>(refined, [](const Refinement& r) { return r.level; }),
      _["index"] =
          each<NumericVector>(refined, [](const Refinement& r) { return r.index; }),
      _["finer"] =
          each<IntegerVector>(refined, [](const Refinement& r) { return r.finer; }));
  return List::create(_["level"] = grid.level, _["first"] = grid.first,
                      _["refined"] = columns);
}

Grid unpack_grid(const List& packed) {
  const List refined = packed["refined"];
  const IntegerVector level = refined["level"], finer = refined["finer"];
  const NumericVector index = refined["index"];
  Grid grid = {packed["level"], packed["first"], {}};
  grid.refined.resize(level.size());
  std::transform(level.begin(), level.end(), index.begin(), grid.refined.begin(),
                 [](int l, double i) {
                   return Refinement{l, i, 0};
                 });
  std::transform(finer.begin(), finer.end(), grid.refined.begin(), grid.refined.begin(),
                 [](int f, Refinement r) {
                   return Refinement{r.level, r.index, f};
                 });
  return grid;
}

const char* words(Fault fault) {
  switch (fault) {
    case Fault::infinite_value:
      return "infinite_value";
    case Fault::missing_weight:
      return "missing_weight";
    case Fault::infinite_weight:
      return "infinite_weight";
    case Fault::negative_weight:
      return "negative_weight";
    default:
      return "none";
  }
}

List pack(const Squashed& squashed, double base) {
  const bool exact = squashed.cells.empty();
  return List::create(_["points"] = pack(squashed.points),
                      _["cells"] = exact ? R_NilValue : SEXP(pack_cells(squashed.cells)),
                      _["grid"] = exact ? R_NilValue : SEXP(pack(squashed.grid)),
                      _["step"] = squashed.step, _["base"] = base,
                      _["n_missing"] = squashed.missing,
                      _["fault"] = words(squashed.fault),
                      _["fault_at"] = static_cast<double>(squashed.fault_at) + 1);
}

SEXP about_of(const List& squashed) {
  return squashed.containsElementNamed("about") ? SEXP(squashed["about"]) : R_NilValue;
}

/// The number about which the core takes the values of points: 0 unless they are far
/// away.
double offset_of(const List& squashed) {
  const SEXP about = about_of(squashed);
  return Rf_isNull(about) ? 0 : as<double>(List(about)["offset"]);
}

/// A view: the list must outlive it.
Points unpack_points(const List& squashed) {
  const SEXP about = about_of(squashed);
  const List values = Rf_isNull(about) ? squashed : List(about);
  const NumericVector x = values["x"], w = squashed["w"];
  const auto optional = [](const List& list, const char* name) {
    const SEXP found = list[name];
    return Rf_isNull(found) ? nullptr : REAL(found);
  };
  return {x.begin(),
          w.begin(),
          static_cast<std::size_t>(x.size()),
          as<double>(squashed["n"]),
          optional(squashed, "width"),
          optional(values, "lower"),
          optional(values, "upper")};
}

Constraints unpack_constraints(const List& constraints, double offset) {
  using Values = std::vector<double>;
  Constraints result;
  result.equal_sigma = constraints["equal_sigma"];
  result.lambda = as<Values>(constraints["lambda"]);
  result.mu = shifted(as<Values>(constraints["mu"]), -offset);
  result.sigma = as<Values>(constraints["sigma"]);
  result.other_mu = as<double>(constraints["other_mu"]) - offset;
  result.other_sigma = constraints["other_sigma"];
  return result;
}

EmOptions unpack_options(const List& options, const Points& points, double offset) {
  EmOptions result;
  result.tol = options["tol"];
  result.max_iter = options["max_iter"];
  result.penalty = options["penalty"];
  result.scale = options["scale"];
  result.min_sigma = options["min_sigma"];
  result.rounding = options["rounding"];
  result.max_sigma = options["max_sigma"];
  result.of_gap = options["of_gap"];
  if (result.of_gap > 0)
    result.ties = std::make_shared<const gmm1d::Ties>(gmm1d::ties_of(points));
  result.constraints = unpack_constraints(options["constraints"], offset);
  result.check_interrupt = [] { Rcpp::checkUserInterrupt(); };
  return result;
}

SearchOptions unpack_search_options(const List& options, const Points& points,
                                    double offset) {
  SearchOptions result;
  result.em = unpack_options(options, points, offset);
  result.single_min_sigma = options["single_min_sigma"];
  result.thorough = options["thorough"];
  return result;
}

const char* words(Status status) {
  switch (status) {
    case Status::converged:
      return "converged";
    case Status::saddle:
      return "saddle";
    case Status::ridge:
      return "ridge";
    case Status::max_iter:
      return "max_iter";
    default:
      return "stalled";
  }
}

List pack(const Certificate& certificate) {
  return List::create(_["gap"] = certificate.gap, _["score"] = certificate.score,
                      _["smallest_eigenvalue"] = certificate.smallest_eigenvalue);
}

List pack(const EmResult& result, double offset) {
  return List::create(
      _["mixture"] = pack(result.mixture, offset), _["loglik"] = result.loglik,
      _["objective"] = result.objective, _["certificate"] = pack(result.certificate),
      _["iterations"] = result.iterations, _["status"] = words(result.status),
      _["trace"] = result.trace, _["held"] = result.held,
      _["penalised"] = std::count(result.held.begin(), result.held.end(), true) > 0,
      _["narrow"] = result.limited ? SEXP(pack(result.narrow, offset)) : R_NilValue);
}

List pack(const std::vector<EmResult>& results, double offset) {
  return each<List>(results,
                    [&](const EmResult& result) { return pack(result, offset); });
}

/// What the core says of many data sets, each about its offset.
template <class Results>
List pack_each(const Results& results, const List& squashed) {
  List packed(results.size());
  std::transform(
      results.begin(), results.end(), squashed.begin(), packed.begin(),
      [](const auto& one, const List& points) { return pack(one, offset_of(points)); });
  return packed;
}

/// Data sets, and the options of each. Views: the lists must outlive them.
std::vector<Task> unpack_tasks(const List& squashed, const List& options) {
  std::vector<Task> tasks(squashed.size());
  std::transform(
      squashed.begin(), squashed.end(), options.begin(), tasks.begin(),
      [](const List& data, const List& how) {
        const Points points = unpack_points(data);
        return Task{points, unpack_search_options(how, points, offset_of(data))};
      });
  return tasks;
}

Tail unpack_tail(bool lower_tail) { return lower_tail ? Tail::lower : Tail::upper; }

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
Rcpp::List squash_each_cpp(const Rcpp::List& x, const Rcpp::List& weights,
                           const Rcpp::List& options) {
  const auto results = gmm1d::squash_each(
      each<std::vector<Values>>(
          x, [](SEXP one) { return unpack_values(one, base_of(one)); }),
      each<std::vector<Values>>(weights, [](SEXP one) { return unpack_values(one); }),
      unpack_squash_options(options));
  List packed(results.size());
  std::transform(
      results.begin(), results.end(), x.begin(), packed.begin(),
      [](const Squashed& one, SEXP values) { return pack(one, base_of(values)); });
  return packed;
}

// [[Rcpp::export(rng = false)]]
Rcpp::List squash_cpp(SEXP x, SEXP weights, const Rcpp::List& options) {
  const double base = base_of(x);
  return pack(gmm1d::squash(unpack_values(x, base), unpack_values(weights),
                            unpack_squash_options(options)),
              base);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List squash_finer_cpp(SEXP x, SEXP weights, const Rcpp::List& options,
                            const Rcpp::List& squashed, const Rcpp::List& mixtures) {
  const double base = squashed["base"];
  return pack(gmm1d::squash_finer(
                  unpack_values(x, base), unpack_values(weights),
                  unpack_squash_options(options), unpack_grid(squashed["grid"]),
                  unpack_cells(squashed["cells"]), unpack_mixtures(mixtures, base)),
              base);
}

// [[Rcpp::export(rng = false)]]
double resolution_cpp(const Rcpp::List& squashed, const Rcpp::List& mixture) {
  return gmm1d::resolution(unpack_cells(squashed["cells"]),
                           unpack_mixture(mixture, squashed["base"]));
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
  const auto missing = [](double value) { return std::isnan(value); };
  std::replace_if(result.begin(), result.end(), missing, NA_REAL);
  return result;
}

// [[Rcpp::export(rng = false)]]
Rcpp::List starting_values_cpp(const Rcpp::List& squashed, int k,
                               const Rcpp::List& options) {
  const Points points = unpack_points(squashed);
  const double offset = offset_of(squashed);
  const auto starts =
      gmm1d::starting_values(points, k, unpack_options(options, points, offset));
  return List::create(_["quantile"] = pack(starts[0], offset),
                      _["kmeans"] = pack(starts[1], offset),
                      _["segments"] = pack(starts[2], offset));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List search_each_cpp(const Rcpp::List& squashed, const Rcpp::List& k,
                           const Rcpp::List& options, int threads) {
  const auto ks = each<std::vector<std::vector<int>>>(
      k, [](SEXP one) { return as<std::vector<int>>(one); });
  const auto results = gmm1d::search_each(unpack_tasks(squashed, options), ks, threads);
  return pack_each(results, squashed);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List climb_each_cpp(const Rcpp::List& squashed, const Rcpp::List& start,
                          const Rcpp::List& options, int threads) {
  const auto starts = each<std::vector<Mixture>>(squashed, [&](const List& points) {
    return unpack_mixture(start, offset_of(points));
  });
  return pack_each(gmm1d::climb_each(unpack_tasks(squashed, options), starts, threads),
                   squashed);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List conclude_cpp(const Rcpp::List& squashed, const Rcpp::List& start,
                        const Rcpp::List& options) {
  const Points points = unpack_points(squashed);
  const double offset = offset_of(squashed);
  return pack(gmm1d::conclude(points, unpack_mixture(start, offset),
                              unpack_options(options, points, offset)),
              offset);
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix covariance_cpp(const Rcpp::List& squashed, const Rcpp::List& mixture,
                                   const Rcpp::List& options) {
  const Points points = unpack_points(squashed);
  const double offset = offset_of(squashed);
  return Rcpp::wrap(gmm1d::covariance(points, unpack_mixture(mixture, offset),
                                      unpack_options(options, points, offset)));
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector smallest_sigma_cpp(const Rcpp::List& squashed,
                                       const Rcpp::NumericVector& mu,
                                       const Rcpp::List& options) {
  Points points = unpack_points(squashed);
  const double offset = offset_of(squashed);
  const EmOptions how = unpack_options(options, points, offset);
  points.width = nullptr;  // a cell is no bound of the data
  return each<NumericVector>(
      mu, [&](double at) { return gmm1d::smallest_sigma(points, at - offset, how); });
}

// [[Rcpp::export(rng = false)]]
std::vector<double> entropy_each_cpp(const Rcpp::List& squashed,
                                     const Rcpp::List& mixtures, int threads) {
  const auto points = each<std::vector<Points>>(
      squashed, [](const List& one) { return unpack_points(one); });
  std::vector<Mixture> about(points.size());
  std::transform(squashed.begin(), squashed.end(), mixtures.begin(), about.begin(),
                 [](const List& one, const List& mixture) {
                   return unpack_mixture(mixture, offset_of(one));
                 });
  return gmm1d::entropy_each(points, about, threads);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List em_steps_cpp(const Rcpp::List& squashed, const Rcpp::List& start, int steps,
                        const Rcpp::List& options) {
  const Points points = unpack_points(squashed);
  const double offset = offset_of(squashed);
  return pack(gmm1d::em_steps(points, unpack_mixture(start, offset), steps,
                              unpack_options(options, points, offset))
                  .mixture,
              offset);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List em_cpp(const Rcpp::List& squashed, const Rcpp::List& start,
                  const Rcpp::List& options) {
  const Points points = unpack_points(squashed);
  const double offset = offset_of(squashed);
  return pack(gmm1d::em(points, unpack_mixture(start, offset),
                        unpack_options(options, points, offset)),
              offset);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List climb_cpp(const Rcpp::List& squashed, const Rcpp::List& start,
                     const Rcpp::List& options) {
  const Points points = unpack_points(squashed);
  const double offset = offset_of(squashed);
  return pack(gmm1d::climb(points, unpack_mixture(start, offset),
                           unpack_options(options, points, offset)),
              offset);
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector log_density_cpp(const Rcpp::NumericVector& x,
                                    const Rcpp::List& mixture) {
  const Mixture m = unpack_mixture(mixture);
  const LogJoint log_joint(m);
  return each<NumericVector>(
      x, [&](double xi) { return gmm1d::log_density(xi, log_joint); });
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector log_cdf_cpp(const Rcpp::NumericVector& q, const Rcpp::List& mixture,
                                bool lower_tail) {
  const Mixture m = unpack_mixture(mixture);
  const Tail tail = unpack_tail(lower_tail);
  return each<NumericVector>(q, [&](double x) { return gmm1d::log_cdf(x, m, tail); });
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector quantile_cpp(const Rcpp::NumericVector& log_p,
                                 const Rcpp::List& mixture, bool lower_tail) {
  const Mixture m = unpack_mixture(mixture);
  const Tail tail = unpack_tail(lower_tail);
  return each<NumericVector>(log_p,
                             [&](double p) { return gmm1d::quantile(p, m, tail); });
}
