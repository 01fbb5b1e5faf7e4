#include "kernel.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "block.h"
#include "simd.h"

namespace gmm1d {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// gamma_ij = exp(l_ij - top_i) / sum_j exp(l_ij - top_i), l_ij the log joint density and
/// top_i its largest over j; log f(x_i) = top_i + log(sum_i). Returns how many x_i are
/// too far out for that, or are NaN: those are left to be done.
GMM1D_MULTIVERSION
int normalised(const double* x, std::size_t n, std::size_t k, const double* mu,
               const double* per_sigma, const double* log_height, double* gamma,
               std::size_t stride, double* top, double* log_density) {
  double sum[kBlock];
  for (std::size_t i = 0; i < n; ++i) {
    top[i] = -kInfinity;
    sum[i] = 0;
  }
  for (std::size_t j = 0; j < k; ++j) {
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
  for (std::size_t j = 0; j < k; ++j) {
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
  for (std::size_t j = 0; j < k; ++j) {
    double* g = gamma + j * stride;
    GMM1D_SIMD
    for (std::size_t i = 0; i < n; ++i) g[i] *= sum[i];
  }
  int left = 0;
  for (std::size_t i = 0; i < n; ++i) left += !(top[i] > kFarOut);
  return left;
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

/// The same of the moments of order 1 and 2 about the mean, `shift` sigmas below the
/// centre.
void add_moments(const double* w, const double* gamma, const double* m1, const double* m2,
                 std::size_t n, double shift, double* s0, double* s1, double* s2) {
  for (std::size_t i = 0; i < n; ++i) {
    const double wg = w[i] * gamma[i];
    if (!(wg > 0)) continue;
    *s0 += wg;
    *s1 += wg * (m1[i] - shift);
    *s2 += wg * (m2[i] - shift * (2 * m1[i] - shift));
  }
}

/// The next multiple of 8 doubles, the longest vector there is.
std::size_t whole_vectors(std::size_t n) { return (n + 7) / 8 * 8; }

}  // namespace

void e_block(const double* x, std::size_t n, const LogJoint& log_joint, double* gamma,
             std::size_t stride, double* log_density) {
  const std::size_t k = log_joint.mixture.k();
  double top[kBlock];
  int left = normalised(x, n, k, log_joint.mu.data(), log_joint.per_sigma.data(),
                        log_joint.log_height.data(), gamma, stride, top, log_density);
  for (std::size_t i = 0; left > 0; ++i) {
    if (top[i] > kFarOut) continue;
    std::vector<double> row(k, x[i]);  // NaN stays the NaN that it is, R's NA for one
    log_density[i] =
        std::isnan(x[i]) ? x[i] : responsibilities(x[i], log_joint, row.data());
    for (std::size_t j = 0; j < k; ++j) gamma[j * stride + i] = row[j];
    --left;
  }
}

namespace {

/// The E-step on a block of one kind. Of all kinds but `Exact` one observation after the
/// other, by the contract.
void e_block(const Exact& seen, std::size_t n, const LogJoint& log_joint,
             BlockRoom& room) {
  e_block(seen.x, n, log_joint, room.gamma(), room.stride, room.log_density);
}

template <class Kind>
void e_block(const Kind& seen, std::size_t n, const LogJoint& log_joint,
             BlockRoom& room) {
  const Mixture& mixture = log_joint.mixture;
  const std::size_t k = mixture.k();
  double *const gamma = room.gamma(), *const moments = room.moments();
  std::vector<double> row(k), log_lambda(k);
  for (std::size_t j = 0; j < k; ++j) log_lambda[j] = std::log(mixture[j].lambda);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const Latent one = latent(seen, i, mixture[j].mu, log_joint.per_sigma[j]);
      row[j] = log_lambda[j] + one.log_p;
      for (std::size_t p = 0; p < 4; ++p)
        moments[(p * k + j) * room.stride + i] = one.moment[p];
    }
    room.log_density[i] = normalise(row.data(), k);
    if (!(room.log_density[i] > kFarOut))
      responsibilities(place(seen, i), log_joint, row.data());
    for (std::size_t j = 0; j < k; ++j) gamma[j * room.stride + i] = row[j];
  }
}

}  // namespace

std::size_t longest_block(const Sample& sample) {
  std::size_t size = 0;
  for (const Group& group : sample.groups) size = std::max(size, group.size);
  return std::min(kBlock, whole_vectors(size));
}

BlockRoom::BlockRoom(const Sample& sample, std::size_t k)
    : stride(longest_block(sample)),
      gamma_(k * stride),
      moments_(is_exact(sample) ? 0 : 4 * k * stride) {}

Block e_block(const Group& group, std::size_t begin, const LogJoint& log_joint,
              BlockRoom& room) {
  const std::size_t known = std::min(kBlock, group.size - begin);
  Block block = {group.seen,  group.w + begin,  whole_vectors(known),
                 known,       log_joint,        room.gamma(),
                 room.stride, room.log_density, room.moments()};
  const auto filled = [&](const double* from, double* to, double rest) {
    std::fill(std::copy_n(from, known, to), to + block.n, rest);
    return to;
  };
  std::visit(
      [&](auto& seen) {
        std::size_t c = 0;
        for_each_column(seen, [&](const double*& column) {
          column += begin;
          if (known < block.n) column = filled(column, room.filled[c], column[known - 1]);
          ++c;
        });
      },
      block.seen);
  if (known < block.n) block.w = filled(block.w, room.filled[kMostColumns], 0);
  std::visit([&](const auto& seen) { e_block(seen, block.n, log_joint, room); },
             block.seen);
  return block;
}

Statistics e_step(const Sample& sample, const Mixture& mixture) {
  std::vector<double> centre;
  for (const Component& component : mixture.components) centre.push_back(component.mu);
  return e_step(sample, mixture, centre);
}

Statistics e_step(const Sample& sample, const Mixture& mixture,
                  const std::vector<double>& centre) {
  const std::size_t k = mixture.k();
  const LogJoint log_joint(mixture);
  Statistics total = {0, std::vector<double>(k), std::vector<double>(k),
                      std::vector<double>(k)};
  for_each_block(sample, log_joint, [&](const Block& block) {
    total.loglik += weighted_sum(block.w, block.log_density, block.n);
    for (std::size_t j = 0; j < k; ++j) {
      const double per_sigma = log_joint.per_sigma[j];
      double *const s0 = &total.s0[j], *const s1 = &total.s1[j], *const s2 = &total.s2[j];
      if (const auto* exact = std::get_if<Exact>(&block.seen))
        add_sums(exact->x, block.w, block.gamma_of(j), block.n, centre[j], per_sigma, s0,
                 s1, s2);
      else
        add_moments(block.w, block.gamma_of(j), block.moment(1, j), block.moment(2, j),
                    block.n, (centre[j] - mixture[j].mu) * per_sigma, s0, s1, s2);
    }
  });
  return total;
}

double entropy(const Sample& sample, const Mixture& mixture) {
  const LogJoint log_joint(mixture);
  double sum = 0;
  for_each_block(sample, log_joint, [&](const Block& block) {
    for (std::size_t j = 0; j < mixture.k(); ++j)
      for (std::size_t i = 0; i < block.n; ++i) {
        const double g = block.gamma_of(j)[i];
        if (g > 0) sum -= block.w[i] * g * std::log(g);
      }
  });
  return sum;
}

}  // namespace gmm1d
