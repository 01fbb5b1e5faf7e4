#include "em.h"

#include <algorithm>
#include <cmath>

#include "information.h"
#include "simd.h"

namespace gmm1d {

namespace {

/// A variance s2/s0 - (s1/s0)^2 that is so small a part of s2/s0 has lost digits to
/// cancellation, 10 bits of 53, and is summed again about the new mean.
constexpr double kCancellation = 1.0 / 1024;

/// A gain that is a smaller part of the objective is noise of its sum, not a rise ...
constexpr double kRounding = 4 * std::numeric_limits<double>::epsilon();
/// ... and so is a fall, up to this part, where the score says that it is a rise.
constexpr double kRoundingFall = 1e-12;

/// The least sigma of a component, as a part of the width of the cell at its mean. There
/// the Gauss rules still see a normal density to 1e-3.
constexpr double kLeastOfCell = 0.5;

/// The longest leap of the acceleration, in EM steps.
constexpr double kLongestLeap = 64;

/// Newton's method takes over where a leap gains less than this for each observation.
constexpr double kNewtonGain = 1e-3;

/// No Newton step changes a log-ratio, a mean in sigmas or a log sigma by more.
constexpr double kLongestStep = 2;

constexpr double kLeastDamping = 1.0 / 256;

constexpr int kPolishingSteps = 3;

/// An eigenvalue of -H, 1 in data whose components are known, that rounding cannot tell
/// from 0.
constexpr double kSingular = 1e-10;

/// Nor can it an eigenvalue above minus this from one.
constexpr double kSaddle = 1e-4;

/// A component of less than this part of a point has lost all of them.
constexpr double kLost = 1e-6;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A mixture together with what one pass over the points says of it.
struct State {
  Mixture mixture;
  Statistics statistics;
  double objective;
};

State evaluate(const Points& points, Mixture mixture, const EmOptions& options) {
  Statistics statistics = e_step(points, mixture);
  const double objective = statistics.loglik - penalty(mixture, options);
  return {std::move(mixture), std::move(statistics), objective};
}

/// The means of the M-step: mu_j + sigma_j s1_j / s0_j. An empty component stays.
std::vector<double> new_means(const State& state) {
  const auto& [mixture, statistics, objective] = state;
  std::vector<double> mu = mixture.mu;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (statistics.s0[j] > 0)
      mu[j] += mixture.sigma[j] * (statistics.s1[j] / statistics.s0[j]);
  return mu;
}

/// The variance of component j in units of sigma_j^2.
double relative_variance(const Statistics& s, std::size_t j) {
  const double shift = s.s1[j] / s.s0[j];
  return s.s2[j] / s.s0[j] - shift * shift;
}

bool cancels(const Statistics& s) {
  for (std::size_t j = 0; j < s.s0.size(); ++j)
    if (s.s0[j] > 0 && !(relative_variance(s, j) >= kCancellation * s.s2[j] / s.s0[j]))
      return true;
  return false;
}

/// The M-step, O(k):
///   sigma_j^2 = (s0_j var_j + 2 a s^2) / (s0_j + 2 a);
/// the expected objective rises and falls once in sigma_j, so a floor just cuts it off.
Mixture m_step(const Points& points, const State& state, const EmOptions& options) {
  Mixture next = state.mixture;
  next.mu = new_means(state);
  Statistics statistics = state.statistics;
  if (cancels(statistics)) statistics = e_step(points, state.mixture, next.mu);
  for (std::size_t j = 0; j < next.k(); ++j) {
    const double s0 = statistics.s0[j];
    next.lambda[j] = s0 / points.n;
    if (s0 + 2 * options.penalty == 0) continue;
    const double variance = s0 > 0 ? std::max(0.0, relative_variance(statistics, j)) : 0;
    next.sigma[j] =
        std::max(penalised_sigma(s0, next.sigma[j] * std::sqrt(variance), options),
                 smallest_sigma(points, next.mu[j], options));
  }
  return next;
}

State em_step(const Points& points, const State& state, const EmOptions& options) {
  return evaluate(points, m_step(points, state, options), options);
}

Mixture above_floor(const Points& points, Mixture mixture, const EmOptions& options) {
  for (std::size_t j = 0; j < mixture.k(); ++j)
    mixture.sigma[j] =
        std::max(mixture.sigma[j], smallest_sigma(points, mixture.mu[j], options));
  return mixture;
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
  const Mixture leap = moved(state.mixture, -2 * a * r + a * a * v);
  State far = evaluate(points, above_floor(points, leap, options), options);
  return far.objective > two.objective ? far : two;
}

bool is_smallest(const Points& points, const Mixture& mixture, std::size_t j,
                 const EmOptions& options) {
  return mixture.sigma[j] <= smallest_sigma(points, mixture.mu[j], options);
}

/// The objective near a mixture to the second order, in coordinates scaled by the
/// information of data whose components are known: without a unit, and -H is the identity
/// where the components do not overlap. Coordinates that cannot move (a sigma at the
/// floor that would fall, a component without observations) have no score.
struct Quadratic {
  arma::vec score;
  arma::mat curvature;  ///< -H
  arma::vec unit;       ///< of the coordinates
};

Quadratic quadratic(const Points& points, const Mixture& mixture,
                    const EmOptions& options) {
  Information information = gmm1d::information(points, mixture);
  const std::size_t k = mixture.k();
  for (std::size_t j = 0; j < k; ++j) {
    const double ratio = options.scale / mixture.sigma[j];
    const double spring = 2 * options.penalty * ratio * ratio;
    information.score[2 * k + j] += spring - 2 * options.penalty;
    information.observed(2 * k + j, 2 * k + j) += 2 * spring;
    information.complete[2 * k + j] += 2 * spring;
  }
  Quadratic result;
  result.unit = 1 / arma::sqrt(information.complete);
  result.score = information.score % result.unit;
  result.curvature = information.observed % (result.unit * result.unit.t());
  for (std::size_t c = 0; c < 3 * k; ++c) {
    const bool at_floor = c >= 2 * k && information.score[c] <= 0 &&
                          is_smallest(points, mixture, c - 2 * k, options);
    if (information.complete[c] > 0 && !at_floor) continue;
    result.score[c] = 0;
    result.curvature.row(c).zeros();
    result.curvature.col(c).zeros();
    result.curvature(c, c) = 1;
    result.unit[c] = 0;
  }
  return result;
}

/// Subtracts a multiple of one run of numbers from another.
GMM1D_MULTIVERSION
void subtract(double multiple, const double* from, double* to, std::size_t n) {
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) to[i] -= multiple * from[i];
}

/// Solves (-H + damping I) step = score by Cholesky's decomposition, column by column (so
/// small a system is solved faster so than by LAPACK). False if that matrix is not
/// positive definite.
bool solve(const Quadratic& q, double damping, arma::vec& step) {
  const arma::uword size = q.score.n_elem;
  arma::mat root = q.curvature;
  root.diag() += damping;
  step = q.score;
  for (arma::uword c = 0; c < size; ++c) {
    double* column = root.colptr(c);
    if (!(column[c] > 0)) return false;
    const double pivot = std::sqrt(column[c]);
    for (arma::uword r = c; r < size; ++r) column[r] /= pivot;
    for (arma::uword r = c + 1; r < size; ++r)
      subtract(column[r], column + r, root.colptr(r) + r, size - r);
    step[c] /= column[c];
    subtract(step[c], column + c + 1, step.memptr() + c + 1, size - c - 1);
  }
  for (arma::uword c = size; c-- > 0;) {
    const double* column = root.colptr(c);
    for (arma::uword r = c + 1; r < size; ++r) step[c] -= column[r] * step[r];
    step[c] /= column[c];
  }
  return step.is_finite();
}

/// What the Newton step, which it also returns, is predicted to gain; infinite where
/// there is no maximum.
double gap_of(const Quadratic& q, arma::vec& step) {
  return solve(q, -kSingular, step) ? arma::dot(q.score, step) / 2 : kInfinity;
}

State step_on(const Points& points, const State& state, const Quadratic& q,
              const arma::vec& scaled_step, const EmOptions& options) {
  arma::vec step = q.unit % scaled_step;
  const double longest = arma::abs(step).max();
  if (longest > kLongestStep) step *= kLongestStep / longest;
  return evaluate(points, above_floor(points, moved(state.mixture, step), options),
                  options);
}

/// The Newton step, if there is one (`known`), else or if it does not raise the objective
/// one damped towards an EM step until it does (damping 1 is half of one where the
/// components do not overlap). False if no damping does.
bool newton_step(const Points& points, State& state, const Quadratic& q, bool known,
                 arma::vec& step, double& damping, const EmOptions& options) {
  if (!known) damping = std::max(damping, kLeastDamping);
  for (; damping <= 1; damping = std::max(4 * damping, kLeastDamping)) {
    if (!(known && damping == 0) && !solve(q, damping, step)) continue;
    State next = step_on(points, state, q, step, options);
    if (!(next.objective > state.objective)) continue;
    state = std::move(next);
    damping = damping > kLeastDamping ? damping / 8 : 0;
    return true;
  }
  damping = 0;
  return false;
}

/// Newton steps on the word of the score alone, where the objective is flat in double
/// precision: the parameters still gain digits, and each step squares the gap.
void polish(const Points& points, State& state, Quadratic& q, double& gap,
            arma::vec& step, const EmOptions& options) {
  for (int i = 0; i < kPolishingSteps && gap > 0; ++i) {
    State next = step_on(points, state, q, step, options);
    Quadratic next_q = quadratic(points, next.mixture, options);
    const double next_gap = gap_of(next_q, step), fall = state.objective - next.objective;
    if (!(next_gap < gap) || fall > kRoundingFall * std::abs(state.objective)) return;
    state = std::move(next);
    q = std::move(next_q);
    gap = next_gap;
  }
}

/// True if the objective rises in some direction to the second order.
bool is_saddle(const Quadratic& q) {
  arma::vec eigenvalues;
  return q.curvature.is_finite() && arma::eig_sym(eigenvalues, q.curvature) &&
         eigenvalues.min() < -kSaddle;
}

/// True if a component has less than a millionth of a point.
bool has_lost_component(const Points& points, const State& state) {
  const auto& lambda = state.mixture.lambda;
  return *std::min_element(lambda.begin(), lambda.end()) *
             static_cast<double>(points.size) <
         kLost;
}

/// Adds the objective to the trace if it has risen, and returns its rise.
double record(const State& state, std::vector<double>& trace) {
  const double gain = state.objective - trace.back();
  if (gain > 0) trace.push_back(state.objective);
  return gain;
}

/// The evidence at the end of a climb.
void certify(const Points& points, const Mixture& mixture, const EmOptions& options,
             Certificate& certificate) {
  const Quadratic q = quadratic(points, mixture, options);
  arma::vec step;
  certificate.gap = gap_of(q, step);
  certificate.score = arma::norm(q.score);
  arma::vec eigenvalues;
  const bool known = q.curvature.is_finite() && arma::eig_sym(eigenvalues, q.curvature);
  certificate.smallest_eigenvalue = known ? eigenvalues.min() : -kInfinity;
}

}  // namespace

