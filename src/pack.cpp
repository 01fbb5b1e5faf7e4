#include "pack.h"

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

/// With the width of the cells, in sigmas of the components in them.
List pack(const Certificate& certificate, double cell_width) {
  return List::create(_["gap"] = certificate.gap, _["score"] = certificate.score,
                      _["smallest_eigenvalue"] = certificate.smallest_eigenvalue,
                      _["cell_width"] = cell_width);
}

Mixture shifted(Mixture mixture, double distance) {
  std::for_each(mixture.components.begin(), mixture.components.end(),
                [&](Component& component) { component.mu += distance; });
  mixture.noise.low += distance;
  mixture.noise.high += distance;
  return mixture;
}

}  // namespace

List pack(const Mixture& mixture, double offset) {
  const auto column = [&](auto part) {
    return each<NumericVector>(mixture.components, part);
  };
  List packed = List::create(
      _["lambda"] = column([](const Component& one) { return one.lambda; }),
      _["mu"] = column([&](const Component& one) { return one.mu + offset; }),
      _["sigma"] = column([](const Component& one) { return one.sigma; }));
  const Noise& noise = mixture.noise;
  if (mixture.has_noise())
    packed["noise"] =
        NumericVector::create(noise.lambda, noise.low + offset, noise.high + offset);
  return packed;
}

List pack(const PointSet& points) {
  return List::create(_["x"] = points.x, _["w"] = points.w, _["width"] = points.width,
                      _["scale"] = points.x.empty() ? 0 : robust_scale(points.view()));
}

List pack(const ErroneousSet& set) {
  List points = pack(set.points);
  points["error"] = set.error;
  return points;
}

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

Frame::Frame(const List& squashed)
    : offset(offset_of(squashed)),
      base(squashed.containsElementNamed("base") ? as<double>(squashed["base"]) : 0),
      cells(unpack_cells(squashed.containsElementNamed("cells") ? SEXP(squashed["cells"])
                                                                : R_NilValue)) {}

List pack(const Ceiling& ceiling, double offset) {
  return List::create(_["bound"] = ceiling.bound, _["largest"] = ceiling.largest,
                      _["error"] = ceiling.error,
                      _["npmle"] = pack(ceiling.mixture, offset));
}

List pack(const EmResult& result, const Frame& frame) {
  const Mixture& narrow = result.limited ? result.narrow : result.mixture;
  const double cell_width =
      resolution(frame.cells, shifted(narrow, frame.offset - frame.base));
  List mixture = pack(result.mixture, frame.offset);
  mixture["k"] = static_cast<int>(result.mixture.k());
  return List::create(
      _["mixture"] = mixture, _["loglik"] = result.loglik,
      _["objective"] = result.objective,
      _["certificate"] = pack(result.certificate, cell_width),
      _["iterations"] = result.iterations, _["status"] = words(result.status),
      _["trace"] = result.trace, _["held"] = result.held,
      _["penalised"] = std::count(result.held.begin(), result.held.end(), true) > 0,
      _["entropy"] = result.entropy, _["price"] = result.price,
      _["brief"] = result.is_brief,
      _["limit"] = result.limit ? SEXP(NumericVector::create(result.limit->bound,
                                                             result.limit->sigma))
                                : R_NilValue,
      _["narrow"] = result.limited ? SEXP(pack(narrow, frame.offset)) : R_NilValue);
}

List pack(const std::vector<EmResult>& results, const Frame& frame) {
  return each<List>(results, [&](const EmResult& result) { return pack(result, frame); });
}

List pack(const EmTest& test, const Frame& frame) {
  return List::create(_["null"] = pack(test.null, frame.offset),
                      _["alternative"] = pack(test.alternative, frame.offset),
                      _["weight"] = test.weight, _["statistic"] = test.statistic);
}

}  // namespace gmm1d
