#include "steps.h"

#include <algorithm>
#include <cmath>

#include "block.h"
#include "threads.h"

namespace gmm1d {

namespace {

/// Up to this many values, one thread is faster than several.
constexpr std::size_t kOneThread = 1 << 16;

/// Calls f with the beginning and the size of each run of n values.
template <class F>
void for_each_run(std::size_t n, int threads, const F& f) {
  parallel_for((n + kBlock - 1) / kBlock, n > kOneThread ? threads_allowed(threads) : 1,
               [&](std::size_t block, const Check&) {
                 f(block * kBlock, std::min(kBlock, n - block * kBlock));
               });
}

}  // namespace

void estep(const double* x, std::size_t n, const Mixture& mixture, int threads,
           double* gamma) {
  const LogJoint log_joint(mixture);
  for_each_run(n, threads, [&](std::size_t begin, std::size_t size) {
    double log_density[kBlock];
    e_block(x + begin, size, log_joint, gamma + begin, n, log_density);
  });
}

void estep(const Sample& sample, const Mixture& mixture, double* gamma,
           double* log_density) {
  const std::size_t rows = sample.groups[0].size;
  std::size_t begin = 0;
  for_each_block(sample, LogJoint(mixture), 2, [&](const Block& block) {
    for (std::size_t j = 0; j < mixture.columns(); ++j)
      std::copy_n(block.gamma_of(j), block.known, gamma + j * rows + begin);
    std::copy_n(block.log_density, block.known, log_density + begin);
    begin += block.known;
  });
}

void classify(const double* x, std::size_t n, const Mixture& mixture, int threads,
              int* component, double* uncertainty) {
  const LogJoint log_joint(mixture);
  for_each_run(n, threads, [&](std::size_t begin, std::size_t size) {
    double log_density[kBlock];
    const std::size_t k = mixture.k(), columns = mixture.columns();
    Room<> room(columns * kBlock);
    double* gamma = room.data();
    e_block(x + begin, size, log_joint, gamma, kBlock, log_density);
    for (std::size_t i = 0; i < size; ++i) {
      std::size_t best = 0;
      for (std::size_t j = 1; j < columns; ++j)
        if (gamma[j * kBlock + i] > gamma[best * kBlock + i]) best = j;
      const int number = best == k ? 0 : static_cast<int>(best) + 1;
      component[begin + i] = std::isnan(x[begin + i]) ? kMissing : number;
      uncertainty[begin + i] = 1 - gamma[best * kBlock + i];
    }
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
    // Adding the mean of the residuals restores the digits lost far from zero.
    const double mu = rough + arma::dot(p, x - rough);
    // Distances are taken relative to the largest, so that squares neither overflow nor
    // underflow.
    const arma::vec d = arma::abs(x - mu);
    const double unit = d.is_zero() ? 1 : d.max();
    mixture.components.push_back(
        {s0 / n, mu, unit * std::sqrt(arma::dot(p, arma::square(d / unit)))});
  }
  return mixture;
}

}  // namespace gmm1d
