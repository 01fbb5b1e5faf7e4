#include "packing.h"

#include <algorithm>
#include <numeric>

namespace gmm1d {

using Rcpp::_;
using Rcpp::as;
using Rcpp::IntegerVector;
using Rcpp::List;
using Rcpp::NumericMatrix;
using Rcpp::NumericVector;

namespace {

List pack(const Grid& grid) {
  const auto& refined = grid.refined;
  IntegerVector level(refined.size()), finer(refined.size());
  NumericVector index(refined.size());
  std::transform(refined.begin(), refined.end(), level.begin(),
                 [](const Refinement& r) { return r.level; });
  std::transform(refined.begin(), refined.end(), index.begin(),
                 [](const Refinement& r) { return r.index; });
  std::transform(refined.begin(), refined.end(), finer.begin(),
                 [](const Refinement& r) { return r.finer; });
  return List::create(_["level"] = grid.level, _["first"] = grid.first,
                      _["refined"] = List::create(_["level"] = level, _["index"] = index,
                                                  _["finer"] = finer));
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

Constraints unpack_constraints(const List& constraints) {
  using Values = std::vector<double>;
  Constraints result;
  result.equal_sigma = constraints["equal_sigma"];
  result.lambda = as<Values>(constraints["lambda"]);
  result.mu = as<Values>(constraints["mu"]);
  result.sigma = as<Values>(constraints["sigma"]);
  result.other_mu = constraints["other_mu"];
  result.other_sigma = constraints["other_sigma"];
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

}  // namespace

Mixture unpack_mixture(const List& mixture) {
  using Values = std::vector<double>;
  return {as<Values>(mixture["lambda"]), as<Values>(mixture["mu"]),
          as<Values>(mixture["sigma"])};
}

List pack(const Mixture& mixture) {
  return List::create(_["lambda"] = mixture.lambda, _["mu"] = mixture.mu,
                      _["sigma"] = mixture.sigma);
}

Values unpack_values(SEXP x) {
  const auto n = static_cast<std::size_t>(Rf_xlength(x));
  const void* data = n > 0 ? DATAPTR_OR_NULL(x) : nullptr;
  if (Rf_inherits(x, "integer64")) return integers64(REAL(x), n);
  if (TYPEOF(x) == REALSXP && data != nullptr)
    return doubles(static_cast<const double*>(data), n);
  if (TYPEOF(x) == INTSXP && data != nullptr)
    return integers(static_cast<const int*>(data), n);
  const bool whole = TYPEOF(x) == INTSXP;
  return {n, false, [x, whole](std::size_t begin, std::size_t count, double* buffer) {
            if (!whole) {
              REAL_GET_REGION(x, begin, count, buffer);
              return static_cast<const double*>(buffer);
            }
            std::vector<int> region(count);
            INTEGER_GET_REGION(x, begin, count, region.data());
            return integers(region.data(), count).read(0, count, buffer);
          }};
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

List pack_cells(const std::vector<Cell>& cells) {
  IntegerVector level(cells.size());
  NumericVector index(cells.size());
  NumericMatrix sums(6, cells.size());
  std::transform(cells.begin(), cells.end(), level.begin(),
                 [](const Cell& cell) { return cell.level; });
  std::transform(cells.begin(), cells.end(), index.begin(),
                 [](const Cell& cell) { return cell.index; });
  std::accumulate(
      cells.begin(), cells.end(), sums.begin(),
      [](auto to, const Cell& cell) { return std::copy_n(cell.sums, 6, to); });
  return List::create(_["level"] = level, _["index"] = index, _["sums"] = sums);
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

List pack(const Squashed& squashed) {
  const bool exact = squashed.cells.empty();
  return List::create(_["points"] = pack(squashed.points),
                      _["cells"] = exact ? R_NilValue : SEXP(pack_cells(squashed.cells)),
                      _["grid"] = exact ? R_NilValue : SEXP(pack(squashed.grid)),
                      _["step"] = squashed.step, _["n_missing"] = squashed.missing,
                      _["fault"] = words(squashed.fault),
                      _["fault_at"] = static_cast<double>(squashed.fault_at) + 1);
}

Points unpack_points(const List& squashed) {
  const NumericVector x = squashed["x"], w = squashed["w"];
  const auto optional = [&](const char* name) {
    const SEXP values = squashed[name];
    return Rf_isNull(values) ? nullptr : REAL(values);
  };
  return {x.begin(),
          w.begin(),
          static_cast<std::size_t>(x.size()),
          as<double>(squashed["n"]),
          optional("width"),
          optional("lower"),
          optional("upper")};
}

EmOptions unpack_options(const List& options) {
  EmOptions result;
  result.tol = options["tol"];
  result.max_iter = options["max_iter"];
  result.penalty = options["penalty"];
  result.scale = options["scale"];
  result.min_sigma = options["min_sigma"];
  result.rounding = options["rounding"];
  result.constraints = unpack_constraints(options["constraints"]);
  result.check_interrupt = [] { Rcpp::checkUserInterrupt(); };
  return result;
}

SearchOptions unpack_search_options(const List& options) {
  SearchOptions result;
  result.em = unpack_options(options);
  result.single_min_sigma = options["single_min_sigma"];
  result.thorough = options["thorough"];
  return result;
}

List pack(const EmResult& result) {
  return List::create(
      _["mixture"] = pack(result.mixture), _["loglik"] = result.loglik,
      _["objective"] = result.objective, _["certificate"] = pack(result.certificate),
      _["iterations"] = result.iterations, _["status"] = words(result.status),
      _["trace"] = result.trace, _["penalised"] = result.penalised,
      _["narrow"] = result.limited ? SEXP(pack(result.narrow)) : R_NilValue);
}

List pack(const std::vector<EmResult>& results) {
  List packed(results.size());
  std::transform(results.begin(), results.end(), packed.begin(),
                 [](const EmResult& result) { return pack(result); });
  return packed;
}

std::vector<Task> unpack_tasks(const List& squashed, const List& options) {
  std::vector<Task> tasks(squashed.size());
  std::transform(squashed.begin(), squashed.end(), options.begin(), tasks.begin(),
                 [](const List& points, const List& how) {
                   return Task{unpack_points(points), unpack_search_options(how)};
                 });
  return tasks;
}

std::vector<Mixture> unpack_mixtures(const List& mixtures) {
  std::vector<Mixture> unpacked(mixtures.size());
  std::transform(mixtures.begin(), mixtures.end(), unpacked.begin(),
                 [](SEXP mixture) { return unpack_mixture(mixture); });
  return unpacked;
}

}  // namespace gmm1d
