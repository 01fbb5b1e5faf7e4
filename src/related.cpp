#include "related.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "cholesky.h"
#include "mean_curve.h"
#include "sample.h"
#include "tangent.h"

namespace gmm1d {

namespace {

using Sigmas = Relation::Sigmas;

/// Added to every proportion in a weighted projection, so that a component of proportion
/// 0 still counts.
constexpr double kLeastSay = 1e-8;
/// The smallest sigma in these weights, relative to the largest.
constexpr double kNarrowest = 1e-6;

/// The number of times that the M-step alternates between means and sigmas.
constexpr int kTurns = 2;
/// The largest number of scoring steps for means on which sigmas depend.
constexpr int kScoringSteps = 8;
/// Scoring stops when a step gains no more than this, in expected log-likelihood per
/// observation.
constexpr double kScoringGain = 1e-6;

void place_sigmas(double scale, const Constraints& constraints, Mixture& mixture) {
  const std::vector<double> ratios = sigma_ratios(mixture, constraints);
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_tied(constraints, j)) mixture[j].sigma = scale * ratios[j];
}

/// The sum of squares about mu, in units of u^2.
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

/// Improves the sigmas given the means. Tied sigmas take a scoring step in their squared
/// scale. Without errors this step is exact:
///   s^2 = sum_j (square_j / ratio_j^2) / sum_j n2_j.
void improve_sigmas(Mixture& mixture, const Constraints& constraints,
                    const std::vector<ComponentMoments>& moments, double error) {
  const std::vector<double> ratios = sigma_ratios(mixture, constraints);
  double unit = 0;  // of the common scale
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

/// The best means given the sigmas of a mixture.
void improve_means(Mixture& mixture, const Constraints& constraints,
                   const std::vector<ComponentMoments>& moments, double error) {
  const MeanCurve curve(constraints, mixture);
  if (curve.size() == 0) return;
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

/// Takes a scoring step in the means while the scale of the sigmas is held, shortened
/// until the expected objective rises. Returns the gain.
double score_means(Mixture& mixture, const Constraints& constraints,
                   const std::vector<ComponentMoments>& moments, double error) {
  const std::size_t k = mixture.k();
  const MeanCurve curve(constraints, mixture);
  if (curve.size() == 0) return 0;
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
  arma::mat information = basis.t() * (basis.each_col() % complete);
  if (!cholesky(information.memptr(), information.n_cols)) return 0;
  arma::vec step = basis.t() * score;
  solve_cholesky(information.memptr(), step.n_elem, step.memptr());
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

}  // namespace gmm1d
