#include "related.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "mean_curve.h"

namespace gmm1d {

namespace {

using Sigmas = Relation::Sigmas;

/// A component of proportion 0 still has a say in where the nearest mixture is.
constexpr double kLeastSay = 1e-8;
/// No sigma counts as smaller than this part of the largest there.
constexpr double kNarrowest = 1e-6;

/// Means and sigmas take turns in the M-step so many times.
constexpr int kTurns = 2;
/// Means that move sigmas take so many steps of scoring at most, until one gains less
/// than this for each observation.
constexpr int kScoringSteps = 8;
constexpr double kScoringGain = 1e-6;

double blurred(double sigma, double error) {
  return error == 0 ? sigma : std::hypot(sigma, error);
}

bool is_tied(const Constraints& constraints, std::size_t j) {
  return are_sigmas_tied(constraints) && is_free(constraints.fixed_sigma(j));
}

bool is_proportional(const Constraints& constraints) {
  return constraints.relation.sigmas == Sigmas::proportional;
}

void place_sigmas(double scale, const Constraints& constraints, Mixture& mixture) {
  const std::vector<double> ratios = sigma_ratios(mixture, constraints);
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_tied(constraints, j)) mixture[j].sigma = scale * ratios[j];
}

/// The sum of squares about the mean of a component, in units of u^2.
double square_about(const ComponentMoments& moments, double mu, double u) {
  const double root = moments.root / u, distance = (moments.mean - mu) / u;
  return root * root + moments.n1 * distance * distance;
}

double expected_objective(const Mixture& mixture,
                          const std::vector<ComponentMoments>& moments, double error) {
  double sum = 0;
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    if (!(moments[j].n2 > 0)) continue;
    const double u = blurred(mixture[j].sigma, error);
    sum -= moments[j].n2 * std::log(u) + square_about(moments[j], mixture[j].mu, u) / 2;
  }
  return sum;
}

/// The sigmas that are best for the means of a mixture; of those that are tied, a step of
/// scoring in the square of what they have in common, which without errors is the best:
///   s^2 = sum_j (square_j / ratio_j^2) / sum_j n2_j.
void improve_sigmas(Mixture& mixture, const Constraints& constraints,
                    const std::vector<ComponentMoments>& moments, double error) {
  const std::vector<double> ratios = sigma_ratios(mixture, constraints);
  double unit = 0;  // of what they have in common
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (ratios[j] > 0)
      unit = std::max(unit, blurred(mixture[j].sigma, error) / ratios[j]);
  double sum = 0, information = 0;
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    const double n2 = moments[j].n2;
    if (!is_free(constraints.fixed_sigma(j)) || !(n2 > 0)) continue;
    const double u = blurred(mixture[j].sigma, error), of_error = error / u;
    const double variance =
        square_about(moments[j], mixture[j].mu, u) / n2 - of_error * of_error;
    if (!is_tied(constraints, j)) {
      mixture[j].sigma = u * std::sqrt(std::max(variance, 0.0));
      continue;
    }
    if (ratios[j] == 0) continue;
    const double part = unit * (ratios[j] / u);
    sum += n2 * part * part * variance;
    information += n2 * part * part * part * part;
  }
  if (has_free_scale(constraints) && information > 0)
    place_sigmas(unit * std::sqrt(std::max(sum / information, 0.0)), constraints,
                 mixture);
}

/// The means that are best for the sigmas of a mixture.
void improve_means(Mixture& mixture, const Constraints& constraints,
                   const std::vector<ComponentMoments>& moments, double error) {
  const MeanCurve curve(constraints, mixture);
  const auto& members = curve.members();
  arma::vec target(members.size()), weight(members.size());
  double narrowest = std::numeric_limits<double>::infinity();
  for (const std::size_t j : members)
    narrowest = std::min(narrowest, blurred(mixture[j].sigma, error));
  for (arma::uword i = 0; i < members.size(); ++i) {
    const std::size_t j = members[i];
    const double part = narrowest / blurred(mixture[j].sigma, error);
    target[i] = moments[j].mean - curve.zero();
    weight[i] = moments[j].n1 * part * part;
  }
  curve.place(curve.nearer(curve.at(mixture), target, weight), mixture);
}

