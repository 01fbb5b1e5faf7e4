#include "tangent.h"

#include <algorithm>
#include <cmath>

#include "mean_curve.h"
#include "related.h"
#include "sample.h"

namespace gmm1d {

namespace {

/// The derivatives of the log(u_j) with respect to the common scale. With R the largest
/// ratio, u_j^2 = s^2 ratio_j^2 + error^2 and U^2 = s^2 R^2 + error^2,
///   d log(u_j) / d log(U) = (ratio_j / R)^2 (U / u_j)^2,
/// which is 1 without errors.
std::vector<double> moved_by_scale(const Mixture& mixture, const Constraints& constraints,
                                   double error) {
  std::vector<double> result = sigma_ratios(mixture, constraints);
  const double scale = sigma_scale(mixture, constraints);
  const double most = *std::max_element(result.begin(), result.end());
  for (std::size_t j = 0; j < result.size(); ++j) {
    if (error == 0 || result[j] == 0) {
      result[j] = result[j] > 0 ? 1 : 0;
      continue;
    }
    const double q = result[j] / most * blurred(scale * most, error) /
                     blurred(mixture[j].sigma, error);
    result[j] = q * q;
  }
  return result;
}

/// sigma_j^2 / u_j^2: the part of the observed variance that is due to the component.
double own_part(const Mixture& mixture, std::size_t j, double error) {
  const double part =
      error == 0 ? 1 : mixture[j].sigma / blurred(mixture[j].sigma, error);
  return part * part;
}

/// The derivatives of the means with respect to the free numbers, with a row for each
/// component. The unit of each column is such that the largest m moves by 1.
arma::mat slopes(const MeanCurve& curve, const arma::vec& numbers, const Mixture& mixture,
                 double error, arma::rowvec& unit) {
  const arma::mat slope = curve.slope(numbers);
  arma::mat result(mixture.k(), curve.size(), arma::fill::zeros);
  unit.set_size(curve.size());
  unit.fill(arma::datum::inf);
  for (arma::uword i = 0; i < curve.members().size(); ++i) {
    const std::size_t j = curve.members()[i];
    const double u = blurred(mixture[j].sigma, error);
    for (arma::uword c = 0; c < unit.n_elem; ++c) {
      result(j, c) = slope(i, c);
      unit[c] = std::min(unit[c], u / std::abs(slope(i, c)));
    }
  }
  unit.replace(arma::datum::inf, 1);
  for (arma::uword c = 0; c < unit.n_elem; ++c) result.col(c) *= unit[c];
  return result;
}

/// The derivatives of log|mu_j - zero| for each component. If the sigma of a component is
/// pinned, its derivative is subtracted.
arma::mat log_slopes(const arma::mat& slopes, const Mixture& mixture,
                     const Constraints& constraints) {
  arma::mat result = slopes;
  const Relation& relation = constraints.relation;
  for (arma::uword c = 0; c < result.n_cols; ++c) {
    for (std::size_t j = 0; j < mixture.k(); ++j)
      result(j, c) /= mixture[j].mu - relation.zero;
    if (relation.sigma) result.col(c) -= double(result(relation.sigma->component, c));
  }
  return result;
}

/// The sigmas that are free and not tied.
std::vector<std::size_t> single_sigmas(std::size_t k, const Constraints& constraints) {
  std::vector<std::size_t> result;
  for (std::size_t j = 0; j < k; ++j)
    if (is_free(constraints.fixed_sigma(j)) && !is_tied(constraints, j))
      result.push_back(j);
  return result;
}

/// True if the common scale has a coordinate, which is then the last one.
bool has_scale(const std::vector<double>& ratios, const Constraints& constraints) {
  return has_free_scale(constraints) &&
         *std::max_element(ratios.begin(), ratios.end()) > 0;
}

}  // namespace

arma::mat tangent(const Mixture& mixture, const Constraints& constraints, double error) {
  const std::size_t k = mixture.k();
  const MeanCurve curve(constraints, mixture);
  arma::rowvec unit;
  const arma::mat slope = slopes(curve, curve.at(mixture), mixture, error, unit);
  const std::vector<std::size_t> own = single_sigmas(k, constraints);
  const std::vector<double> ratios = sigma_ratios(mixture, constraints);
  const bool scale_moves = has_scale(ratios, constraints);
  arma::mat result(2 * k, curve.size() + own.size() + (scale_moves ? 1 : 0),
                   arma::fill::zeros);
  for (arma::uword c = 0; c < curve.size(); ++c)
    for (std::size_t j = 0; j < k; ++j)
      result(j, c) = slope(j, c) / blurred(mixture[j].sigma, error);
  if (is_proportional(constraints)) {
    const arma::mat log_slope = log_slopes(slope, mixture, constraints);
    for (arma::uword c = 0; c < curve.size(); ++c)
      for (std::size_t j = 0; j < k; ++j)
        if (ratios[j] > 0)
          result(k + j, c) = own_part(mixture, j, error) * log_slope(j, c);
  }
  for (std::size_t c = 0; c < own.size(); ++c) result(k + own[c], curve.size() + c) = 1;
  if (scale_moves)
    result.submat(k, result.n_cols - 1, 2 * k - 1, result.n_cols - 1) =
        arma::vec(moved_by_scale(mixture, constraints, error));
  return result;
}

/// With p_j = own_part, q_j = moved_by_scale, x_j = log|mu_j - zero| and t = log(U),
///   d l_j = p_j d x_j + q_j dt,
///   d^2 l_j = p_j d^2 x_j + 2 p_j (1 - p_j) (d x_j)^2 + 4 q_j (1 - p_j) d x_j dt
///            + 2 q_j (1 - q_j) dt^2.
/// Without errors p_j = q_j = 1.
arma::mat bend(const Mixture& mixture, const Constraints& constraints, double error,
               const arma::vec& score) {
  const std::size_t k = mixture.k();
  const MeanCurve curve(constraints, mixture);
  const arma::vec numbers = curve.at(mixture);
  arma::rowvec unit;
  const arma::mat slope = slopes(curve, numbers, mixture, error, unit);
  const std::vector<double> ratios = sigma_ratios(mixture, constraints);
  const bool scale_moves = has_scale(ratios, constraints);
  const arma::uword means = curve.size(), size = means +
                                                 single_sigmas(k, constraints).size() +
                                                 (scale_moves ? 1 : 0);
  arma::mat result(size, size, arma::fill::zeros);
  // The score with respect to each mean, including its effect on the tied sigmas.
  arma::vec by_mean(k);
  for (std::size_t j = 0; j < k; ++j)
    by_mean[j] = score[j] / blurred(mixture[j].sigma, error);
  const std::vector<double> q = moved_by_scale(mixture, constraints, error);
  arma::mat log_slope;
  if (is_proportional(constraints)) log_slope = log_slopes(slope, mixture, constraints);
  const auto distance = [&](std::size_t j) {
    return mixture[j].mu - constraints.relation.zero;
  };
  for (std::size_t j = 0; j < k; ++j) {
    if (ratios[j] == 0) continue;
    const double l = score[k + j], p = own_part(mixture, j, error);
    if (scale_moves) result(size - 1, size - 1) += l * 2 * q[j] * (1 - q[j]);
    if (!is_proportional(constraints) || means == 0) continue;
    const arma::rowvec x = log_slope.row(j), away = slope.row(j) / distance(j);
    auto square = result.submat(0, 0, arma::size(means, means));
    square += l * (2 * p * (1 - p) * x.t() * x - p * away.t() * away);
    by_mean[j] += l * p / distance(j);
    if (constraints.relation.sigma) {
      const std::size_t pin = constraints.relation.sigma->component;
      const arma::rowvec there = slope.row(pin) / distance(pin);
      square += l * p * there.t() * there;
      by_mean[pin] -= l * p / distance(pin);
    }
    if (!scale_moves) continue;
    const arma::rowvec cross = 2 * l * q[j] * (1 - p) * x;
    result.row(size - 1).head(means) += cross;
    result.col(size - 1).head(means) += cross.t();
  }
  if (means == 0) return result;
  arma::vec f(curve.members().size());
  for (arma::uword i = 0; i < f.n_elem; ++i) f[i] = by_mean[curve.members()[i]];
  result.submat(0, 0, arma::size(means, means)) +=
      curve.bend(numbers, f) % (unit.t() * unit);
  return result;
}

}  // namespace gmm1d
