#include "unpack.h"

#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <string>

namespace gmm1d {

using Rcpp::as;
using Rcpp::IntegerVector;
using Rcpp::List;
using Rcpp::NumericMatrix;
using Rcpp::NumericVector;

namespace {

std::vector<double> shifted(std::vector<double> values, double distance) {
  std::transform(values.begin(), values.end(), values.begin(),
                 [&](double value) { return value + distance; });
  return values;
}

/// Calls code that may raise an R error, such as that of a vector that computes its
/// elements. The error becomes a C++ exception.
template <class F>
void in_r(const F& f) {
  Rcpp::unwindProtect([&] {
    f();
    return R_NilValue;
  });
}

/// The numbers of an R vector, read in place. A vector of another type is refused: it
/// would be converted to a copy that does not live long enough.
const double* numbers_of(SEXP x, R_xlen_t size) {
  if (TYPEOF(x) != REALSXP || Rf_xlength(x) != size)
    Rcpp::stop("points must have doubles, as many of each kind");
  return REAL(x);
}

/// A field of a list, or NULL if it does not exist.
SEXP optional_field(const List& list, const char* name) {
  return list.containsElementNamed(name) ? SEXP(list[name]) : R_NilValue;
}

SEXP about_of(const List& squashed) { return optional_field(squashed, "about"); }

/// The noise of a mixture or a model: its proportion and range. NULL means none.
Noise unpack_noise(SEXP packed, double offset) {
  if (Rf_isNull(packed)) return {};
  const NumericVector noise = packed;
  return {noise[0], noise[1] - offset, noise[2] - offset};
}

/// A component, counted from 1, and the value to which its parameter is pinned; or NULL.
std::optional<Relation::Pin> unpack_pin(SEXP packed, double offset) {
  if (Rf_isNull(packed)) return std::nullopt;
  const NumericVector pin = packed;
  return Relation::Pin{static_cast<std::size_t>(pin[0]) - 1, pin[1] - offset};
}

/// Relations are named as in R.
Relation::Means unpack_means(const std::string& name) {
  using Means = Relation::Means;
  static const std::map<std::string, Means> means = {{"free", Means::free},
                                                     {"equal", Means::equal},
                                                     {"equal spacing", Means::spaced},
                                                     {"symmetric", Means::symmetric},
                                                     {"growth", Means::growth},
                                                     {"linear", Means::linear}};
  return means.at(name);
}

Relation::Sigmas unpack_sigmas(const std::string& name) {
  using Sigmas = Relation::Sigmas;
  static const std::map<std::string, Sigmas> sigmas = {
      {"free", Sigmas::free},
      {"ratios", Sigmas::ratios},
      {"proportional", Sigmas::proportional}};
  return sigmas.at(name);
}

Relation unpack_relation(SEXP packed, double offset) {
  Relation result;
  if (Rf_isNull(packed)) return result;
  const List relation = packed;
  result.zero = -offset;
  result.means = unpack_means(as<std::string>(relation["mu"]));
  result.sigmas = unpack_sigmas(as<std::string>(relation["sigma"]));
  result.equal_lambda = relation["equal_lambda"];
  if (result.means == Relation::Means::linear) {
    const NumericMatrix design = relation["design"];
    result.design.resize(design.nrow());
    std::size_t row = 0;
    std::for_each(result.design.begin(), result.design.end(), [&](auto& to) {
      const NumericVector from = design.row(static_cast<int>(row++));
      to.assign(from.begin(), from.end());
    });
    result.offset = as<std::vector<double>>(relation["offset"]);
  }
  result.ratios = as<std::vector<double>>(relation["ratios"]);
  result.scale = relation["scale"];
  result.mean = unpack_pin(optional_field(relation, "pinned_mu"), offset);
  result.sigma = unpack_pin(optional_field(relation, "pinned_sigma"), 0);
  return result;
}

}  // namespace

Constraints unpack_constraints(const List& constraints, double offset) {
  using Values = std::vector<double>;
  Constraints result;
  result.equal_sigma = constraints["equal_sigma"];
  result.lambda = as<Values>(constraints["lambda"]);
  result.mu = shifted(as<Values>(constraints["mu"]), -offset);
  result.sigma = as<Values>(constraints["sigma"]);
  result.other_mu = as<double>(constraints["other_mu"]) - offset;
  result.other_sigma = constraints["other_sigma"];
  const SEXP noise = optional_field(constraints, "noise");
  if (!Rf_isNull(noise)) result.noise = as<double>(noise);
  result.relation = unpack_relation(optional_field(constraints, "relation"), offset);
  return result;
}

Mixture unpack_mixture(const List& mixture, double offset) {
  const NumericVector lambda = mixture["lambda"], mu = mixture["mu"],
                      sigma = mixture["sigma"];
  Mixture result;
  result.components.resize(lambda.size());
  std::transform(lambda.begin(), lambda.end(), mu.begin(), result.components.begin(),
                 [&](double l, double m) {
                   return Component{l, m - offset, 0};
                 });
  std::transform(sigma.begin(), sigma.end(), result.components.begin(),
                 result.components.begin(), [](double s, Component component) {
                   component.sigma = s;
                   return component;
                 });
  result.noise = unpack_noise(optional_field(mixture, "noise"), offset);
  return result;
}

std::vector<Mixture> unpack_mixtures(const List& mixtures, double offset) {
  return each<std::vector<Mixture>>(
      mixtures, [&](SEXP one) { return unpack_mixture(one, offset); });
}

Values unpack_values(SEXP x, double base) {
  const auto n = static_cast<std::size_t>(Rf_xlength(x));
  if (Rf_inherits(x, "integer64")) return integers64(REAL(x), n, base);
  const void* data = nullptr;
  if (n > 0) in_r([&] { data = DATAPTR_OR_NULL(x); });
  if (TYPEOF(x) == REALSXP && data != nullptr)
    return doubles(static_cast<const double*>(data), n);
  if (TYPEOF(x) == INTSXP && data != nullptr)
    return integers(static_cast<const int*>(data), n);
  const bool whole = TYPEOF(x) == INTSXP;
  return {n, false, [x, whole](std::size_t begin, std::size_t count, double* buffer) {
            if (!whole) {
              in_r([&] { REAL_GET_REGION(x, begin, count, buffer); });
              return static_cast<const double*>(buffer);
            }
            std::vector<int> region(count);
            in_r([&] { INTEGER_GET_REGION(x, begin, count, region.data()); });
            return integers(region.data(), count).read(0, count, buffer);
          }};
}

double base_of(SEXP x) {
  if (!Rf_inherits(x, "integer64")) return 0;
  return base_of_integers64(REAL(x), static_cast<std::size_t>(Rf_xlength(x)));
}

SquashOptions unpack_squash_options(const List& options) {
  SquashOptions result;
  result.cells = options["cells"];
  result.threads = options["threads"];
  result.check_interrupt = [] { Rcpp::checkUserInterrupt(); };
  return result;
}

namespace {

/// Calls f with each cell and its column of a matrix.
template <class C, class F>
void for_each_column(const NumericMatrix& columns, std::vector<C>& cells, F f) {
  std::accumulate(cells.begin(), cells.end(), columns.begin(), [&](auto column, C& cell) {
    f(cell, column);
    return column + columns.nrow();
  });
}

std::vector<Cell> cells_at(const IntegerVector& level, const NumericVector& index) {
  std::vector<Cell> cells(level.size());
  std::transform(level.begin(), level.end(), index.begin(), cells.begin(),
                 [](int l, double i) {
                   return Cell{l, i, {}};
                 });
  return cells;
}

}  // namespace

std::vector<Cell> unpack_cells(SEXP packed) {
  if (Rf_isNull(packed)) return {};
  const List columns = packed;
  std::vector<Cell> cells = cells_at(columns["level"], columns["index"]);
  for_each_column(columns["sums"], cells,
                  [](Cell& cell, auto column) { std::copy_n(column, 6, cell.sums); });
  return cells;
}

std::vector<ErrorCell> unpack_error_cells(const List& packed) {
  const std::vector<Cell> values = unpack_cells(packed);
  const std::vector<Cell> errors = cells_at(packed["error_level"], packed["error_index"]);
  std::vector<ErrorCell> cells(values.size());
  std::transform(values.begin(), values.end(), errors.begin(), cells.begin(),
                 [](const Cell& value, const Cell& error) {
                   return ErrorCell{value, error, {}, {}};
                 });
  for_each_column(packed["of_errors"], cells, [](ErrorCell& cell, auto column) {
    std::copy_n(column, 4, cell.of_errors);
  });
  for_each_column(packed["of_both"], cells, [](ErrorCell& cell, auto column) {
    std::copy_n(column, 6, cell.of_both);
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

double offset_of(const List& squashed) {
  const SEXP about = about_of(squashed);
  return Rf_isNull(about) ? 0 : as<double>(List(about)["offset"]);
}

namespace {

/// The numbers of a field, or null if it does not exist.
const double* optional_numbers(const List& list, const char* name, R_xlen_t size) {
  const SEXP found = optional_field(list, name);
  return Rf_isNull(found) ? nullptr : numbers_of(found, size);
}

/// The list that contains the values: those relative to an offset, if there is one.
List values_of(const List& squashed) {
  const SEXP about = about_of(squashed);
  return Rf_isNull(about) ? squashed : List(about);
}

}  // namespace

Points unpack_points(const List& squashed) {
  const SEXP x = values_of(squashed)["x"];
  const R_xlen_t size = Rf_xlength(x);
  return {numbers_of(x, size), numbers_of(squashed["w"], size),
          static_cast<std::size_t>(size), as<double>(squashed["n"]),
          optional_numbers(squashed, "width", size)};
}

namespace {

/// How the observations are known.
Observation unpack_kind(const List& squashed) {
  const List values = values_of(squashed);
  const auto size = Rf_xlength(values["x"]);
  const double* const x = numbers_of(values["x"], size);
  const double* const lower = optional_numbers(values, "lower", size);
  const double* const error = optional_numbers(squashed, "error", size);
  if (lower == nullptr) {
    if (error == nullptr) return Exact{x};
    return Erroneous{x, error};
  }
  const double* const upper = numbers_of(values["upper"], size);
  if (error == nullptr) return Interval{lower, upper};
  return ErroneousInterval{lower, upper, error};
}

Circumstances unpack_circumstances(const List& squashed) {
  Circumstances result;
  const SEXP label = optional_field(squashed, "label");
  if (!Rf_isNull(label)) {
    if (TYPEOF(label) != INTSXP || Rf_xlength(label) != Rf_xlength(squashed["x"]))
      Rcpp::stop("labels must be integers, as many as points");
    result.label = as<std::vector<int>>(label);
    result.kind = as<std::string>(squashed["labels_by"]) == "design" ? Label::design
                                                                     : Label::random;
  }
  const SEXP within = optional_field(squashed, "within");
  if (!Rf_isNull(within)) {
    const NumericVector bounds = within;
    result.low = bounds[0] - offset_of(squashed);
    result.high = bounds[1] - offset_of(squashed);
  }
  return result;
}

}  // namespace

Sample unpack_sample(const List& squashed) {
  const Points places = unpack_points(squashed);
  const Observation seen = unpack_kind(squashed);
  const Circumstances known = unpack_circumstances(squashed);
  return sample_of(places, seen, known);
}

namespace {

/// Assigns to each label the component it stands for. `components` holds component
/// numbers, counted from 1.
Sample labelled(Sample sample, SEXP components) {
  if (Rf_isNull(components)) return sample;
  const IntegerVector numbers = components;
  std::for_each(sample.groups.begin(), sample.groups.end(), [&](Group& group) {
    if (group.label == Label::none) return;
    if (static_cast<R_xlen_t>(group.component) >= numbers.size())
      Rcpp::stop("every label must have a component");
    group.component = static_cast<std::size_t>(numbers[group.component] - 1);
  });
  return sample;
}

/// A number that the user set, or NaN.
double optional_number(const List& control, const char* name) {
  const SEXP found = control[name];
  return Rf_isNull(found) ? Constraints::kFree : as<double>(found);
}

Resolution unpack_resolution(const List& squashed) {
  Resolution result;
  result.scale = squashed["scale"];
  result.step = squashed["step"];
  if (as<double>(squashed["base"]) == 0) result.away = std::abs(offset_of(squashed));
  if (!Rf_isNull(optional_field(squashed, "within"))) {
    const NumericVector x = squashed["x"];
    result.span = x[x.size() - 1] - x[0];
  }
  if (!Rf_isNull(squashed["lower"])) {
    const auto size = Rf_xlength(squashed["x"]);
    const double* const lower = numbers_of(squashed["lower"], size);
    const double* const upper = numbers_of(squashed["upper"], size);
    result.narrowest = narrowest_interval(lower, upper, size);
    result.span = std::min(result.span, span_between_open(lower, upper, size));
    const SEXP bins = squashed["bins"];
    if (!Rf_isNull(bins)) {
      const NumericVector from = List(bins)["lower"], to = List(bins)["upper"];
      result.narrowest = std::min(
          result.narrowest, narrowest_interval(from.begin(), to.begin(), from.size()));
    }
  }
  return result;
}

}  // namespace

Objective unpack_objective(const List& squashed, const List& options) {
  const List control = options["control"];
  Objective result = objective_of(
      labelled(unpack_sample(squashed), optional_field(options, "labelled")),
      unpack_constraints(options["constraints"], offset_of(squashed)),
      unpack_resolution(squashed),
      {optional_number(control, "penalty"), optional_number(control, "min_sigma")});
  result.noise = unpack_noise(optional_field(options, "noise"), offset_of(squashed));
  return as<bool>(options["plain"]) ? without_penalty(std::move(result)) : result;
}

Objective unpack_objective(const List& squashed, const List& options, std::size_t k) {
  Objective result = unpack_objective(squashed, options);
  return k == 1 ? of_one_component(std::move(result)) : result;
}

Climb unpack_climb(const List& options) {
  const List control = options["control"];
  Climb result;
  result.tol = control["tol"];
  result.max_iter = control["max_iter"];
  result.certify = options["certify"];
  result.check_interrupt = [] { Rcpp::checkUserInterrupt(); };
  return result;
}

namespace {

std::optional<Criterion> unpack_criterion(SEXP criterion) {
  if (Rf_isNull(criterion)) return std::nullopt;
  const auto name = as<std::string>(criterion);
  return name == "AIC" ? Criterion::aic : name == "BIC" ? Criterion::bic : Criterion::icl;
}

}  // namespace

std::vector<Task> unpack_tasks(const List& squashed, const List& options) {
  const List control = options["control"];
  const Search how = {unpack_climb(options),
                      as<std::string>(control["starts"]) == "thorough",
                      unpack_criterion(optional_field(options, "criterion"))};
  return each<std::vector<Task>>(squashed, [&](const List& data) {
    return Task{unpack_objective(data, options), how};
  });
}

}  // namespace gmm1d