/// A step of scoring of the means, the scale of the sigmas being what it is; shortened
/// until the expected objective rises. By how much it has.
double score_means(Mixture& mixture, const Constraints& constraints,
                   const std::vector<ComponentMoments>& moments, double error) {
  const std::size_t k = mixture.k();
  const MeanCurve curve(constraints, mixture);
  const arma::mat basis = tangent(mixture, constraints, error).head_cols(curve.size());
  arma::vec score(2 * k), complete(2 * k);
  for (std::size_t j = 0; j < k; ++j) {
    const double u = blurred(mixture[j].sigma, error), n1 = moments[j].n1,
                 n2 = moments[j].n2;
    score[j] = n1 * (moments[j].mean - mixture[j].mu) / u;
    score[k + j] = square_about(moments[j], mixture[j].mu, u) - n2;
    complete[j] = n1;
    complete[k + j] = 2 * n2;
  }
  const arma::mat information = arma::symmatu(basis.t() * (basis.each_col() % complete));
  arma::mat inverse;
  if (!information.is_finite() || !arma::inv_sympd(inverse, information)) return 0;
  const arma::vec step = inverse * (basis.t() * score);
  const double scale = sigma_scale(mixture, constraints);
  const double before = expected_objective(mixture, moments, error);
  for (double part = 1; part > 1e-3; part /= 2) {
    Mixture next = mixture;
    const arma::vec moved = part * (basis * step);
    for (const std::size_t j : curve.members())
      next[j].mu += moved[j] * blurred(mixture[j].sigma, error);
    curve.place(curve.at(next), next);
    place_sigmas(scale, constraints, next);
    const double gain = expected_objective(next, moments, error) - before;
    if (!(gain > 0)) continue;
    mixture = std::move(next);
    return gain;
  }
  return 0;
}

/// With the largest ratio R, u_j^2 = s^2 ratio_j^2 + error^2 and U^2 = s^2 R^2 + error^2:
///   d log(u_j) / d log(U) = (ratio_j / R)^2 (U / u_j)^2, which is 1 without errors.
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

/// sigma_j^2 / u_j^2: how much of the spread that is seen is that of the component.
double own_part(const Mixture& mixture, std::size_t j, double error) {
  const double part =
      error == 0 ? 1 : mixture[j].sigma / blurred(mixture[j].sigma, error);
  return part * part;
}

/// The derivatives of the means by what is free, a row for each component, the columns in
/// a unit in which the largest m moves by 1.
arma::mat slopes(const MeanCurve& curve, const arma::vec& numbers, const Mixture& mixture,
                 double error, arma::rowvec& unit) {
  const arma::mat slope = curve.slope(numbers);
  arma::mat result(mixture.k(), curve.size(), arma::fill::zeros);
  unit.set_size(curve.size());
  unit.fill(arma::datum::inf);
  for (arma::uword i = 0; i < curve.members().size(); ++i) {
    const std::size_t j = curve.members()[i];
    result.row(j) = slope.row(i);
    const double u = blurred(mixture[j].sigma, error);
    for (arma::uword c = 0; c < unit.n_elem; ++c)
      unit[c] = std::min(unit[c], u / std::abs(slope(i, c)));
  }
  unit.replace(arma::datum::inf, 1);
  result.each_row() %= unit;
  return result;
}

/// d log|mu_j - zero| for each component, beside that of the component whose sigma is
/// pinned, if one is.
arma::mat log_slopes(const arma::mat& slopes, const Mixture& mixture,
                     const Constraints& constraints) {
  arma::mat result = slopes;
  const Relation& relation = constraints.relation;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    result.row(j) /= mixture[j].mu - relation.zero;
  if (relation.sigma)
    result.each_row() -= arma::rowvec(result.row(relation.sigma->component));
  return result;
}

}  // namespace

std::vector<double> sigma_ratios(const Mixture& mixture, const Constraints& constraints) {
  const Relation& relation = constraints.relation;
  std::vector<double> result(mixture.k(), 0);
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    if (!is_tied(constraints, j)) continue;
    result[j] = is_proportional(constraints) ? std::abs(mixture[j].mu - relation.zero)
                : relation.sigmas == Sigmas::ratios ? relation.ratios[j]
                                                    : 1;
    if (relation.sigma)
      result[j] /= std::abs(mixture[relation.sigma->component].mu - relation.zero);
  }
  return result;
}

double sigma_scale(const Mixture& mixture, const Constraints& constraints) {
  const Relation& relation = constraints.relation;
  if (!is_free(relation.scale)) return relation.scale;
  if (relation.sigma) return relation.sigma->value;
  const std::vector<double> ratios = sigma_ratios(mixture, constraints);
  const auto most = std::max_element(ratios.begin(), ratios.end());
  return *most > 0
             ? mixture[static_cast<std::size_t>(most - ratios.begin())].sigma / *most
             : 0;
}

Mixture related_m_step(Mixture mixture, const Constraints& constraints,
                       const std::vector<ComponentMoments>& moments, double error) {
  double n = 0;
  for (const ComponentMoments& one : moments) n += one.n2;
  for (int turn = 0; turn < kTurns; ++turn) {
    if (!is_proportional(constraints)) {
      improve_means(mixture, constraints, moments, error);
    } else {
      for (int step = 0; step < kScoringSteps; ++step)
        if (score_means(mixture, constraints, moments, error) <= kScoringGain * n) break;
    }
    improve_sigmas(mixture, constraints, moments, error);
  }
  return mixture;
}

