#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "latent.h"
#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// Memory for the numbers of a pass, not initialised. It is on the stack if they are few,
/// as they mostly are, because allocating takes as long as a pass over a hundred points.
template <class Real = double, std::size_t kFew = 12 * kBlock>
class Room {
 public:
  explicit Room(std::size_t size) : many_(size > kFew ? new Real[size] : nullptr) {}
  Room(const Room&) = delete;
  Real* data() { return many_ ? many_.get() : few_; }

 private:
  Real few_[kFew];
  std::unique_ptr<Real[]> many_;
};

/// Memory for a matrix with a row for each parameter. Stacks of threads may be small.
using MatrixRoom = Room<double, 36 * 36>;

/// The length of the longest block of a sample.
std::size_t longest_block(const Sample& sample);

/// Memory that is used for one block after the other.
class BlockRoom {
 public:
  BlockRoom(const Sample& sample, const Mixture& mixture, int orders);

  double* gamma() { return gamma_.data(); }
  double* latent() { return latent_.data(); }
  /// Where latent() writes its results for component j. The log-likelihood goes to the
  /// place of gamma.
  Latent latent_of(std::size_t j);

  const std::size_t stride;  ///< between the numbers of successive components
  double log_density[kBlock];
  double filled[kMostColumns + 1][kBlock];

 private:
  Room<> gamma_;
  std::vector<double> latent_;
  const bool all_;  ///< four moments instead of two
};

/// A block of observations of one group, with the results of the E-step. It is padded
/// with observations of weight 0 to a multiple of the processor's vector length, because
/// a scalar loop over the last few would cost as much as one vector for each.
struct Block {
  const Group& group;
  Observation seen;
  const double* w;
  std::size_t n, known;  ///< with the padding, and without it
  const LogJoint& log_joint;
  const double* gamma;
  std::size_t stride;
  const double* log_density;
  const double* latent;

  const double* gamma_of(std::size_t j) const { return gamma + j * stride; }

  /// moment(): the moments of order p of z_ij for component j. part(): the unit of
  /// component j divided by tau (see latent.h). Exact values have neither.
  const double* moment(std::size_t p, std::size_t j) const {
    return latent + (5 * j + p - 1) * stride;
  }
  const double* part(std::size_t j) const { return latent + (5 * j + 4) * stride; }
};

/// The E-step on at most kBlock values. It fills gamma[j * stride + i], where each i has
/// probabilities over j, and the log density of the mixture at each x. NaN gives NaN.
void e_block(const double* x, std::size_t n, const LogJoint& log_joint, double* gamma,
             std::size_t stride, double* log_density);

/// The E-step on the observations of a group from `begin` on, at most kBlock of them.
Block e_block(const Sample& sample, const Group& group, std::size_t begin,
              const LogJoint& log_joint, BlockRoom& room);

/// The expected number of values of component j (or of the noise) in all, seen and
/// unseen, given that w_i values were seen through window i.
double seen_and_unseen(const Block& block, std::size_t j, std::size_t i);

/// Calls f with each block of the sample, with moments of order up to 2 or 4. This is
/// the only walk over a sample.
template <class F>
void for_each_block(const Sample& sample, const LogJoint& log_joint, int orders,
                    const F& f) {
  BlockRoom room(sample, log_joint.mixture, orders);
  for (const Group& group : sample.groups)
    for (std::size_t begin = 0; begin < group.size; begin += kBlock)
      f(e_block(sample, group, begin, log_joint, room));
}

}  // namespace gmm1d
