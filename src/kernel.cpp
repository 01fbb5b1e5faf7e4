#include "kernel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "block.h"
#include "simd.h"

namespace gmm1d {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// gamma_ij = exp(l_ij - top_i) / sum_j exp(l_ij - top_i), l_ij the log joint density
/// that gamma holds and top_i its largest over j; log f(x_i) = top_i + log(sum_i).
/// Returns how many x_i are too far out for that, or are NaN: those are left to be done.
GMM1D_INLINE int divided_by_sum(std::size_t n, std::size_t columns, double* gamma,
                                std::size_t stride, const double* top,
                                double* log_density) {
  double sum[kBlock];
  for (std::size_t i = 0; i < n; ++i) sum[i] = 0;
  for (std::size_t j = 0; j < columns; ++j) {
    double* g = gamma + j * stride;
    GMM1D_SIMD
    for (std::size_t i = 0; i < n; ++i) {
      g[i] = simd_exp(g[i] - top[i]);
      sum[i] += g[i];
    }
  }
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) {
    log_density[i] = top[i] + simd_log(sum[i]);
    sum[i] = 1 / sum[i];
  }
  for (std::size_t j = 0; j < columns; ++j) {
    double* g = gamma + j * stride;
    GMM1D_SIMD
    for (std::size_t i = 0; i < n; ++i) g[i] *= sum[i];
  }
  int left = 0;
  for (std::size_t i = 0; i < n; ++i) left += !(top[i] > kFarOut);
  return left;
}

/// The same of values that are known.
GMM1D_MULTIVERSION
int normalised(const double* x, std::size_t n, std::size_t columns, const double* mu,
               const double* per_sigma, const double* log_height, double* gamma,
               std::size_t stride, double* top, double* log_density) {
  for (std::size_t i = 0; i < n; ++i) top[i] = -kInfinity;
  for (std::size_t j = 0; j < columns; ++j) {
    double* g = gamma + j * stride;
    const double m = mu[j], p = per_sigma[j], h = log_height[j];
    GMM1D_SIMD
    for (std::size_t i = 0; i < n; ++i) {
      const double z = (x[i] - m) * p;
      const double l = h - 0.5 * z * z;
      g[i] = l;
      top[i] = top[i] > l ? top[i] : l;
    }
  }
  return divided_by_sum(n, columns, gamma, stride, top, log_density);
}

/// The same of log joint densities.
GMM1D_MULTIVERSION
int normalised(std::size_t n, std::size_t columns, double* gamma, std::size_t stride,
               double* top, double* log_density) {
  for (std::size_t i = 0; i < n; ++i) top[i] = -kInfinity;
  for (std::size_t j = 0; j < columns; ++j) {
    const double* g = gamma + j * stride;
    GMM1D_SIMD
    for (std::size_t i = 0; i < n; ++i) top[i] = top[i] > g[i] ? top[i] : g[i];
  }
  return divided_by_sum(n, columns, gamma, stride, top, log_density);
}

GMM1D_MULTIVERSION
void add(double term, std::size_t n, double* to) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) to[i] += term;
}

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