Mixture related(Mixture mixture, const Constraints& constraints) {
  const std::size_t k = mixture.k();
  const Mixture before = mixture;
  double largest = 0;
  for (std::size_t j = 0; j < k; ++j) largest = std::max(largest, mixture[j].sigma);
  if (constraints.relation.ties_means()) {
    const MeanCurve curve(constraints, mixture);
    arma::vec target(curve.members().size()), weight(target.n_elem);
    for (arma::uword i = 0; i < target.n_elem; ++i) {
      const Component& component = mixture[curve.members()[i]];
      const double part =
          largest > 0 ? std::max(component.sigma / largest, kNarrowest) : 1;
      target[i] = component.mu - curve.zero();
      weight[i] = (component.lambda + kLeastSay) / (part * part);
    }
    curve.place(curve.nearest(target, weight), mixture);
  }
  if (!are_sigmas_tied(constraints)) return mixture;
  double sum = 0, n = 0;
  const std::vector<double> ratios = sigma_ratios(mixture, constraints);
  for (std::size_t j = 0; j < k; ++j) {
    if (ratios[j] == 0) continue;
    const double say = mixture[j].lambda + kLeastSay;
    const double root =
        std::hypot(mixture[j].sigma, before[j].mu - mixture[j].mu) / ratios[j];
    sum = std::hypot(sum, std::sqrt(say) * root);
    n += say;
  }
  const double scale = has_free_scale(constraints) ? (n > 0 ? sum / std::sqrt(n) : 0)
                                                   : sigma_scale(mixture, constraints);
  place_sigmas(scale, constraints, mixture);
  return mixture;
}

arma::mat tangent(const Mixture& mixture, const Constraints& constraints, double error) {
  const std::size_t k = mixture.k();
  const MeanCurve curve(constraints, mixture);
  arma::rowvec unit;
  const arma::mat slope = slopes(curve, curve.at(mixture), mixture, error, unit);
  std::vector<std::size_t> own;  // the sigmas that are free and not tied
  for (std::size_t j = 0; j < k; ++j)
    if (is_free(constraints.fixed_sigma(j)) && !is_tied(constraints, j)) own.push_back(j);
  const std::vector<double> ratios = sigma_ratios(mixture, constraints);
  const bool scale_moves =
      has_free_scale(constraints) && *std::max_element(ratios.begin(), ratios.end()) > 0;
  arma::mat result(2 * k, curve.size() + own.size() + (scale_moves ? 1 : 0),
                   arma::fill::zeros);
  for (std::size_t j = 0; j < k; ++j)
    result.row(j).head(curve.size()) = slope.row(j) / blurred(mixture[j].sigma, error);
  if (is_proportional(constraints)) {
    const arma::mat log_slope = log_slopes(slope, mixture, constraints);
    for (std::size_t j = 0; j < k; ++j)
      if (ratios[j] > 0)
        result.row(k + j).head(curve.size()) =
            own_part(mixture, j, error) * log_slope.row(j);
  }
  for (std::size_t c = 0; c < own.size(); ++c) result(k + own[c], curve.size() + c) = 1;
  if (scale_moves)
    result.submat(k, result.n_cols - 1, 2 * k - 1, result.n_cols - 1) =
        arma::vec(moved_by_scale(mixture, constraints, error));
  return result;
}

/// With p_j = own_part, q_j = moved_by_scale and x_j = log|mu_j - zero|,
///   d l_j = p_j d x_j + q_j dt,
///   d^2 l_j = p_j d^2 x_j + 2 p_j (1 - p_j) (d x_j)^2 + 4 q_j (1 - p_j) d x_j dt
///             + 2 q_j (1 - q_j) dt^2,
/// t being the logarithm of U. Without errors p_j = q_j = 1.
arma::mat bend(const Mixture& mixture, const Constraints& constraints, double error,
               const arma::vec& score) {
  const std::size_t k = mixture.k();
  const MeanCurve curve(constraints, mixture);
  const arma::vec numbers = curve.at(mixture);
  arma::rowvec unit;
  const arma::mat slope = slopes(curve, numbers, mixture, error, unit);
  const std::vector<double> ratios = sigma_ratios(mixture, constraints);
  const arma::uword means = curve.size(),
                    size = tangent(mixture, constraints, error).n_cols;
  const bool scale_moves = are_sigmas_tied(constraints) && size > means;
  arma::mat result(size, size, arma::fill::zeros);
  // What moves the means, and through them the sigmas.
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
