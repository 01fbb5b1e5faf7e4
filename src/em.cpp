#include "em.h"

#include <algorithm>
#include <cmath>

#include "information.h"
#include "newton.h"
#include "related.h"

namespace gmm1d {

namespace {

/// A variance s2/s0 - (s1/s0)^2 below this part of s2/s0 has lost 10 of its 53 bits to
/// cancellation. It is then summed again about the new mean.
constexpr double kCancellation = 1.0 / 1024;

/// A gain below this part of the objective is rounding error.
constexpr double kRounding = 4 * std::numeric_limits<double>::epsilon();

/// The longest leap of the acceleration, in EM steps.
constexpr double kLongestLeap = 64;

/// Newton steps are short or impossible along a curved, flat valley. The climb ends if
/// this many of them together gain no more than the larger of the next two.
constexpr int kPatience = 20;
/// Gains that do not matter, in units of the log-likelihood, in total and per
/// observation. Criteria that differ at all differ by more, and so do densities that can
/// be told apart.
constexpr double kFlatGain = 0.01, kFlatGainOfOne = 1e-7;

/// Newton's method takes over when a step gains no more than this per observation, in
/// units of the log-likelihood.
constexpr double kNewtonGain = 1e-3;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The means in the M-step, mu_j + unit_j s1_j / n1_j. An empty component keeps its mean.
Few<double> new_means(const Objective& objective, const Mixture& mixture,
                      const Statistics& s) {
  Few<double> mu;
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    const bool moves = s.n1[j] > 0 && is_free(objective.constraints.fixed_mu(j));
    const double shift = moves ? s.s1[j] / s.n1[j] : 0;
    mu.push_back(mixture[j].mu + blurred(mixture[j].sigma, objective.sample) * shift);
  }
  return mu;
}

/// The variance of component j about its new mean (which may be fixed), in its unit: s2_j
/// / n2_j - (s1_j / n1_j)^2.
double relative_variance(const Statistics& s, std::size_t j,
                         const Constraints& constraints) {
  const bool moves = is_free(constraints.fixed_mu(j));
  const double shift = moves ? s.s1[j] / s.n1[j] : 0;
  return s.s2[j] / s.n2[j] - shift * shift;
}

/// True if observations have errors. The statistics are then sums about the mean itself,
/// in which nothing cancels.
bool have_errors(const Statistics& s) { return s.n1 != s.s0; }

bool cancels(const Statistics& s, const Constraints& constraints) {
  if (have_errors(s)) return false;
  for (std::size_t j = 0; j < s.s0.size(); ++j)
    if (s.s0[j] > 0 &&
        !(relative_variance(s, j, constraints) >= kCancellation * s.s2[j] / s.s0[j]))
      return true;
  return false;
}

/// The sums over components of n2 and n2 var, in units of their common sigma.
struct Pooled {
  double n = 0, square = 0, count = 0;
};

/// The statistics as moments of each component. The penalty counts as 2 a observations
/// with variance s^2, where a is its weight.
std::vector<ComponentMoments> moments_of(const Objective& objective,
                                         const Mixture& mixture, const Statistics& s) {
  const Penalty& penalty = objective.penalty;
  std::vector<ComponentMoments> result;
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    const double u = blurred(mixture[j].sigma, objective.sample), n1 = s.n1[j];
    const double shift = n1 > 0 ? s.s1[j] / n1 : 0;
    const double square = std::max(0.0, s.s2[j] - n1 * shift * shift);
    const double of_penalty =
        is_free(objective.constraints.fixed_sigma(j)) ? 2 * penalty.weight : 0;
    result.push_back(
        {n1, mixture[j].mu + u * shift, s.n2[j] + of_penalty,
         std::hypot(u * std::sqrt(square), std::sqrt(of_penalty) * penalty.scale)});
  }
  return result;
}

void set_proportions(const Statistics& s, Mixture& mixture) {
  for (std::size_t j = 0; j < mixture.k(); ++j) mixture[j].lambda = s.count[j] / s.n;
  if (mixture.has_noise()) mixture.noise.lambda = s.count.back() / s.n;
}

/// The M-step if means or sigmas are tied.
Mixture m_step_of_related(const Objective& objective, const Mixture& mixture,
                          const Statistics& s) {
  std::vector<ComponentMoments> moments = moments_of(objective, mixture, s);
  if (cancels(s, objective.constraints)) {
    Few<double> centre;
    for (const ComponentMoments& one : moments) centre.push_back(one.mean);
    Mixture there = mixture;
    const Statistics about = e_step(objective.sample, mixture, centre);
    for (std::size_t j = 0; j < there.k(); ++j) there[j].mu = centre[j];
    moments = moments_of(objective, there, about);
  }
  Mixture next =
      related_m_step(mixture, objective.constraints, moments, objective.sample.error);
  set_proportions(s, next);
  return feasible(objective, next);
}

