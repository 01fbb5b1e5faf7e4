#include "steps.h"

#include <algorithm>

#include "kernel.h"
#include "threads.h"

namespace gmm1d {

namespace {

/// Fewer values are faster done than shared out.
constexpr std::size_t kOneThread = 1 << 16;

}  // namespace

void estep(const double* x, std::size_t n, const Mixture& mixture, int threads,
           double* gamma) {
  const LogJoint log_joint(mixture);
  threads = n > kOneThread ? threads_allowed(threads) : 1;
  parallel_for((n + kBlock - 1) / kBlock, threads, [&](std::size_t block, const Check&) {
    const std::size_t begin = block * kBlock;
    double log_density[kBlock];
    e_block(x + begin, std::min(kBlock, n - begin), log_joint, gamma + begin, n,
            log_density);
  });
}

Mixture mstep(const arma::vec& x, const arma::mat& gamma, const arma::vec& weights) {
  const double n = arma::accu(weights);
  Mixture mixture;
  for (arma::uword j = 0; j < gamma.n_cols; ++j) {
    const arma::vec w = weights % gamma.col(j);
    const double s0 = arma::accu(w);
    const arma::vec p = w / s0;
    const double rough = arma::dot(p, x);
    // The mean of what the rough mean leaves over restores the digits lost far from zero.
    const double mu = rough + arma::dot(p, x - rough);
    // Distances as parts of the largest: their squares neither overflow nor vanish.
    const arma::vec d = arma::abs(x - mu);
    const double unit = d.is_zero() ? 1 : d.max();
    mixture.lambda.push_back(s0 / n);
    mixture.mu.push_back(mu);
    mixture.sigma.push_back(unit * std::sqrt(arma::dot(p, arma::square(d / unit))));
  }
  return mixture;
}

}  // namespace gmm1d
