#include "insertions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "block.h"
#include "normal.h"
#include "related.h"
#include "simd.h"

namespace gmm1d {

namespace {

/// Insertions are sought in windows of 1, 2, 3, 4, 5, 7, ... points; each length is about
/// this many times the one before.
constexpr double kLonger = 1.4;
/// Windows up to this many points give as many insertions of each length as are wanted.
/// Longer ones overlap more, and give a third of that.
constexpr std::size_t kShort = 20;

/// Windows at both ends, of up to this many points, are always tried.
constexpr std::size_t kOutermost = 2;

/// Two insertions are near each other if their means, in sigmas, and their sigmas differ
/// by less than this part.
constexpr double kNear = 0.5;

/// The smallest sigma of an inserted component, relative to the scale, so that it does
/// not start as a spike.
constexpr double kLeastInsertedSigma = 1e-4;

/// Newton's method for the proportion of an insertion takes at most this many steps, and
/// ends when one changes it by less than this part.
constexpr int kProportionSteps = 5;
constexpr double kProportionStep = 0.05;

/// Beyond this many sigmas a density is neglected: it is below 1e-31 of its peak.
constexpr double kVanishing = 12;

/// Maximises the gain in log-likelihood, sum w log(1 - lambda + lambda r) with r = phi /
/// f, over lambda. It is concave in lambda; Newton's method is kept inside (0, 1). Points
/// that are not passed have r = 0 and total weight `rest`.
template <class Real>
GMM1D_INLINE void raise_gain(const Real* w, const Real* r, std::size_t n, Real rest,
                             Insertion* tried) {
  Real p = Real(0.05);
  for (int step = 0; step < kProportionSteps; ++step) {
    Real slope = 0, curvature = 0;
    GMM1D_SIMD_SUM(slope, curvature)
    for (std::size_t i = 0; i < n; ++i) {
      const Real d = (r[i] - 1) / (1 + p * (r[i] - 1));
      slope += w[i] * d;
      curvature += w[i] * d * d;
    }
    slope -= rest / (1 - p);
    curvature += rest / ((1 - p) * (1 - p));
    const Real last = p, next = curvature > 0 ? p + slope / curvature : p;
    p = next < p / 4 ? p / 4 : next > (1 + p) / 2 ? (1 + p) / 2 : next;
    if (std::abs(p - last) <= Real(kProportionStep) * p) break;
  }
  Real sum = 0;
  GMM1D_SIMD_SUM(sum)
  for (std::size_t i = 0; i < n; ++i) sum += w[i] * simd_log(1 + p * (r[i] - 1));
  tried->lambda = p;
  tried->gain = sum + (rest > 0 ? rest * std::log1p(-p) : 0);
}

GMM1D_MULTIVERSION
void find_proportion(const double* w, const double* r, std::size_t n, double rest,
                     Insertion* tried) {
  raise_gain(w, r, n, rest, tried);
}

GMM1D_MULTIVERSION
void find_proportion(const float* w, const float* r, std::size_t n, float rest,
                     Insertion* tried) {
  raise_gain(w, r, n, rest, tried);
}

/// The log of the largest ratio of densities that is used. Points that f does not explain
/// would make it overflow. Smaller ratios serve in single precision.
constexpr double kLogLargest = 600;
constexpr float kLogLarge = 80;

/// phi(x; mu, sigma) / f(x), at most e^most, also where the density f is 0.
template <class Real>
GMM1D_INLINE void bounded_ratio(const double* x, const double* log_density, std::size_t n,
                                double mu, double per_sigma, double log_height, Real most,
                                Real* r) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) {
    const double z = (x[i] - mu) * per_sigma;
    const double log_ratio = log_height - 0.5 * z * z - log_density[i];
    r[i] = simd_exp_at_most(most, static_cast<Real>(log_ratio));
  }
}

GMM1D_MULTIVERSION
void density_ratio(const double* x, const double* log_density, std::size_t n, double mu,
                   double per_sigma, double log_height, double* r) {
  bounded_ratio(x, log_density, n, mu, per_sigma, log_height, kLogLargest, r);
}

GMM1D_MULTIVERSION
void density_ratio(const double* x, const double* log_density, std::size_t n, double mu,
                   double per_sigma, double log_height, float* r) {
  bounded_ratio(x, log_density, n, mu, per_sigma, log_height, kLogLarge, r);
}

/// The largest of some numbers that are not negative: minus the least of their opposites.
GMM1D_MULTIVERSION
double largest(const double* value, std::size_t n) {
  double least = 0;
  GMM1D_SIMD_LEAST(least)
  for (std::size_t i = 0; i < n; ++i) least = least < -value[i] ? least : -value[i];
  return -least;
}

