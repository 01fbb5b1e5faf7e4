#include "newton.h"

#include <algorithm>
#include <cmath>

#include "block.h"
#include "cholesky.h"
#include "rough.h"

namespace gmm1d {

namespace {

/// A decrease of the objective up to this part of it counts as rounding error if the
/// score predicts an increase.
constexpr double kRoundingFall = 1e-12;

/// The largest change of a log-ratio, a mean in sigmas or a log sigma in one Newton step.
constexpr double kLongestStep = 2;

/// The smallest damping that is tried after 0.
constexpr double kLeastDamping = 1.0 / 256;

/// The largest number of steps in polish().
constexpr int kPolishingSteps = 3;

/// Eigenvalues of -H up to this are treated as zero; they are 1 if the components are
/// known.
constexpr double kSingular = 1e-10;

/// Eigenvalues of -H down to -kSaddle are treated as zero.
constexpr double kSaddle = 1e-4;

/// A log-ratio, a mean in sigmas or a log sigma is not determined if its information is
/// below this: its standard error is then above 30.
constexpr double kFlat = 1e-3;

/// A component that holds less than this part of a point has lost its observations.
constexpr double kLost = 1e-3;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The information of the likelihood plus that of the penalty on the free sigmas.
Information penalised_information(const Objective& objective, const Mixture& mixture) {
  Information result = objective.is_rough ? rough_information(objective.sample, mixture)
                                          : information(objective.sample, mixture);
  const std::size_t k = mixture.k();
  for (std::size_t j = 0; j < k; ++j) {
    if (objective.penalty.weight == 0) break;
    if (!is_free(objective.constraints.fixed_sigma(j))) continue;
    const double ratio = objective.penalty.scale / mixture[j].sigma;
    const double spring = 2 * objective.penalty.weight * ratio * ratio;
    result.score[2 * k + j] += spring - 2 * objective.penalty.weight;
    result.observed(2 * k + j, 2 * k + j) += 2 * spring;
    result.complete[2 * k + j] += 2 * spring;
  }
  return result;
}

/// Solves (-H + damping I) step = score. Returns false if that matrix is not positive
/// definite.
bool solve(const Quadratic& q, double damping, arma::vec& step) {
  const std::size_t size = q.score.n_elem;
  MatrixRoom room(size * size);
  double* const matrix = room.data();
  std::copy_n(q.curvature.memptr(), size * size, matrix);
  for (std::size_t c = 0; c < size; ++c) matrix[c * size + c] += damping;
  step = q.score;
  if (!cholesky(matrix, size)) return false;
  solve_cholesky(matrix, size, step.memptr());
  return step.is_finite();
}

State step_on(const Objective& objective, const State& state, const Quadratic& q,
              const arma::vec& scaled_step) {
  arma::vec step = q.unit % scaled_step;
  if (!q.basis.is_empty()) step = q.basis * step;
  const double longest = arma::abs(step).max();
  if (longest > kLongestStep) step *= kLongestStep / longest;
  const Mixture next =
      moved(state.mixture, step, objective.constraints, objective.sample);
  return evaluate(objective, feasible(objective, next));
}

arma::vec eigenvalues(const arma::mat& symmetric) {
  arma::vec result;
  const bool known = symmetric.is_finite() && arma::eig_sym(result, symmetric);
  return known ? result : arma::vec{-kInfinity};
}

/// True if coordinate c moves a sigma or a noise proportion that is 0. The likelihood
/// decreases on the only side to which it can move, and all others have standard errors
/// without it.
bool is_of_zero(const Objective& objective, const Mixture& mixture,
                const arma::mat& basis, arma::uword c) {
  const std::size_t k = mixture.k();
  if (mixture.has_noise() && is_lost(objective, mixture.noise.lambda) &&
      basis(log_ratio(k, k), c) > 0.5)
    return true;
  for (std::size_t j = 0; objective.sample.error > 0 && j < k; ++j)
    if (basis(2 * k + j, c) != 0 && mixture[j].sigma == 0) return true;
  return false;
}

}  // namespace

Quadratic quadratic(const Objective& objective, const Mixture& mixture) {
  Information information = penalised_information(objective, mixture);
  Quadratic result;
  const bool lambda_is_free = mixture.columns() > 1;
  if (!is_none(objective.constraints) || !lambda_is_free || mixture.has_noise()) {
    result.basis = free_basis(mixture, objective.constraints, objective.sample);
    information = restricted(information, mixture, objective.constraints, result.basis,
                             objective.sample);
  }
  const arma::uword size = information.score.n_elem;
  const arma::mat& basis = result.basis;
  const std::size_t k = mixture.k();
  const auto at_bound = [&](arma::uword c) {
    const bool rises = information.score[c] > 0;
    // Coordinates that move means also move the sigmas tied to them.
    if (!basis.is_empty() && arma::any(basis.col(c).subvec(k, 2 * k - 1))) return false;
    for (std::size_t j = 0; j < k; ++j) {
      const bool moves = basis.is_empty() ? c == 2 * k + j : basis(2 * k + j, c) != 0;
      if (moves && (rises ? mixture[j].sigma >= objective.widest
                          : is_smallest(objective, mixture, j)))
        return true;
    }
    return false;
  };
  result.unit = 1 / arma::sqrt(information.complete);
  result.score = information.score % result.unit;
  result.curvature = std::move(information.observed);
  for (arma::uword c = 0; c < size; ++c)
    for (arma::uword r = 0; r < size; ++r)
      result.curvature(r, c) *= result.unit[r] * result.unit[c];
  const double least =
      kLost * objective.n() / static_cast<double>(objective.sample.places.size);
  for (arma::uword c = 0; c < size; ++c) {
    if (information.complete[c] > least && !at_bound(c)) continue;
    result.score[c] = 0;
    result.curvature.row(c).zeros();
    result.curvature.col(c).zeros();
    result.curvature(c, c) = 1;
    result.unit[c] = 0;
  }
  return result;
}

double gap_of(const Quadratic& q, arma::vec& step) {
  return solve(q, -kSingular, step) ? arma::dot(q.score, step) / 2 : kInfinity;
}

bool newton_step(const Objective& objective, State& state, const Quadratic& q, bool known,
                 arma::vec& step, double& damping) {
  if (!known) damping = std::max(damping, kLeastDamping);
  for (; damping <= 1; damping = std::max(4 * damping, kLeastDamping)) {
    if (!(known && damping == 0) && !solve(q, damping, step)) continue;
    State next = step_on(objective, state, q, step);
    if (!(next.objective > state.objective)) continue;
    state = std::move(next);
    damping = damping > kLeastDamping ? damping / 8 : 0;
    return true;
  }
  damping = 0;
  return false;
}

void polish(const Objective& objective, State& state, Quadratic& q, double& gap,
            arma::vec& step) {
  for (int i = 0; i < kPolishingSteps && gap > 0; ++i) {
    State next = step_on(objective, state, q, step);
    Quadratic next_q = quadratic(objective, next.mixture);
    const double next_gap = gap_of(next_q, step), fall = state.objective - next.objective;
    if (!(next_gap < gap) || fall > kRoundingFall * std::abs(state.objective)) return;
    state = std::move(next);
    q = std::move(next_q);
    gap = next_gap;
  }
}

bool is_saddle(const Quadratic& q) {
  const arma::vec values = eigenvalues(q.curvature);
  return values.is_finite() && values.min() < -kSaddle;
}

bool is_flat(const Quadratic& q) {
  const arma::uvec moving = arma::find(q.unit > 0);
  if (moving.is_empty()) return false;
  const arma::vec unit = q.unit.elem(moving);
  const arma::mat natural = q.curvature.submat(moving, moving) / (unit * unit.t());
  return !(eigenvalues(natural).min() > kFlat);
}

bool is_lost(const Objective& objective, double lambda) {
  return lambda * static_cast<double>(objective.sample.places.size) < kLost;
}

Certificate certificate(const Quadratic& q, double gap) {
  if (q.score.is_empty()) return {0, 0, 1};  // everything is fixed
  return {gap, arma::norm(q.score), eigenvalues(q.curvature).min()};
}

arma::mat covariance(const Objective& objective, const Mixture& mixture) {
  const std::size_t k = mixture.k(), all = 2 * k + mixture.columns();
  const Quadratic q = quadratic(objective, mixture);
  arma::mat basis = q.basis.is_empty()
                        ? free_basis(mixture, objective.constraints, objective.sample)
                        : q.basis;
  arma::mat result(all, all, arma::fill::zeros);
  if (basis.n_cols == 0) return result;
  arma::mat inverse;
  bool singular = !(eigenvalues(q.curvature).min() > kSingular) ||
                  !arma::inv_sympd(inverse, q.curvature);
  for (arma::uword c = 0; c < basis.n_cols; ++c)
    if (q.unit[c] == 0 && !is_of_zero(objective, mixture, basis, c)) singular = true;
  if (singular) return result.fill(arma::datum::nan);
  for (std::size_t j = 0; j < k; ++j) basis.row(j) *= mixture[j].lambda;
  if (mixture.has_noise()) basis.row(log_ratio(k, k)) *= mixture.noise.lambda;
  basis.each_row() %= q.unit.t();
  result = basis * inverse * basis.t();
  return (result + result.t()) / 2;
}

}  // namespace gmm1d
