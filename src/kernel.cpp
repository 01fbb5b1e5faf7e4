#include "kernel.h"

#include <cmath>
#include <numeric>

#include "block.h"
#include "simd.h"

namespace gmm1d {

namespace {

/// The sum of w_i log f(x_i).
GMM1D_MULTIVERSION
double weighted_sum(const double* w, const double* log_density, std::size_t n) {
  double sum = 0;
  GMM1D_SIMD_SUM(sum)
  for (std::size_t i = 0; i < n; ++i)
    sum += if_positive(w[i], w[i] * log_density[i]);  // the density may be 0
  return sum;
}

/// Adds the sums of w gamma, w gamma z and w gamma z^2 of one component.
GMM1D_MULTIVERSION
void add_sums(const double* x, const double* w, const double* gamma, std::size_t n,
              double centre, double per_sigma, double* s0, double* s1, double* s2) {
  double a = 0, b = 0, c = 0;
  GMM1D_SIMD_SUM(a, b, c)
  for (std::size_t i = 0; i < n; ++i) {
    const double wg = w[i] * gamma[i];
    const double z = if_positive(wg, (x[i] - centre) * per_sigma);  // z may be infinite
    a += wg;
    b += wg * z;
    c += wg * z * z;
  }
  *s0 += a;
  *s1 += b;
  *s2 += c;
}

/// Adds the same sums from the moments of order 1 and 2 about the mean, which is `shift`
/// units below the centre, and the sums of w gamma p^2 and w gamma p^4.
GMM1D_MULTIVERSION
void add_moments(const double* w, const double* gamma, const double* m1, const double* m2,
                 const double* part, std::size_t n, double shift, double* sums) {
  double a = 0, b = 0, c = 0, d = 0, e = 0;
  GMM1D_SIMD_SUM(a, b, c, d, e)
  for (std::size_t i = 0; i < n; ++i) {
    const double wg = w[i] * gamma[i];
    const double p = part[i], pp = p * p;
    // Moments of a component may be infinite if it has no share in the observation.
    const double first = if_positive(wg, p * m1[i]);
    const double second = if_positive(wg, pp * (m2[i] - 1 + pp));
    a += wg;
    b += wg * (first - shift);
    c += wg * (second - shift * (2 * first - shift));
    d += wg * pp;
    e += wg * pp * pp;
  }
  sums[0] += a;
  sums[1] += b;
  sums[2] += c;
  sums[3] += d;
  sums[4] += e;
}

/// The sums for one component over a block: s0, s1, s2, n1 and n2.
struct Sums {
  double of[5] = {};

  Sums& operator+=(const Sums& more) {
    for (int i = 0; i < 5; ++i) of[i] += more.of[i];
    return *this;
  }
  Sums operator-() const {
    Sums result;
    for (int i = 0; i < 5; ++i) result.of[i] = -of[i];
    return result;
  }
};

Sums sums_of(const Block& block, std::size_t j, double centre) {
  const LogJoint& log_joint = block.log_joint;
  const double per_sigma = log_joint.per_sigma[j], *const gamma = block.gamma_of(j);
  Sums result;
  if (const auto* exact = std::get_if<Exact>(&block.seen)) {
    double* const of = result.of;
    add_sums(exact->x, block.w, gamma, block.n, centre, per_sigma, of, of + 1, of + 2);
    of[3] = of[4] = of[0];
    return result;
  }
  const double distance = centre - log_joint.mu[j];
  const double shift = distance == 0 ? 0 : distance * per_sigma;
  add_moments(block.w, gamma, block.moment(1, j), block.moment(2, j), block.part(j),
              block.n, shift, result.of);
  return result;
}

/// Of a component of which no more than this part is unseen, all counts as seen: the
/// difference would be a rounding error.
constexpr double kUnseen = 1e-14;

/// The sums for the unseen values: those for all values, as many as the window implies
/// under the mixture before truncation, minus those inside the window.
Sums unseen(const Block& block, std::size_t j, double centre) {
  const LogJoint& log_joint = block.log_joint;
  const double distance = centre - log_joint.mu[j];
  const double shift = distance == 0 ? 0 : distance * log_joint.per_sigma[j];
  Sums result;
  for (std::size_t i = 0; i < block.known; ++i) {
    const double n = seen_and_unseen(block, j, i);
    const double part = block.part(j)[i], pp = part * part;
    result += {{n, -n * shift, n * (pp * pp + shift * shift), n * pp, n * pp * pp}};
  }
  const double all = result.of[0];
  result += -sums_of(block, j, centre);
  return result.of[0] > kUnseen * all ? result : Sums();
}

double noise_unseen(const Block& block) {
  const std::size_t k = block.log_joint.mixture.k();
  double sum = 0;
  for (std::size_t i = 0; i < block.known; ++i)
    sum += seen_and_unseen(block, k, i) - block.w[i] * block.gamma_of(k)[i];
  return sum;
}

double noise_seen(const Block& block) {
  const double* gamma = block.gamma_of(block.log_joint.mixture.k());
  return std::inner_product(gamma, gamma + block.known, block.w, 0.0);
}

}  // namespace

Statistics::Statistics(const Mixture& mixture)
    : count(mixture.columns()),
      s0(mixture.k()),
      s1(mixture.k()),
      s2(mixture.k()),
      n1(mixture.k()),
      n2(mixture.k()) {}

Statistics e_step(const Sample& sample, const Mixture& mixture) {
  Few<double> centre;
  for (const Component& component : mixture.components) centre.push_back(component.mu);
  return e_step(sample, mixture, centre);
}

Statistics e_step(const Sample& sample, const Mixture& mixture,
                  const Few<double>& centre) {
  const std::size_t k = mixture.k();
  const LogJoint log_joint(mixture);
  Statistics total(mixture);
  for_each_block(sample, log_joint, 2, [&](const Block& block) {
    const bool is_window = block.group.is_window;
    const bool tells = block.group.tells_of_lambda();
    const double loglik = weighted_sum(block.w, block.log_density, block.n);
    total.loglik += is_window ? -loglik : loglik;
    for (std::size_t j = 0; j < k; ++j) {
      const Sums sums =
          is_window ? unseen(block, j, centre[j]) : sums_of(block, j, centre[j]);
      if (tells) total.count[j] += sums.of[0];
      total.s0[j] += sums.of[0];
      total.s1[j] += sums.of[1];
      total.s2[j] += sums.of[2];
      total.n1[j] += sums.of[3];
      total.n2[j] += sums.of[4];
    }
    if (mixture.has_noise() && tells)
      total.count[k] += is_window ? noise_unseen(block) : noise_seen(block);
  });
  total.n = is_plain(sample)
                ? sample.places.n
                : std::accumulate(total.count.begin(), total.count.end(), 0.0);
  return total;
}

double entropy(const Sample& sample, const Mixture& mixture) {
  const LogJoint log_joint(mixture);
  double sum = 0;
  for_each_block(sample, log_joint, 2, [&](const Block& block) {
    if (block.group.is_window) return;
    for (std::size_t j = 0; j < mixture.columns(); ++j)
      for (std::size_t i = 0; i < block.n; ++i) {
        const double g = block.gamma_of(j)[i];
        if (g > 0) sum -= block.w[i] * g * std::log(g);
      }
  });
  return sum;
}

}  // namespace gmm1d
