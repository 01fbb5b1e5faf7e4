#pragma once

#include <cstddef>
#include <vector>

#include "latent.h"
#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// Room for the numbers of a pass: on the stack where they are few, as they mostly are.
/// Asking for it takes as long as a pass over a hundred points.
class Room {
 public:
  explicit Room(std::size_t size) : many_(size > kFew ? size : 0) {}
  Room(const Room&) = delete;
  double* data() { return many_.empty() ? few_ : many_.data(); }

 private:
  static constexpr std::size_t kFew = 12 * kBlock;
  double few_[kFew];
  std::vector<double> many_;
};

/// The size of the longest block of a sample.
std::size_t longest_block(const Sample& sample);

/// Room for one block after the other.
class BlockRoom {
 public:
  BlockRoom(const Sample& sample, const Mixture& mixture, int orders);

  double* gamma() { return gamma_.data(); }
  double* latent() { return latent_.data(); }
  /// Where the observations say what they say of component j; the log of its likelihood
  /// is in the place of gamma.
  Latent latent_of(std::size_t j);

  const std::size_t stride;  ///< between numbers of one component and the next
  double log_density[kBlock];
  double filled[kMostColumns + 1][kBlock];

 private:
  Room gamma_;
  std::vector<double> latent_;
  const bool all_;  ///< four moments, not two
};

/// A block of observations of a group and what the E-step says of them. It is filled up
/// with observations of weight 0 to whole vectors of a processor: a loop over the rest of
/// one would cost as much as a vector each.
struct Block {
  const Group& group;
  Observation seen;
  const double* w;
  std::size_t n, known;  ///< with the filling, and without
  const LogJoint& log_joint;
  const double* gamma;
  std::size_t stride;
  const double* log_density;
  const double* latent;

  const double* gamma_of(std::size_t j) const { return gamma + j * stride; }

  /// The moments of order p of z_ij for component j, and its unit as a part of their
  /// standard deviations; there are none of exact values.
  const double* moment(std::size_t p, std::size_t j) const {
    return latent + (5 * j + p - 1) * stride;
  }
  const double* part(std::size_t j) const { return latent + (5 * j + 4) * stride; }
};

/// The E-step on at most kBlock values: gamma[j * stride + i], each i a pmf over j, and
/// the log density of the mixture at each x. NaN in, NaN out.
void e_block(const double* x, std::size_t n, const LogJoint& log_joint, double* gamma,
             std::size_t stride, double* log_density);

/// The E-step on the observations of a group from `begin` on, at most kBlock.
Block e_block(const Sample& sample, const Group& group, std::size_t begin,
              const LogJoint& log_joint, BlockRoom& room);

/// How many values there are in all, of component j or of the noise, where the window i
/// has let w_i be seen.
double seen_and_unseen(const Block& block, std::size_t j, std::size_t i);

/// Calls f with each block of the sample, with moments of the first 2 or 4 orders: the
/// only walk over it.
template <class F>
void for_each_block(const Sample& sample, const LogJoint& log_joint, int orders,
                    const F& f) {
  BlockRoom room(sample, log_joint.mixture, orders);
  for (const Group& group : sample.groups)
    for (std::size_t begin = 0; begin < group.size; begin += kBlock)
      f(e_block(sample, group, begin, log_joint, room));
}

}  // namespace gmm1d
