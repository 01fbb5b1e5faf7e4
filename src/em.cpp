#include "em.h"

#include <algorithm>
#include <cmath>

namespace gmm1d {

namespace {

/// A variance s2/s0 - (s1/s0)^2 that is so small a part of s2/s0 has lost digits to
/// cancellation, 10 bits of 53, and is summed again about the new mean.
constexpr double kCancellation = 1.0 / 1024;

/// A gain that is a smaller part of the objective is noise of its sum, not a rise ...
constexpr double kRounding = 4 * std::numeric_limits<double>::epsilon();
/// ... and so is a fall, up to this part, as EM cannot lower the objective.
constexpr double kRoundingFall = 1e-12;

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

/// The M-step, O(k). The penalty counts as 2a observations of variance s^2, so
///   sigma_j^2 = (s0_j var_j + 2 a s^2) / (s0_j + 2 a);
/// the expected objective rises and falls once in sigma_j, so a floor just cuts it off.
Mixture m_step(const Points& points, const State& state, const EmOptions& options) {
  Mixture next = state.mixture;
  next.mu = new_means(state);
  Statistics statistics = state.statistics;
  if (cancels(statistics)) statistics = e_step(points, state.mixture, next.mu);
  const double a = options.penalty;
  for (std::size_t j = 0; j < next.k(); ++j) {
    const double s0 = statistics.s0[j];
    next.lambda[j] = s0 / points.n;
    if (s0 + 2 * a == 0) continue;
    const double variance = s0 > 0 ? std::max(0.0, relative_variance(statistics, j)) : 0;
    const double share = s0 / (s0 + 2 * a);  // of the data in the variance
    next.sigma[j] = std::hypot(next.sigma[j] * std::sqrt(share * variance),
                               options.scale * std::sqrt(1 - share));
    next.sigma[j] = std::max(next.sigma[j], options.min_sigma);
  }
  return next;
}

/// What a sequence that rises by `gain` after `last_gain` still has to rise if it goes on
/// geometrically (Aitken; Boehning et al. 1994).
double aitken_gap(double gain, double last_gain) {
  const double ratio = gain / last_gain;
  if (!(ratio >= 0 && ratio < 1)) return std::numeric_limits<double>::infinity();
  return gain * ratio / (1 - ratio);
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

EmResult em(const Points& points, const Mixture& start, const EmOptions& options) {
  State state = evaluate(points, start, options);
  std::vector<double> trace = {state.objective};
  double gap = std::numeric_limits<double>::infinity();
  double last_gain = 0;
  Status status = Status::max_iter;
  for (int i = 0; i < options.max_iter; ++i) {
    options.check_interrupt();
    State next = evaluate(points, m_step(points, state, options), options);
    const double gain = next.objective - state.objective;
    const double size = std::isfinite(state.objective) ? std::abs(state.objective) : 0;
    if (!(gain > kRounding * size)) {
      if (std::abs(gain) <= kRoundingFall * size) {
        // The objective is flat in double precision; the parameters still gain digits.
        // The noise stands for the gain that it hides; on the first step there is none.
        state.mixture = std::move(next.mixture);
        gap = i == 0 ? 0 : aitken_gap(std::max(gain, kRounding * size), last_gain);
      }
      status = gap <= options.tol ? Status::converged : Status::stalled;
      break;
    }
    state = std::move(next);
    trace.push_back(state.objective);
    gap = aitken_gap(gain, last_gain);
    last_gain = gain;
    if (gap <= options.tol) {
      status = Status::converged;
      break;
    }
  }
  const int iterations = static_cast<int>(trace.size()) - 1;
  return {ordered(state.mixture),
          state.statistics.loglik,
          state.objective,
          gap,
          iterations,
          status,
          trace,
          options.penalty > 0};
}

EmOptions without_penalty(EmOptions options) {
  options.penalty = 0;
  return options;
}

bool reaches_floor(const Mixture& mixture, const EmOptions& options) {
  return *std::min_element(mixture.sigma.begin(), mixture.sigma.end()) <=
         options.min_sigma;
}

EmResult climb(const Points& points, const Mixture& start, const EmOptions& options) {
  EmResult plain = em(points, start, without_penalty(options));
  const bool unbounded = options.penalty > 0 && reaches_floor(plain.mixture, options);
  return unbounded ? em(points, start, options) : plain;
}

}  // namespace gmm1d
