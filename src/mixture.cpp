#include "mixture.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "normal.h"

namespace gmm1d {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

/// The sign of z_b^2 - z_a^2 = -(z_a - z_b) (z_a + z_b), for arguments so large that the
/// product overflows. Distances are passed halved, so that they do not overflow
/// themselves.
double sign_far_out(double da, double db, double gap, double pa, double pb) {
  const double distance = std::max(std::abs(da), std::abs(db));
  const double p = std::max(pa, pb);
  da /= distance, db /= distance, gap /= distance, pa /= p, pb /= p;
  const bool nearer_a = std::abs(da) < std::abs(db);
  const double difference = (nearer_a ? da : db) * (pa - pb) - gap * (nearer_a ? pb : pa);
  const double product = difference * (da * pa + db * pb);
  return product > 0 ? -1 : product < 0 ? 1 : 0;
}

/// The log joint density of component a minus that of component b,
///   log(lambda_a / lambda_b) - log(sigma_a / sigma_b) - (z_a - z_b) (z_a + z_b) / 2.
/// It keeps its digits even if both squares are large, because it uses the nearer mean:
///   z_a - z_b = (x - mu_b) (1 / sigma_a - 1 / sigma_b) - (mu_a - mu_b) / sigma_a
///             = (x - mu_a) (1 / sigma_a - 1 / sigma_b) - (mu_a - mu_b) / sigma_b.
double log_ratio(double x, const LogJoint& log_joint, std::size_t a, std::size_t b) {
  const Mixture& mixture = log_joint.mixture;
  const double pa = log_joint.per_sigma[a], pb = log_joint.per_sigma[b];
  const double da = x - mixture[a].mu, db = x - mixture[b].mu;
  const double gap = mixture[a].mu - mixture[b].mu;
  const bool nearer_a = std::abs(da) < std::abs(db);
  const double of_width = pa == pb ? 0 : (nearer_a ? da : db) * (pa - pb);
  const double difference = of_width - gap * (nearer_a ? pb : pa);
  const double heights = log_joint.log_height[a] - log_joint.log_height[b];
  if (difference == 0) return heights;
  const double squares = difference * ((da * pa + db * pb) / 2);
  if (std::isfinite(squares)) return heights - squares;
  const double sign = sign_far_out(x / 2 - mixture[a].mu / 2, x / 2 - mixture[b].mu / 2,
                                   mixture[a].mu / 2 - mixture[b].mu / 2, pa, pb);
  return sign == 0 ? heights : sign * kInfinity;
}

/// The responsibilities for a value so far out that the log joint densities no longer
/// differ, or have overflowed.
void responsibilities_far_out(double x, const LogJoint& log_joint, double* gamma) {
  x = std::clamp(x, std::numeric_limits<double>::lowest(),
                 std::numeric_limits<double>::max());
  const Mixture& mixture = log_joint.mixture;
  const std::size_t k = mixture.k();
  std::size_t best = 0;
  while (mixture[best].lambda == 0) ++best;
  for (std::size_t j = best + 1; j < k; ++j)
    if (mixture[j].lambda > 0 && log_ratio(x, log_joint, j, best) > 0) best = j;
  for (std::size_t j = 0; j < k; ++j)
    gamma[j] = mixture[j].lambda > 0 ? log_ratio(x, log_joint, j, best) : -kInfinity;
  normalise(gamma, k);
  if (mixture.has_noise()) gamma[k] = 0;
}

/// The sigma of a component. If it is 0, a length of the size of the mean, so that
/// brackets have some width.
double reach_of(const Component& component) {
  return component.sigma > 0 ? component.sigma : std::max(std::abs(component.mu), 1.0);
}

/// Finds a lower bound of the quantile: t doubles until the lowest mu_j - t sigma_j has
/// at most the requested probability.
double lower_bracket(double log_p, const Mixture& mixture) {
  for (double t = 1;; t *= 2) {
    double x = kInfinity;
    for (const Component& component : mixture.components)
      x = std::min(x, component.mu - t * reach_of(component));
    x = std::max(x, std::numeric_limits<double>::lowest());
    if (x == std::numeric_limits<double>::lowest() ||
        log_cdf(x, mixture, Tail::lower) <= log_p)
      return x;
  }
}

/// Solves log P(X <= x) = log_p for log_p <= log(1/2) by Newton's method in a bracket. It
/// bisects the bracket whenever a Newton step would leave it or makes slow progress.
double lower_quantile(double log_p, const Mixture& mixture) {
  const LogJoint log_joint(mixture);
  double narrowest = kInfinity;
  for (const Component& component : mixture.components)
    narrowest = std::min(narrowest, component.sigma);
  double low = lower_bracket(log_p, mixture);
  double high = -kInfinity;  // where every component has more than half of its mass
  for (std::size_t j = 0; j < mixture.k(); ++j)
    high = std::max(high, mixture[j].mu + reach_of(mixture[j]));
  if (mixture.has_noise()) high = std::max(high, mixture.noise.high);
  high = std::min(high, std::numeric_limits<double>::max());
  double x = low / 2 + high / 2;
  double last_step = high - low;
  // Bisection alone needs at most about 2100 steps, from the widest bracket of doubles.
  for (int i = 0; i < 2100; ++i) {
    const double log_p_x = log_cdf(x, mixture, Tail::lower);
    if (log_p_x == log_p) break;
    (log_p_x < log_p ? low : high) = x;
    double next =
        x - (log_p_x - log_p) * std::exp(log_p_x - gmm1d::log_density(x, log_joint));
    const bool slow = std::abs(next - x) > 0.5 * std::abs(last_step);
    if (!(next > low && next < high) || slow) next = low / 2 + high / 2;
    last_step = next - x;
    x = next;
    if (std::abs(last_step) <= 0.5 * kEpsilon * std::max(std::abs(x), narrowest)) break;
  }
  return x;
}

}  // namespace