/// The M-step, O(k):
///   sigma_j^2 = (s0_j var_j + 2 a s^2) / (s0_j + 2 a).
/// If sigmas are equal, numerator and denominator are summed over their components. The
/// expected objective has one maximum in sigma_j, so a floor can be applied afterwards.
/// If values have errors, this is a Fisher scoring step, which without errors is the
/// M-step.
Mixture m_step(const Objective& objective, const Mixture& mixture,
               const Statistics& found) {
  const Constraints& constraints = objective.constraints;
  if (is_related(constraints)) return m_step_of_related(objective, mixture, found);
  const Penalty& penalty = objective.penalty;
  const Sample& sample = objective.sample;
  Mixture next = mixture;
  const Few<double> mu = new_means(objective, mixture, found);
  std::optional<Statistics> about;
  if (cancels(found, constraints)) about = e_step(sample, mixture, mu);
  const Statistics& s = about ? *about : found;
  const auto new_sigma = [&](std::size_t j, double n, double variance, double count) {
    const double spread = blurred(mixture[j].sigma, sample) * std::sqrt(variance);
    return penalised_sigma(n, sharpened(spread, sample), penalty, count);
  };
  Pooled pooled;
  for (std::size_t j = 0; j < next.k(); ++j) {
    next[j].mu = mu[j];
    if (!is_free(constraints.fixed_sigma(j))) continue;
    const double n = s.n2[j];
    const double variance =
        n > 0 ? std::max(0.0, relative_variance(s, j, constraints)) : 0;
    if (constraints.equal_sigma)
      pooled = {pooled.n + n, pooled.square + n * variance, pooled.count + 1};
    else if (n + 2 * penalty.weight > 0)
      next[j].sigma = new_sigma(j, n, variance, 1);
  }
  for (std::size_t j = 0; pooled.n > 0 && j < next.k(); ++j)
    if (is_free(constraints.fixed_sigma(j)))
      next[j].sigma = new_sigma(j, pooled.n, pooled.square / pooled.n, pooled.count);
  set_proportions(s, next);
  return feasible(objective, next);
}

/// The same sums if the true values count as missing data, and not only the components
/// (Bovy, Hogg & Roweis 2011). The step is shorter and never decreases the likelihood.
Statistics of_true_values(const Objective& objective, const State& state) {
  Statistics s = state.statistics;
  for (std::size_t j = 0; j < s.s0.size(); ++j) {
    const double unit = blurred(state.mixture[j].sigma, objective.sample);
    const double ratio = state.mixture[j].sigma / unit, score = s.s2[j] - s.n2[j];
    if (ratio == 0) {
      s.s1[j] = 0;
      s.s2[j] = s.n2[j];
      continue;
    }
    s.n1[j] = s.s0[j] / (ratio * ratio);
    s.n2[j] = s.n1[j] / (ratio * ratio);
    s.s2[j] = s.n2[j] + score;
  }
  return s;
}

/// A mixture on its way to a maximum.
class Ascent {
 public:
  Ascent(const Objective& objective, const Mixture& start, const Climb& climb)
      : objective_(objective),
        climb_(climb),
        state_(evaluate(objective, feasible(objective, start))),
        trace_({state_.objective}) {}

  /// False if an observation has density 0, from where no step leads anywhere.
  bool is_possible() const { return std::isfinite(state_.objective); }

  /// True if EM steps still gain much.
  bool is_steep() const { return !(gain_ <= kNewtonGain * objective_.n()); }

  void accelerate() {
    State next = accelerated_step(objective_, state_);
    if (next.objective > state_.objective) {
      state_ = std::move(next);
      has_looked_ = false;
    }
    record();
  }

  /// Predicts the gain of Newton's method from here.
  void look_ahead() {
    q_ = quadratic(objective_, state_.mixture);
    gap_ = gap_of(q_, step_);
    has_looked_ = true;
  }

  bool is_at_top() const { return gap_ <= least_gain(); }

  bool is_hopeless() const { return state_.objective + 2 * gap_ < climb_.give_up_below; }

  void take_newton_step() {
    ++newton_steps_;
    if (newton_step(objective_, state_, q_, gap_ < kInfinity, step_, damping_)) {
      has_looked_ = false;
      record();
    } else {
      accelerate();
    }
  }

  bool is_stuck() const {
    return gain_ == 0 || (gap_ == kInfinity && gain_ <= least_gain());
  }

  /// True if many steps together have gained next to nothing.
  bool loses_patience() {
    if (newton_steps_ % kPatience != 0) return false;
    const double gained = state_.objective - before_;
    before_ = state_.objective;
    return gained <= std::max(kFlatGain, kFlatGainOfOne * objective_.n());
  }