/// The same of the moments of order 1 and 2 about the mean, `shift` units below the
/// centre; and the sums of w gamma p^2 and w gamma p^4.
GMM1D_MULTIVERSION
void add_moments(const double* w, const double* gamma, const double* m1, const double* m2,
                 const double* part, std::size_t n, double shift, double* sums) {
  double a = 0, b = 0, c = 0, d = 0, e = 0;
  GMM1D_SIMD_SUM(a, b, c, d, e)
  for (std::size_t i = 0; i < n; ++i) {
    const double wg = w[i] * gamma[i];
    const double p = part[i], pp = p * p;
    // Moments of a component that has no part in the observation may be infinite.
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

/// The next multiple of 8 doubles, the longest vector there is.
std::size_t whole_vectors(std::size_t n) { return (n + 7) / 8 * 8; }

}  // namespace

void e_block(const double* x, std::size_t n, const LogJoint& log_joint, double* gamma,
             std::size_t stride, double* log_density) {
  const std::size_t columns = log_joint.mixture.columns();
  double top[kBlock];
  int left = normalised(x, n, columns, log_joint.mu.data(), log_joint.per_sigma.data(),
                        log_joint.log_height.data(), gamma, stride, top, log_density);
  if (log_joint.mixture.has_noise())
    for (std::size_t i = 0; i < n; ++i)
      if (top[i] > kFarOut && log_joint.is_outside(x[i])) {
        top[i] = -kInfinity;
        ++left;
      }
  for (std::size_t i = 0; left > 0; ++i) {
    if (top[i] > kFarOut) continue;
    std::vector<double> row(columns,
                            x[i]);  // NaN stays the NaN that it is, R's NA for one
    log_density[i] =
        std::isnan(x[i]) ? x[i] : responsibilities(x[i], log_joint, row.data());
    for (std::size_t j = 0; j < columns; ++j) gamma[j * stride + i] = row[j];
    --left;
  }
}

namespace {

/// The responsibilities of an observation too far out for probabilities: those at a place
/// where it may be.
void far_out(const Place& place, const LogJoint& log_joint, double* gamma) {
  if (place.error == 0) {
    responsibilities(place.x, log_joint, gamma);
    return;
  }
  Mixture seen = log_joint.mixture;
  for (Component& component : seen.components)
    component.sigma = std::hypot(component.sigma, place.error);
  responsibilities(place.x, LogJoint(seen), gamma);
}

/// The E-step on a block of one kind, by the contract.
template <class Kind>
void e_block(const Kind& seen, std::size_t n, const Sample& sample,
             const LogJoint& log_joint, BlockRoom& room) {
  const Mixture& mixture = log_joint.mixture;
  const std::size_t k = mixture.k(), stride = room.stride, columns = mixture.columns();
  double* const gamma = room.gamma();
  for (std::size_t j = 0; j < k; ++j) {
    latent(seen, n, shape_of(mixture[j], sample), room.latent_of(j));
    add(std::log(mixture[j].lambda), n, gamma + j * stride);
  }
  for (std::size_t i = 0; columns > k && i < n; ++i)
    gamma[k * stride + i] =
        std::log(mixture.noise.lambda) + log_within(seen, i, mixture.noise);
  double top[kBlock];
  int left = normalised(n, columns, gamma, stride, top, room.log_density);
  for (std::size_t i = 0; left > 0; ++i) {
    if (top[i] > kFarOut) continue;
    std::vector<double> row(columns);
    room.log_density[i] = top[i];
    far_out(place(seen, i), log_joint, row.data());
    for (std::size_t j = 0; j < columns; ++j) gamma[j * stride + i] = row[j];
    --left;
  }
}

/// Of values that are known, by the vector.
void e_block(const Exact& seen, std::size_t n, const Sample&, const LogJoint& log_joint,
             BlockRoom& room) {
  e_block(seen.x, n, log_joint, room.gamma(), room.stride, room.log_density);
}

/// Of observations whose component is known.
template <class Kind>
void labelled_block(const Kind& seen, std::size_t n, const Sample& sample,
                    const Group& group, const LogJoint& log_joint, BlockRoom& room) {
  const Component& component = log_joint.mixture[group.component];
  double* const own = room.gamma() + group.component * room.stride;
  latent(seen, n, shape_of(component, sample), room.latent_of(group.component));
  std::copy_n(own, n, room.log_density);
  if (group.label == Label::random) add(std::log(component.lambda), n, room.log_density);
  for (std::size_t j = 0; j < log_joint.mixture.columns(); ++j)
    std::fill_n(room.gamma() + j * room.stride, n, j == group.component ? 1.0 : 0.0);
}

}  // namespace

std::size_t longest_block(const Sample& sample) {
  std::size_t size = 0;
  for (const Group& group : sample.groups) size = std::max(size, group.size);
  return std::min(kBlock, whole_vectors(size));
}

BlockRoom::BlockRoom(const Sample& sample, const Mixture& mixture, int orders)
    : stride(longest_block(sample)),
      gamma_(mixture.columns() * stride),
      latent_(is_plain(sample) ? 0 : 5 * mixture.k() * stride),
      all_(orders == 4) {}

Latent BlockRoom::latent_of(std::size_t j) {
  double* const first = latent_.data() + 5 * j * stride;
  return {gamma() + j * stride,
          {first, first + stride, all_ ? first + 2 * stride : nullptr,
           all_ ? first + 3 * stride : nullptr},
          first + 4 * stride};
}

Block e_block(const Sample& sample, const Group& group, std::size_t begin,
              const LogJoint& log_joint, BlockRoom& room) {
  const std::size_t known = std::min(kBlock, group.size - begin);
  Block block = {group,
                 from(group.seen, begin),
                 group.w + begin,
                 whole_vectors(known),
                 known,
                 log_joint,
                 room.gamma(),
                 room.stride,
                 room.log_density,
                 room.latent()};
  const auto filled = [&](const double* from, double* to, double rest) {
    std::fill(std::copy_n(from, known, to), to + block.n, rest);
    return to;
  };
  if (known < block.n) {
    std::visit(
        [&](auto& seen) {
          std::size_t c = 0;
          for_each_column(seen, [&](const double*& column) {
            column = filled(column, room.filled[c], column[known - 1]);
            ++c;
          });
        },
        block.seen);
    block.w = filled(block.w, room.filled[kMostColumns], 0);
  }
  std::visit(
      [&](const auto& seen) {
        if (group.label == Label::none)
          e_block(seen, block.n, sample, log_joint, room);
        else
          labelled_block(seen, block.n, sample, group, log_joint, room);
      },
      block.seen);
  return block;
}

namespace {

/// The sums of a component over a block: s0, s1, s2, n1 and n2.
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

/// Of the values that were not seen, so many of all as there are in the window: the
/// mixture before truncation has them, and in the window the block has them.
Sums unseen(const Block& block, std::size_t j, double centre) {
  const LogJoint& log_joint = block.log_joint;
  const Group& group = block.group;
  const double lambda = group.label != Label::design ? log_joint.mixture[j].lambda
                        : j == group.component       ? 1
                                                     : 0;
  const double distance = centre - log_joint.mu[j];
  const double shift = distance == 0 ? 0 : distance * log_joint.per_sigma[j];
  Sums result;
  for (std::size_t i = 0; i < block.known; ++i) {
    const double n = lambda * block.w[i] * std::exp(-block.log_density[i]);
    const double part = block.part(j)[i], pp = part * part;
    result += {{n, -n * shift, n * (pp * pp + shift * shift), n * pp, n * pp * pp}};
  }
  return result += -sums_of(block, j, centre);
}

double noise_unseen(const Block& block) {
  const std::size_t k = block.log_joint.mixture.k();
  const double lambda = block.log_joint.mixture.noise.lambda;
  double sum = 0;
  for (std::size_t i = 0; i < block.known; ++i)
    sum += block.w[i] * (lambda * std::exp(-block.log_density[i]) - block.gamma_of(k)[i]);
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
  std::vector<double> centre;
  for (const Component& component : mixture.components) centre.push_back(component.mu);
  return e_step(sample, mixture, centre);
}

Statistics e_step(const Sample& sample, const Mixture& mixture,
                  const std::vector<double>& centre) {
  const std::size_t k = mixture.k();
  const LogJoint log_joint(mixture);
  Statistics total(mixture);
  for_each_block(sample, log_joint, 2, [&](const Block& block) {
    const bool is_window = block.group.is_window;
    const bool tells = block.group.label != Label::design;
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
