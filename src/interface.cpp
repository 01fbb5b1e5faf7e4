// Everything that R calls: unpack, call, pack.

#include <RcppArmadillo.h>

#include "em.h"
#include "mixture.h"
#include "search.h"
#include "squash.h"
#include "steps.h"

namespace {

using gmm1d::EmOptions;
using gmm1d::EmResult;
using gmm1d::LogJoint;
using gmm1d::Mixture;
using gmm1d::Points;
using gmm1d::Status;
using gmm1d::Tail;
using Rcpp::_;
using Rcpp::as;
using Rcpp::List;
using Rcpp::NumericVector;

Mixture unpack_mixture(const List& mixture) {
  using Values = std::vector<double>;
  return {as<Values>(mixture["lambda"]), as<Values>(mixture["mu"]),
          as<Values>(mixture["sigma"])};
}

List pack(const Mixture& mixture) {
  return List::create(_["lambda"] = mixture.lambda, _["mu"] = mixture.mu,
                      _["sigma"] = mixture.sigma);
}

/// A view: the list must outlive it.
Points unpack_points(const List& squashed) {
  const NumericVector x = squashed["x"], w = squashed["w"];
  return {x.begin(), w.begin(), static_cast<std::size_t>(x.size()),
          as<double>(squashed["n"])};
}

EmOptions unpack_options(const List& options) {
  EmOptions result;
  result.tol = options["tol"];
  result.max_iter = options["max_iter"];
  result.penalty = options["penalty"];
  result.scale = options["scale"];
  result.min_sigma = options["min_sigma"];
  result.check_interrupt = [] { Rcpp::checkUserInterrupt(); };
  return result;
}

const char* words(Status status) {
  switch (status) {
    case Status::converged:
      return "converged";
    case Status::max_iter:
      return "max_iter";
    default:
      return "stalled";
  }
}

List pack(const EmResult& result) {
  return List::create(_["mixture"] = pack(result.mixture), _["loglik"] = result.loglik,
                      _["objective"] = result.objective, _["gap"] = result.gap,
                      _["iterations"] = result.iterations,
                      _["status"] = words(result.status), _["trace"] = result.trace,
                      _["penalised"] = result.penalised);
}

Tail unpack_tail(bool lower_tail) { return lower_tail ? Tail::lower : Tail::upper; }

template <class Function>
NumericVector map(const NumericVector& x, Function f) {
  NumericVector result(x.size());
  std::transform(x.begin(), x.end(), result.begin(), f);
  return result;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
arma::mat estep_cpp(const arma::vec& x, const Rcpp::List& mixture) {
  return gmm1d::estep(x, unpack_mixture(mixture));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List mstep_cpp(const arma::vec& x, const arma::mat& gamma,
                     const arma::vec& weights) {
  return pack(gmm1d::mstep(x, gamma, weights));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List distinct_cpp(const Rcpp::NumericVector& x, const Rcpp::NumericVector& w) {
  const auto result = gmm1d::distinct(x.begin(), w.begin(), x.size());
  return List::create(_["x"] = result.x, _["w"] = result.w);
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
Rcpp::NumericVector from_integer64_cpp(const Rcpp::NumericVector& x) {
  return Rcpp::wrap(gmm1d::from_integer64(x.begin(), x.size()));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List starting_values_cpp(const Rcpp::List& squashed, int k,
                               const Rcpp::List& options) {
  const auto starts =
      gmm1d::starting_values(unpack_points(squashed), k, unpack_options(options));
  return List::create(_["quantile"] = pack(starts[0]), _["kmeans"] = pack(starts[1]));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List search_cpp(const Rcpp::List& squashed, int k, const Rcpp::List& options) {
  return pack(gmm1d::search(unpack_points(squashed), k, unpack_options(options)));
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
