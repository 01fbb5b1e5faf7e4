#include "em.h"

#include <algorithm>
#include <cmath>

#include "information.h"
#include "newton.h"

namespace gmm1d {

namespace {

/// A variance s2/s0 - (s1/s0)^2 that is so small a part of s2/s0 has lost digits to
/// cancellation, 10 bits of 53, and is summed again about the new mean.
constexpr double kCancellation = 1.0 / 1024;

/// A gain that is a smaller part of the objective is noise of its sum, not a rise.
constexpr double kRounding = 4 * std::numeric_limits<double>::epsilon();

/// The longest leap of the acceleration, in EM steps.
constexpr double kLongestLeap = 64;

/// Along a curved and flat valley Newton's steps are short, or there are none: the climb
/// ends if so many iterations ...
constexpr int kPatience = 20;
/// ... rise by no more than this, in units of the log-likelihood, or per observation.
/// Criteria differ by more if they differ at all, and so do densities that can be told
/// apart.
constexpr double kFlatGain = 0.01, kFlatGainOfOne = 1e-7;

/// Newton's method takes over where a leap gains less than this for each observation.
constexpr double kNewtonGain = 1e-3;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The means of the M-step: mu_j + sigma_j s1_j / s0_j. An empty component stays.
std::vector<double> new_means(const State& state, const Constraints& constraints) {
  const auto& [mixture, statistics, objective] = state;
  std::vector<double> mu = mixture.mu;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (statistics.s0[j] > 0 && is_free(constraints.fixed_mu(j)))
      mu[j] += mixture.sigma[j] * (statistics.s1[j] / statistics.s0[j]);
  return mu;
}

/// The variance of component j about its new mean, which may be fixed, in units of
/// sigma_j^2.
double relative_variance(const Statistics& s, std::size_t j,
                         const Constraints& constraints) {
  const bool moves = is_free(constraints.fixed_mu(j));
  const double shift = moves ? s.s1[j] / s.s0[j] : 0;
  return s.s2[j] / s.s0[j] - shift * shift;
}

bool cancels(const Statistics& s, const Constraints& constraints) {
  for (std::size_t j = 0; j < s.s0.size(); ++j)
    if (s.s0[j] > 0 &&
        !(relative_variance(s, j, constraints) >= kCancellation * s.s2[j] / s.s0[j]))
      return true;
  return false;
}

/// The sums over components of s0 and s0 var, in units of the one sigma that they have.
struct Pooled {
  double n = 0, square = 0, count = 0;
};

/// The M-step, O(k):
///   sigma_j^2 = (s0_j var_j + 2 a s^2) / (s0_j + 2 a),
/// both sums taken over all components whose sigmas are one;
/// the expected objective rises and falls once in sigma_j, so a floor just cuts it off.
Mixture m_step(const Points& points, const State& state, const EmOptions& options) {
  const Constraints& constraints = options.constraints;
  Mixture next = state.mixture;
  next.mu = new_means(state, constraints);
  Statistics statistics = state.statistics;
  if (cancels(statistics, constraints))
    statistics = e_step(points, state.mixture, next.mu);
  Pooled pooled;
  for (std::size_t j = 0; j < next.k(); ++j) {
    const double s0 = statistics.s0[j];
    next.lambda[j] = s0 / points.n;
    if (!is_free(constraints.fixed_sigma(j))) continue;
    const double variance =
        s0 > 0 ? std::max(0.0, relative_variance(statistics, j, constraints)) : 0;
    if (constraints.equal_sigma)
      pooled = {pooled.n + s0, pooled.square + s0 * variance, pooled.count + 1};
    else if (s0 + 2 * options.penalty > 0)
      next.sigma[j] = penalised_sigma(s0, next.sigma[j] * std::sqrt(variance), options);
  }
  for (std::size_t j = 0; pooled.n > 0 && j < next.k(); ++j)
    if (is_free(constraints.fixed_sigma(j)))
      next.sigma[j] = penalised_sigma(
          pooled.n, state.mixture.sigma[j] * std::sqrt(pooled.square / pooled.n), options,
          pooled.count);
  return feasible(points, next, options);
}

State em_step(const Points& points, const State& state, const EmOptions& options) {
  return evaluate(points, m_step(points, state, options), options);
}

/// The step from one mixture to another in the coordinates of `Information`.
arma::vec step_between(const Mixture& from, const Mixture& to) {
  const std::size_t k = from.k();
  arma::vec step(3 * k, arma::fill::zeros);
  for (std::size_t j = 0; j < k; ++j) {
    if (from.lambda[j] > 0 && to.lambda[j] > 0)
      step[j] = std::log(to.lambda[j] / from.lambda[j]);
    step[k + j] = (to.mu[j] - from.mu[j]) / from.sigma[j];
    step[2 * k + j] = std::log(to.sigma[j] / from.sigma[j]);
  }
  return step;
}

/// Two EM steps and a leap along them (SQUAREM, scheme S3 of Varadhan & Roland 2008):
/// with r the first step and v what the second differs from it by, the leap is
/// -2 a r + a^2 v, a = -|r| / |v|. It counts only if it leads higher than the two steps.
State accelerated_step(const Points& points, const State& state,
                       const EmOptions& options) {
  const State one = em_step(points, state, options);
  State two = em_step(points, one, options);
  const arma::vec r = step_between(state.mixture, one.mixture);
  const arma::vec v = step_between(state.mixture, two.mixture) - 2 * r;
  const double a = -std::min(arma::norm(r) / arma::norm(v), kLongestLeap);
  if (!(a < -1)) return two;
  const Mixture leap = moved(state.mixture, -2 * a * r + a * a * v, options.constraints);
  State far = evaluate(points, feasible(points, leap, options), options);
  return far.objective > two.objective ? far : two;
}

bool has_lost_component(const Points& points, const State& state) {
  const auto& lambda = state.mixture.lambda;
  return is_lost(points, *std::min_element(lambda.begin(), lambda.end()));
}

/// Adds the objective to the trace if it has risen, and returns its rise.
double record(const State& state, std::vector<double>& trace) {
  const double gain = state.objective - trace.back();
  if (gain > 0) trace.push_back(state.objective);
  return gain;
}

}  // namespace

EmResult em(const Points& points, const Mixture& start, const EmOptions& options) {
  State state = evaluate(points, feasible(points, start, options), options);
  EmResult result{};
  result.trace = {state.objective};
  result.status = Status::max_iter;
  result.certificate.gap = kInfinity;
  double& gap = result.certificate.gap;
  double gain = kInfinity, damping = 0, before = -kInfinity;
  int steps = 0;  // of Newton's method
  arma::vec step;
  const auto take = [&](State next) {
    if (next.objective > state.objective) state = std::move(next);
  };
  for (int i = 0; i < options.max_iter && result.status == Status::max_iter; ++i) {
    options.check_interrupt();
    if (!(gain <= kNewtonGain * points.n)) {
      take(accelerated_step(points, state, options));
      gain = record(state, result.trace);
      continue;
    }
    const double rounding = kRounding * std::abs(state.objective);
    Quadratic q = quadratic(points, state.mixture, options);
    gap = gap_of(q, step);
    if (gap <= std::max(options.tol, rounding)) {
      if (options.certify) polish(points, state, q, gap, step, options);
      record(state, result.trace);
      const bool is_ridge = has_lost_component(points, state) ||
                            reaches_ceiling(state.mixture, options) ||
                            (options.certify && is_flat(q));
      result.status = gap > options.tol ? Status::stalled
                      : is_ridge        ? Status::ridge
                                        : Status::converged;
      break;
    }
    if (state.objective + 2 * gap < options.least_objective) break;
    if (!newton_step(points, state, q, gap < kInfinity, step, damping, options))
      take(accelerated_step(points, state, options));
    gain = record(state, result.trace);
    if (gain <= std::max(options.tol, rounding) && gap == kInfinity)
      result.status = is_saddle(q) ? Status::saddle : Status::ridge;
    else if (gain == 0)
      result.status = Status::stalled;
    if (++steps % kPatience != 0) continue;
    if (state.objective - before <= std::max(kFlatGain, kFlatGainOfOne * points.n))
      result.status = Status::ridge;
    before = state.objective;
  }
  if (options.certify) result.certificate = certificate(points, state.mixture, options);
  if (result.status == Status::max_iter && gap <= options.tol &&
      !has_lost_component(points, state))
    result.status = Status::converged;
  result.iterations = static_cast<int>(result.trace.size()) - 1;
  result.mixture = std::move(state.mixture);
  result.loglik = state.statistics.loglik;
  result.objective = state.objective;
  return result;
}

Candidate em_steps(const Points& points, const Mixture& start, int steps,
                   const EmOptions& options) {
  State state = evaluate(points, feasible(points, start, options), options);
  for (int i = 0; i < steps; ++i) state = em_step(points, state, options);
  return {std::move(state.mixture), state.objective};
}

Candidate accelerated_steps(const Points& points, const Mixture& start, int steps,
                            const EmOptions& options) {
  State state = evaluate(points, feasible(points, start, options), options);
  for (int i = 0; i < steps; ++i) state = accelerated_step(points, state, options);
  return {std::move(state.mixture), state.objective};
}

}  // namespace gmm1d