Mixture ordered(const Mixture& mixture, std::size_t first) {
  Mixture result = mixture;
  std::sort(result.components.begin() + static_cast<std::ptrdiff_t>(first),
            result.components.end(), [](const Component& a, const Component& b) {
              return a.mu != b.mu ? a.mu < b.mu : a.sigma < b.sigma;
            });
  return result;
}

Mixture reflected(Mixture mixture) {
  for (Component& component : mixture.components) component.mu = -component.mu;
  mixture.noise = {mixture.noise.lambda, -mixture.noise.high, -mixture.noise.low};
  return mixture;
}

LogJoint::LogJoint(const Mixture& mixture)
    : mixture(mixture),
      mu(mixture.columns()),
      per_sigma(mixture.columns()),
      log_height(mixture.columns()) {
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    mu[j] = mixture[j].mu;
    // The inverse of a denormal number must not overflow.
    per_sigma[j] = std::min(1 / mixture[j].sigma, std::numeric_limits<double>::max());
    log_height[j] =
        std::log(mixture[j].lambda) - std::log(mixture[j].sigma) - kLogSqrt2Pi;
  }
  const Noise& noise = mixture.noise;
  if (mixture.has_noise())
    log_height.back() = std::log(noise.lambda) - std::log(noise.high - noise.low);
}

double responsibilities(double x, const LogJoint& log_joint, double* gamma) {
  const std::size_t k = log_joint.log_height.size();
  for (std::size_t j = 0; j < k; ++j) gamma[j] = log_joint(x, j);
  const double log_density = normalise(gamma, k);
  if (!(log_density > kFarOut)) responsibilities_far_out(x, log_joint, gamma);
  return log_density;
}

double normalise(double* terms, std::size_t k) {
  const double largest = *std::max_element(terms, terms + k);
  if (largest == -kInfinity) return -kInfinity;
  double sum = 0;
  for (std::size_t j = 0; j < k; ++j) sum += terms[j] = std::exp(terms[j] - largest);
  for (std::size_t j = 0; j < k; ++j) terms[j] /= sum;
  return largest + std::log(sum);
}

double log_density(double x, const LogJoint& log_joint) {
  Few<double> terms(log_joint.log_height.size());
  for (std::size_t j = 0; j < terms.size(); ++j) terms[j] = log_joint(x, j);
  if (*std::max_element(terms.begin(), terms.end()) == kInfinity) return kInfinity;
  return normalise(terms.data(), terms.size());
}

double log_cdf(double x, const Mixture& mixture, Tail tail) {
  const double side = tail == Tail::lower ? 1 : -1;
  const auto z = [&](std::size_t j) {
    // If sigma is 0, all probability is at the mean, and none above it.
    const double distance = x - mixture[j].mu;
    if (distance == 0 && mixture[j].sigma == 0) return side * kInfinity;
    return side * (distance / mixture[j].sigma);
  };
  const Noise& noise = mixture.noise;
  const auto noise_of = [&](double length) {
    if (!mixture.has_noise()) return 0.0;
    return noise.lambda * std::clamp(length / (noise.high - noise.low), 0.0, 1.0);
  };
  const double below = noise_of(x - noise.low), above = noise_of(noise.high - x);
  double other_tail = tail == Tail::lower ? above : below;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    other_tail += mixture[j].lambda * normal_cdf(-z(j));
  if (other_tail < 0.5) return std::log1p(-other_tail);
  Few<double> terms(mixture.columns());
  for (std::size_t j = 0; j < mixture.k(); ++j)
    terms[j] = std::log(mixture[j].lambda) + normal_log_cdf(z(j));
  if (mixture.has_noise()) terms.back() = std::log(tail == Tail::lower ? below : above);
  return normalise(terms.data(), terms.size());
}

double quantile(double log_p, const Mixture& mixture, Tail tail) {
  if (tail == Tail::upper) return -quantile(log_p, reflected(mixture), Tail::lower);
  if (log_p > kLogHalf)  // the other tail is the thinner one, and thin tails are exact
    return -quantile(log_complement(log_p), reflected(mixture), Tail::lower);
  return log_p == -kInfinity ? -kInfinity : lower_quantile(log_p, mixture);
}

}  // namespace gmm1d
