// All functions that R calls. Each unpacks its arguments, calls the core and packs the
// result.

#include <algorithm>
#include <cmath>

#include "choice.h"
#include "conclude.h"
#include "errors.h"
#include "newton.h"
#include "one_narrow.h"
#include "pack.h"
#include "starts.h"
#include "steps.h"

using gmm1d::Cell;
using gmm1d::Component;
using gmm1d::each;
using gmm1d::Frame;
using gmm1d::LogJoint;
using gmm1d::Mixture;
using gmm1d::Objective;
using gmm1d::offset_of;
using gmm1d::pack;
using gmm1d::pack_cells;
using gmm1d::pack_each;
using gmm1d::Squashed;
using gmm1d::Tail;
using gmm1d::Task;
using gmm1d::unpack_cells;
using gmm1d::unpack_climb;
using gmm1d::unpack_constraints;
using gmm1d::unpack_mixture;
using gmm1d::unpack_objective;
using gmm1d::unpack_points;
using gmm1d::unpack_sample;
using gmm1d::unpack_squash_options;
using gmm1d::unpack_tasks;
using gmm1d::unpack_values;
using gmm1d::Values;
using Rcpp::as;
using Rcpp::List;
using Rcpp::NumericMatrix;
using Rcpp::NumericVector;

namespace {

void missing_as_na(NumericVector& values) {
  const auto missing = [](double value) { return std::isnan(value); };
  std::replace_if(values.begin(), values.end(), missing, NA_REAL);
}

Tail unpack_tail(bool lower_tail) { return lower_tail ? Tail::lower : Tail::upper; }

}  // namespace

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix estep_cpp(const Rcpp::NumericVector& x, const Rcpp::List& mixture,
                              int threads) {
  const Mixture m = unpack_mixture(mixture);
  NumericMatrix gamma = Rcpp::no_init(x.size(), m.columns());
  gmm1d::estep(x.begin(), x.size(), m, threads, gamma.begin());
  return gamma;
}

// [[Rcpp::export(rng = false)]]
Rcpp::List observe_cpp(const Rcpp::List& observations, const Rcpp::List& mixture) {
  const gmm1d::Sample sample = gmm1d::unpack_sample(observations);
  const Mixture m = unpack_mixture(mixture, offset_of(observations));
  NumericMatrix gamma = Rcpp::no_init(sample.groups[0].size, m.columns());
  NumericVector log_density = Rcpp::no_init(gamma.nrow());
  gmm1d::estep(sample, m, gamma.begin(), log_density.begin());
  return List::create(Rcpp::_["gamma"] = gamma, Rcpp::_["log_density"] = log_density);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List classify_cpp(const Rcpp::NumericVector& x, const Rcpp::List& mixture,
                        int threads) {
  Rcpp::IntegerVector component = Rcpp::no_init(x.size());
  NumericVector uncertainty = Rcpp::no_init(x.size());
  gmm1d::classify(x.begin(), x.size(), unpack_mixture(mixture), threads,
                  component.begin(), uncertainty.begin());
  std::replace(component.begin(), component.end(), gmm1d::kMissing, NA_INTEGER);
  missing_as_na(uncertainty);
  return List::create(Rcpp::_["component"] = component,
                      Rcpp::_["uncertainty"] = uncertainty);
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
          x, [](SEXP one) { return unpack_values(one, gmm1d::base_of(one)); }),
      each<std::vector<Values>>(weights, [](SEXP one) { return unpack_values(one); }),
      unpack_squash_options(options));
  List packed(results.size());
  std::transform(
      results.begin(), results.end(), x.begin(), packed.begin(),
      [](const Squashed& one, SEXP values) { return pack(one, gmm1d::base_of(values)); });
  return packed;
}