double penalty(const Mixture& mixture, const EmOptions& options) {
  if (options.penalty == 0) return 0;
  double sum = 0;
  for (const double sigma : mixture.sigma) {
    const double ratio = options.scale / sigma;
    sum += ratio * ratio - 1 - 2 * std::log(ratio);
  }
  return options.penalty * sum;
}

double penalised_sigma(double n, double sd, const EmOptions& options) {
  const double share = n / (n + 2 * options.penalty);  // of the data in the variance
  return std::hypot(sd * std::sqrt(share), options.scale * std::sqrt(1 - share));
}

EmResult em(const Points& points, const Mixture& start, const EmOptions& options) {
  State state = evaluate(points, above_floor(points, start, options), options);
  EmResult result{};
  result.trace = {state.objective};
  result.status = Status::max_iter;
  result.penalised = options.penalty > 0;
  result.certificate.gap = kInfinity;
  double& gap = result.certificate.gap;
  double gain = kInfinity, damping = 0;
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
      result.status = gap > options.tol                   ? Status::stalled
                      : has_lost_component(points, state) ? Status::ridge
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
  }
  if (options.certify) certify(points, state.mixture, options, result.certificate);
  result.iterations = static_cast<int>(result.trace.size()) - 1;
  result.mixture = ordered(state.mixture);
  result.loglik = state.statistics.loglik;
  result.objective = state.objective;
  return result;
}