  /// Ends at the maximum, with all digits that double precision allows.
  EmResult arrive() {
    if (climb_.certify) polish(objective_, state_, q_, gap_, step_);
    record();
    const bool is_ridge = has_lost_component() ||
                          reaches_widest(objective_, state_.mixture) ||
                          (climb_.certify && is_flat(q_));
    return finish(gap_ > climb_.tol ? Status::stalled
                  : is_ridge        ? Status::ridge
                                    : Status::converged);
  }

  /// Ends where no step leads higher.
  EmResult stay() {
    return finish(gap_ < kInfinity ? Status::stalled
                  : is_saddle(q_)  ? Status::saddle
                                   : Status::ridge);
  }

  EmResult finish(Status status) {
    EmResult result{};
    if (climb_.certify && !has_looked_) look_ahead();
    result.certificate.gap = gap_;
    if (climb_.certify) result.certificate = certificate(q_, gap_);
    const bool is_there = result.certificate.gap <= climb_.tol && !has_lost_component();
    result.status = status == Status::max_iter && is_there ? Status::converged : status;
    result.mixture = std::move(state_.mixture);
    result.loglik = state_.statistics.loglik;
    result.objective = state_.objective;
    result.iterations = static_cast<int>(trace_.size()) - 1;
    result.trace = std::move(trace_);
    return result;
  }

 private:
  /// Gains up to this do not matter, or are rounding errors.
  double least_gain() const {
    return std::max(climb_.tol, kRounding * std::abs(state_.objective));
  }

  bool has_lost_component() const {
    double least = 1;
    for (const Component& component : state_.mixture.components)
      least = std::min(least, component.lambda);
    return is_lost(objective_, least);
  }

  /// Adds the objective to the trace if it has increased.
  void record() {
    gain_ = state_.objective - trace_.back();
    if (gain_ > 0) trace_.push_back(state_.objective);
  }

  const Objective& objective_;
  const Climb& climb_;
  State state_;
  std::vector<double> trace_;
  double gain_ = kInfinity;  ///< of the last step
  double gap_ = kInfinity;
  bool has_looked_ = false;  ///< q_ and gap_ are those of state_
  double damping_ = 0;
  double before_ = -kInfinity;  ///< the objective when patience was last checked
  int newton_steps_ = 0;
  Quadratic q_;
  arma::vec step_;
};

}  // namespace

std::optional<Mixture> leap(const Mixture& from, const Mixture& one, const Mixture& two,
                            double longest, const Objective& objective) {
  const arma::vec r = step_between(from, one, objective.sample);
  const arma::vec v = step_between(from, two, objective.sample) - 2 * r;
  const double a = -std::min(arma::norm(r) / arma::norm(v), longest);
  if (!(a < -1)) return std::nullopt;
  return moved(from, -2 * a * r + a * a * v, objective.constraints, objective.sample);
}

EmResult em(const Objective& objective, const Mixture& start, const Climb& climb) {
  Ascent ascent(objective, start, climb);
  if (!ascent.is_possible()) return ascent.finish(Status::max_iter);
  for (int i = 0; i < climb.max_iter; ++i) {
    climb.check_interrupt();
    if (ascent.is_steep()) {
      ascent.accelerate();
      continue;
    }
    ascent.look_ahead();
    if (ascent.is_at_top()) return ascent.arrive();
    if (ascent.is_hopeless()) return ascent.finish(Status::given_up);
    ascent.take_newton_step();
    if (ascent.is_stuck()) return ascent.stay();
    if (ascent.loses_patience()) return ascent.finish(Status::ridge);
  }
  return ascent.finish(Status::max_iter);
}

State em_step(const Objective& objective, const State& state) {
  State next = evaluate(objective, m_step(objective, state.mixture, state.statistics));
  // A scoring step may overshoot.
  if (have_errors(state.statistics) && !(next.objective >= state.objective))
    next = evaluate(objective,
                    m_step(objective, state.mixture, of_true_values(objective, state)));
  return next;
}

State accelerated_step(const Objective& objective, const State& state) {
  const State one = em_step(objective, state);
  State two = em_step(objective, one);
  const auto there =
      leap(state.mixture, one.mixture, two.mixture, kLongestLeap, objective);
  if (!there) return two;
  State far = evaluate(objective, feasible(objective, *there));
  return far.objective > two.objective ? far : two;
}

Candidate em_steps(const Objective& objective, const Mixture& start, int steps) {
  State state = evaluate(objective, feasible(objective, start));
  for (int i = 0; i < steps; ++i) state = em_step(objective, state);
  return {std::move(state.mixture), state.objective};
}

}  // namespace gmm1d
