#pragma once

#include "gmm1d_types.h"  // for Armadillo; nothing of R
#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// gamma_ij = lambda_j N(x_i; mu_j, sigma_j^2) / sum_l lambda_l N(x_i; mu_l, sigma_l^2)
/// into a matrix of n rows, the column of the noise last. NaN in, NaN out.
void estep(const double* x, std::size_t n, const Mixture& mixture, int threads,
           double* gamma);

/// The same of observations of any kind, of the first group, and the logs of their
/// likelihoods.
void estep(const Sample& sample, const Mixture& mixture, double* gamma,
           double* log_density);

/// The number of the component of a missing value.
constexpr int kMissing = -1;

/// Of each value the component with the largest gamma_ij, counted from 1, 0 being the
/// noise, the first of those that have it, and 1 - gamma_ij, NaN if it is missing.
void classify(const double* x, std::size_t n, const Mixture& mixture, int threads,
              int* component, double* uncertainty);

/// lambda_j  = sum_i w_i gamma_ij / sum_i w_i
/// mu_j      = sum_i w_i gamma_ij x_i / sum_i w_i gamma_ij
/// sigma_j^2 = sum_i w_i gamma_ij (x_i - mu_j)^2 / sum_i w_i gamma_ij
Mixture mstep(const arma::vec& x, const arma::mat& gamma, const arma::vec& weights);

}  // namespace gmm1d