/// The range of observations that a component reaches: the index of the first, and their
/// number. Beyond it, the density is negligible.
std::pair<std::size_t, std::size_t> near_part(const Exact& seen, std::size_t size,
                                              double mu, double reach) {
  const double* const end = seen.x + size;
  const double* const from = std::lower_bound(seen.x, end, mu - reach);
  const double* const to = std::upper_bound(from, end, mu + reach);
  return {from - seen.x, to - from};
}

template <class Kind>
std::pair<std::size_t, std::size_t> near_part(const Kind&, std::size_t size, double,
                                              double) {
  return {0, size};
}

/// The likelihood of a component divided by that of the mixture, for observations from
/// `first` on.
template <class Real>
void likelihood_ratio(const Exact& seen, std::size_t first, std::size_t size,
                      const double* log_density, const Shape& component, Real* ratio) {
  const Mixture alone = {{{1, component.mu, component.sigma}}};
  const LogJoint log_joint(alone);
  density_ratio(seen.x + first, log_density + first, size, component.mu,
                log_joint.per_sigma[0], log_joint.log_height[0], ratio);
}

template <class Kind, class Real>
void likelihood_ratio(const Kind& seen, std::size_t first, std::size_t size,
                      const double* log_density, const Shape& component, Real* ratio) {
  double room[4][kBlock];
  for (std::size_t done = 0; done < size; done += kBlock) {
    const std::size_t begin = first + done, n = std::min(kBlock, size - done);
    const Observation some = from(Observation(seen), begin);
    latent(std::get<Kind>(some), n, component,
           {room[0], {room[1], room[2], nullptr, nullptr}, room[3]});
    for (std::size_t i = 0; i < n; ++i)
      ratio[done + i] =
          std::exp(std::min(room[0][i] - log_density[begin + i], kLogLargest));
  }
}

/// m log(m / e) - (m - e) if m > e, else 0, for each window of `length` points. m is the
/// weight in the window, and e the weight expected there.
GMM1D_MULTIVERSION
void scan_statistic(const double* held, const double* expected, std::size_t length,
                    std::size_t starts, double* statistic) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < starts; ++i) {
    const double m = held[i + length] - held[i];
    const double known = expected[i + length] - expected[i], least = 1e-9 * m;
    const double e = least + if_positive(known - least, known - least);
    statistic[i] = if_positive(m - e, m * simd_log(m / e) - (m - e));
  }
}

/// Adds lambda P(X <= x) for a normal X if `per_unit` is 1 / sigma, and lambda P(X > x)
/// if it is -1 / sigma.
GMM1D_MULTIVERSION
void add_tail(const double* x, std::size_t n, double lambda, double mu, double per_unit,
              double* sum) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i)
    sum[i] += lambda * simd_normal_cdf((x[i] - mu) * per_unit);
}

/// The distribution function of a mixture at increasing places, minus a constant. Of a
/// component that lies below all places, the upper tail is taken, which keeps its digits.
void cdf(const double* x, std::size_t n, const LogJoint& log_joint, double* result) {
  const Mixture& mixture = log_joint.mixture;
  std::fill_n(result, n, 0.0);
  for (std::size_t j = 0; j < mixture.k(); ++j) {
    const double sign = mixture[j].mu < x[0] ? -1 : 1;
    add_tail(x, n, sign * mixture[j].lambda, mixture[j].mu, sign * log_joint.per_sigma[j],
             result);
  }
  const Noise& noise = mixture.noise;
  for (std::size_t i = 0; mixture.has_noise() && i < n; ++i)
    result[i] += noise.lambda *
                 std::clamp((x[i] - noise.low) / (noise.high - noise.low), 0.0, 1.0);
}

/// The sums of the first 0, 1, ..., n numbers.
std::vector<double> cumulative(const double* w, std::size_t n) {
  std::vector<double> result(n + 1, 0);
  std::partial_sum(w, w + n, result.begin() + 1);
  return result;
}

/// Places where a row of means may get one more: beyond its ends, or at its centre.
std::vector<double> places_in_row(const Mixture& mixture,
                                  const Constraints& constraints) {
  using Means = Relation::Means;
  const Means means = constraints.relation.means;
  std::vector<double> mu;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_free(constraints.fixed_mu(j))) mu.push_back(mixture[j].mu);
  std::sort(mu.begin(), mu.end());
  const std::size_t k = mu.size();
  if (means == Means::symmetric && k > 0) return {mu.front() / 2 + mu.back() / 2};
  if ((means != Means::spaced && means != Means::growth) || k < 2) return {};
  const double first = mu[1] - mu[0], last = mu[k - 1] - mu[k - 2];
  const double ratio =
      means == Means::growth && k > 2 && first > 0 ? (mu[2] - mu[1]) / first : 1;
  std::vector<double> result = {mu.back() + last * ratio};
  if (ratio > 0) result.push_back(mu.front() - first / ratio);
  return result;
}

}  // namespace

