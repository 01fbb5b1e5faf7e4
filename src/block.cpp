#include "block.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "simd.h"

namespace gmm1d {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Computes gamma_ij = exp(l_ij - top_i) / sum_j exp(l_ij - top_i), where gamma holds the
/// log joint densities l_ij on entry and top_i is the largest of them over j. Also
/// computes log f(x_i) = top_i + log(sum_i). Returns the number of x_i that are NaN or
/// too far out for this; the caller must treat these.
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

/// The responsibilities and log densities of exact values.
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

/// The same, given the log joint densities in gamma.
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

/// Rounds up to a multiple of 8 doubles, the longest vector there is.
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
                            x[i]);  // keeps the kind of NaN, such as R's NA
    log_density[i] =
        std::isnan(x[i]) ? x[i] : responsibilities(x[i], log_joint, row.data());
    for (std::size_t j = 0; j < columns; ++j) gamma[j * stride + i] = row[j];
    --left;
  }
}

namespace {

/// The responsibilities of an observation that is too far out for probabilities. They are
/// evaluated at one value that it may have.
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

/// The E-step on a block of any kind, by the contract in latent.h.
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

/// The E-step on exact values, vectorised.
void e_block(const Exact& seen, std::size_t n, const Sample&, const LogJoint& log_joint,
             BlockRoom& room) {
  e_block(seen.x, n, log_joint, room.gamma(), room.stride, room.log_density);
}

/// The E-step on observations whose component is known.
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

double seen_and_unseen(const Block& block, std::size_t j, std::size_t i) {
  const double lambda = block.group.tells_of_lambda() ? block.log_joint.mixture.lambda(j)
                        : j == block.group.component  ? 1
                                                      : 0;
  return lambda * block.w[i] * std::exp(-block.log_density[i]);
}

}  // namespace gmm1d
