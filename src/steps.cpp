#include "steps.h"

namespace gmm1d {

arma::mat estep(const arma::vec& x, const Mixture& mixture) {
  const LogJoint log_joint(mixture);
  arma::mat gamma(x.n_elem, mixture.k());
  arma::rowvec row(mixture.k());
  for (arma::uword i = 0; i < x.n_elem; ++i) {
    responsibilities(x[i], log_joint, row.memptr());
    gamma.row(i) = row;
  }
  return gamma;
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