Insertions::Insertions(const Objective& objective, bool is_rough, Team& team)
    : objective_(objective),
      team_(team),
      points_(objective.sample.places),
      moments_(moments(points_)),
      before_point_(cumulative(points_.w, points_.size)),
      before_(cumulative(objective.sample.groups[0].w, objective.sample.groups[0].size)),
      edges_(points_.size + 1) {
  const Group& group = objective.sample.groups[0];
  if (is_rough) rough_w_.assign(group.w, group.w + group.size);
  const Points& points = points_;
  const std::size_t last = points.size - 1;
  for (std::size_t i = 0; i < last; ++i)
    edges_[i + 1] = points.x[i] / 2 + points.x[i + 1] / 2;
  if (last == 0) edges_[0] = edges_[1] = points.x[0];
  edges_[0] = points.x[0] - (edges_[1] - points.x[0]);
  edges_[last + 1] = points.x[last] + (points.x[last] - edges_[last]);
}

bool Insertions::near(const Insertion& a, const Insertion& b) const {
  const double of_a = blurred(a.sigma, objective_.sample);
  const double of_b = blurred(b.sigma, objective_.sample);
  return std::abs(a.mu - b.mu) < kNear * std::min(of_a, of_b) &&
         std::max(of_a, of_b) < (1 + kNear) * std::min(of_a, of_b);
}

std::vector<Insertion> Insertions::best(const Mixture& mixture, std::size_t count) const {
  std::vector<Insertion> all = tried(mixture, count);
  std::stable_sort(all.begin(), all.end(), [](const Insertion& a, const Insertion& b) {
    return a.gain > b.gain;
  });
  std::vector<Insertion> result;
  for (const Insertion& insertion : all) {
    if (result.size() == count) break;
    const auto is_near = [&](const Insertion& other) { return near(insertion, other); };
    if (std::none_of(result.begin(), result.end(), is_near)) result.push_back(insertion);
  }
  return result;
}

Mixture inserted(const Mixture& mixture, const Insertion& insertion) {
  Mixture more = mixture;
  for (Component& component : more.components) component.lambda *= 1 - insertion.lambda;
  more.noise.lambda *= 1 - insertion.lambda;
  more.components.push_back({insertion.lambda, insertion.mu, insertion.sigma});
  return more;
}

Mixture replaced(const Mixture& mixture, std::size_t j, const Insertion& insertion) {
  Mixture other = mixture;
  const double left = (1 - insertion.lambda) / (1 - mixture[j].lambda);
  for (Component& component : other.components) component.lambda *= left;
  other.noise.lambda *= left;
  other[j] = {insertion.lambda, insertion.mu, insertion.sigma};
  return other;
}

/// Sets the parameters that the constraints fix for components without constraints of
/// their own.
void Insertions::constrain(Insertion& tried, const Mixture& mixture) const {
  const Constraints& constraints = objective_.constraints;
  const Relation& relation = constraints.relation;
  if (!is_free(constraints.other_mu))
    tried.mu = constraints.other_mu;
  else if (relation.means == Relation::Means::equal)
    tried.mu = mixture.components.back().mu;
  if (!is_free(constraints.other_sigma))
    tried.sigma = constraints.other_sigma;
  else if (is_proportional(constraints))
    tried.sigma = sigma_scale(mixture, constraints) * std::abs(tried.mu - relation.zero);
  else if (constraints.equal_sigma)
    tried.sigma = mixture.components.back().sigma;
}

/// The insertions to try: the windows of consecutive points that exceed the expected
/// weight most, and some wide components, all at their best proportions.
std::vector<Insertion> Insertions::tried(const Mixture& mixture,
                                         std::size_t count) const {
  std::vector<Insertion> result = windows(mixture, count);
  for (const double width : {1.0, 2.0, 4.0, 8.0})
    result.push_back({0, moments_.mean, width * moments_.sd, 0});
  weigh(result, mixture);
  return result;
}

std::vector<Insertion> Insertions::in_row(const Mixture& mixture) const {
  std::vector<Insertion> result;
  for (const double mu : places_in_row(mixture, objective_.constraints))
    for (const double width : {0.25, 1.0})
      result.push_back({0, mu, width * moments_.sd, 0});
  weigh(result, mixture);
  return result;
}