Candidate em_steps(const Points& points, const Mixture& start, int steps,
                   const EmOptions& options) {
  State state = evaluate(points, above_floor(points, start, options), options);
  for (int i = 0; i < steps; ++i) state = em_step(points, state, options);
  return {std::move(state.mixture), state.objective};
}

EmOptions without_penalty(EmOptions options) {
  options.penalty = 0;
  return options;
}

double smallest_sigma(const Points& points, double mu, const EmOptions& options) {
  return std::max({options.min_sigma, options.rounding * std::abs(mu),
                   kLeastOfCell * width_at(points, mu)});
}

bool reaches_floor(const Points& points, const Mixture& mixture,
                   const EmOptions& options) {
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_smallest(points, mixture, j, options)) return true;
  return false;
}

bool is_limited_by_cells(const Points& points, const Mixture& mixture,
                         const EmOptions& options) {
  Points values = points;
  values.width = nullptr;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_smallest(points, mixture, j, options) &&
        !is_smallest(values, mixture, j, options))
      return true;
  return false;
}

EmResult climb(const Points& points, const Mixture& start, const EmOptions& options) {
  const EmResult plain = em(points, start, without_penalty(options));
  const bool unbounded =
      options.penalty > 0 && reaches_floor(points, plain.mixture, options);
  EmResult result = unbounded ? em(points, start, options) : plain;
  result.limited = is_limited_by_cells(points, plain.mixture, options);
  result.narrow = plain.mixture;
  return result;
}

}  // namespace gmm1d