// [[Rcpp::export(rng = false)]]
Rcpp::List squash_cpp(SEXP x, SEXP weights, const Rcpp::List& options) {
  const double base = gmm1d::base_of(x);
  return pack(gmm1d::squash(unpack_values(x, base), unpack_values(weights),
                            unpack_squash_options(options)),
              base);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List squash_finer_cpp(SEXP x, SEXP weights, const Rcpp::List& options,
                            const Rcpp::List& squashed, const Rcpp::List& mixtures) {
  const double base = squashed["base"];
  return pack(gmm1d::squash_finer(unpack_values(x, base), unpack_values(weights),
                                  unpack_squash_options(options),
                                  gmm1d::unpack_grid(squashed["grid"]),
                                  unpack_cells(squashed["cells"]),
                                  gmm1d::unpack_mixtures(mixtures, base)),
              base);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List squash_errors_cpp(const Rcpp::NumericVector& x,
                             const Rcpp::NumericVector& error,
                             const Rcpp::NumericVector& w, int cells) {
  const auto n = static_cast<std::size_t>(x.size());
  gmm1d::ErrorCells fine;
  fine.in_scale = cells;
  return pack(gmm1d::squash_errors(x.begin(), error.begin(), w.begin(), n, fine));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List points_of_error_cells_cpp(const Rcpp::List& cells) {
  return pack(gmm1d::points_of(gmm1d::unpack_error_cells(cells)));
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
  missing_as_na(result);
  return result;
}

// [[Rcpp::export(rng = false)]]
Rcpp::List starting_values_cpp(const Rcpp::List& squashed, int k,
                               const Rcpp::List& options) {
  const double offset = offset_of(squashed);
  const auto starts = gmm1d::starting_values(unpack_objective(squashed, options), k);
  return List::create(Rcpp::_["quantile"] = pack(starts[0], offset),
                      Rcpp::_["kmeans"] = pack(starts[1], offset),
                      Rcpp::_["segments"] = pack(starts[2], offset));
}

// [[Rcpp::export(rng = false)]]
int degrees_of_freedom_cpp(int k, const Rcpp::List& constraints, bool has_noise) {
  return gmm1d::degrees_of_freedom(unpack_constraints(constraints), k, has_noise);
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
Rcpp::List em_test_each_cpp(const Rcpp::List& squashed, const Rcpp::List& found,
                            const Rcpp::List& options, int threads) {
  std::vector<Mixture> mixtures(found.size());
  std::transform(squashed.begin(), squashed.end(), found.begin(), mixtures.begin(),
                 [](const List& points, const List& mixture) {
                   return unpack_mixture(mixture, offset_of(points));
                 });
  return pack_each(
      gmm1d::em_test_each(unpack_tasks(squashed, options), mixtures, threads), squashed);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List conclude_each_cpp(const Rcpp::List& squashed, const Rcpp::List& starts,
                             const Rcpp::List& options, int threads) {
  const Frame frame(squashed);
  const auto from = each<std::vector<Mixture>>(
      starts, [&](const List& start) { return unpack_mixture(start, frame.offset); });
  std::vector<Task> tasks(from.size());
  std::transform(
      options.begin(), options.end(), from.begin(), tasks.begin(),
      [&](const List& how, const Mixture& start) {
        return Task{unpack_objective(squashed, how, start.k()), {unpack_climb(how)}};
      });
  return pack(gmm1d::conclude_each(tasks, from, threads), frame);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List covariance_cpp(const Rcpp::List& squashed, const Rcpp::List& mixture,
                          const Rcpp::List& options) {
  const Mixture m = unpack_mixture(mixture, offset_of(squashed));
  const Objective objective = unpack_objective(squashed, options, m.k());
  const auto unit = [&](const Component& one) {
    return gmm1d::blurred(one.sigma, objective.sample);
  };
  const NumericMatrix covariance = Rcpp::wrap(gmm1d::covariance(objective, m));
  return List::create(Rcpp::_["covariance"] = covariance,
                      Rcpp::_["unit"] = each<NumericVector>(m.components, unit));
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector smallest_sigma_cpp(const Rcpp::List& squashed,
                                       const Rcpp::NumericVector& mu,
                                       const Rcpp::List& options) {
  const double offset = offset_of(squashed);
  Objective objective =
      unpack_objective(squashed, options, static_cast<std::size_t>(mu.size()));
  objective.sample.places.width = nullptr;  // the width of a cell is no limit of the data
  return each<NumericVector>(
      mu, [&](double at) { return gmm1d::smallest_sigma(objective, at - offset); });
}

// [[Rcpp::export(rng = false)]]
Rcpp::List ceiling_cpp(const Rcpp::List& squashed, double sigma, double target,
                       const Rcpp::List& options) {
  const double offset = offset_of(squashed);
  const Objective objective = unpack_objective(squashed, options);
  return pack(gmm1d::ceiling(objective.sample, objective.noise, sigma, target,
                             [] { Rcpp::checkUserInterrupt(); }),
              offset);
}

// [[Rcpp::export(rng = false)]]
bool is_below_with_one_narrow_cpp(const Rcpp::List& squashed, double least, double others,
                                  double target, const Rcpp::List& options) {
  const Objective objective = unpack_objective(squashed, options);
  return gmm1d::is_below_with_one_narrow(objective.sample, objective.noise, least, others,
                                         target, [] { Rcpp::checkUserInterrupt(); });
}

// [[Rcpp::export(rng = false)]]
Rcpp::List gradient_cpp(const Rcpp::List& squashed, const Rcpp::List& mixture,
                        double sigma) {
  const double offset = offset_of(squashed);
  const gmm1d::Curve curve = gmm1d::gradient_curve(
      unpack_sample(squashed), unpack_mixture(mixture, offset), sigma);
  return List::create(
      Rcpp::_["mu"] = each<NumericVector>(curve.at, [&](double m) { return m + offset; }),
      Rcpp::_["D"] = curve.value);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List em_steps_cpp(const Rcpp::List& squashed, const Rcpp::List& start, int steps,
                        const Rcpp::List& options, bool is_rough = false) {
  const double offset = offset_of(squashed);
  gmm1d::Objective objective = unpack_objective(squashed, options);
  objective.is_rough = is_rough;
  return pack(gmm1d::em_steps(objective, unpack_mixture(start, offset), steps).mixture,
              offset);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List em_cpp(const Rcpp::List& squashed, const Rcpp::List& start,
                  const Rcpp::List& options, bool is_rough = false) {
  const Frame frame(squashed);
  const Mixture from = unpack_mixture(start, frame.offset);
  gmm1d::Objective objective = unpack_objective(squashed, options, from.k());
  objective.is_rough = is_rough;
  return pack(gmm1d::em(objective, from, unpack_climb(options)), frame);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List climb_cpp(const Rcpp::List& squashed, const Rcpp::List& start,
                     const Rcpp::List& options) {
  const Frame frame(squashed);
  return pack(gmm1d::climb(unpack_objective(squashed, options),
                           unpack_mixture(start, frame.offset), unpack_climb(options)),
              frame);
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