/// Computes the best proportion and the gain of each insertion.
void Insertions::weigh(std::vector<Insertion>& some, const Mixture& mixture) const {
  if (some.empty()) return;
  const LogJoint log_joint(mixture);
  std::vector<double> log_density;
  for_each_block(objective_.sample, log_joint, 2, [&](const Block& block) {
    log_density.insert(log_density.end(), block.log_density,
                       block.log_density + block.known);
  });
  const double least = *std::min_element(log_density.begin(), log_density.end());
  const Group& group = objective_.sample.groups[0];
  const auto weigh_one = [&](std::size_t at, const Check&) {
    Insertion& tried = some[at];
    if (objective_.sample.error == 0)
      tried.sigma = std::max({tried.sigma, kLeastInsertedSigma * objective_.penalty.scale,
                              smallest_sigma(objective_, tried.mu)});
    constrain(tried, mixture);
    const auto weigh_by = [&](const auto& seen, const auto* w) {
      using Real = std::decay_t<decltype(*w)>;
      const auto [first, size] =
          near_part(seen, group.size, tried.mu, kVanishing * tried.sigma);
      Room<Real> ratio(size);
      likelihood_ratio(seen, first, size, log_density.data(),
                       shape_of({1, tried.mu, tried.sigma}, objective_.sample),
                       ratio.data());
      const double rest = size == group.size
                              ? 0
                              : before_.back() - (before_[first + size] - before_[first]);
      find_proportion(w + first, ratio.data(), size, static_cast<Real>(rest), &tried);
    };
    const auto* const exact = std::get_if<Exact>(&group.seen);
    const double log_height = -std::log(tried.sigma) - kLogSqrt2Pi;
    if (exact != nullptr && !rough_w_.empty() && log_height - least < kLogLarge)
      weigh_by(*exact, rough_w_.data());
    else
      std::visit([&](const auto& seen) { weigh_by(seen, group.w); }, group.seen);
    tried.gain -= penalty_on(tried.sigma, objective_.penalty);
  };
  team_.for_each(some.size(), weigh_one);
}

/// For each length, the windows with the largest scan statistics (Kulldorff 1997), and
/// those at both ends: the outermost points widen the component that has to reach them.
std::vector<Insertion> Insertions::windows(const Mixture& mixture,
                                           std::size_t count) const {
  const std::size_t size = points_.size;
  std::vector<double> expected(size + 1);
  const Mixture seen = blurred(mixture, objective_.sample);
  cdf(edges_.data(), size + 1, LogJoint(seen), expected.data());
  for (double& one : expected) one *= points_.n;
  if (has_window(objective_.sample)) {
    const double all = expected[size] - expected[0];
    for (double& one : expected) one *= points_.n / all;
  }
  std::vector<std::size_t> lengths;
  for (std::size_t length = 1; length < size;
       length = std::max(length + 1, static_cast<std::size_t>(kLonger * length)))
    lengths.push_back(length);
  std::vector<std::vector<Insertion>> of_length(lengths.size());
  const auto scan = [&](std::size_t at, const Check&) {
    const std::size_t length = lengths[at], starts = size - length + 1;
    std::vector<double> excess(starts);
    scan_statistic(before_point_.data(), expected.data(), length, starts, excess.data());
    const std::size_t most = length <= kShort ? count : (count + 2) / 3;
    for (std::size_t window = 0; window < most; ++window) {
      const double most_excess = largest(excess.data(), starts);
      if (!(most_excess > 0)) break;
      const std::size_t best =
          std::find(excess.begin(), excess.end(), most_excess) - excess.begin();
      of_length[at].push_back(of_window(best, length));
      const std::size_t from = best > length ? best - length : 0;
      const std::size_t to = std::min(best + length, starts);
      std::fill(excess.begin() + from, excess.begin() + to, 0.0);
    }
  };
  team_.for_each(lengths.size(), scan);
  std::vector<Insertion> result;
  for (const std::vector<Insertion>& some : of_length)
    result.insert(result.end(), some.begin(), some.end());
  for (std::size_t length = 1; length <= std::min(size, kOutermost); ++length) {
    result.push_back(of_window(0, length));
    result.push_back(of_window(size - length, length));
  }
  return result;
}

/// The component that the M-step would compute from the points of a window.
Insertion Insertions::of_window(std::size_t begin, std::size_t length) const {
  const double n = std::accumulate(points_.w + begin, points_.w + begin + length, 0.0);
  const auto [mean, sd] = moments({points_.x + begin, points_.w + begin, length, n});
  return {0, mean,
          penalised_sigma(n, sharpened(sd, objective_.sample), objective_.penalty), 0};
}

}  // namespace gmm1d
