#pragma once

#include "gmm1d_types.h"  // for Armadillo only
#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// The textbook E-step,
///   gamma_ij = lambda_j N(x_i; mu_j, sigma_j^2) / sum_l lambda_l N(x_i; mu_l,
///   sigma_l^2),
/// into a matrix of n rows. The column of the noise comes last. NaN gives NaN.
void estep(const double* x, std::size_t n, const Mixture& mixture, int threads,
           double* gamma);

/// The same for the first group of a sample of any kind, with the log-likelihoods of its
/// observations.
void estep(const Sample& sample, const Mixture& mixture, double* gamma,
           double* log_density);

/// The component number of a missing value.
constexpr int kMissing = -1;

/// For each value, the number of the component with the largest gamma_ij, and the
/// uncertainty 1 - gamma_ij. Components count from 1, and the noise is 0; ties go to the
/// first. The uncertainty of a missing value is NaN.
void classify(const double* x, std::size_t n, const Mixture& mixture, int threads,
              int* component, double* uncertainty);

/// The textbook M-step:
///   lambda_j  = sum_i w_i gamma_ij / sum_i w_i
///   mu_j      = sum_i w_i gamma_ij x_i / sum_i w_i gamma_ij
///   sigma_j^2 = sum_i w_i gamma_ij (x_i - mu_j)^2 / sum_i w_i gamma_ij
Mixture mstep(const arma::vec& x, const arma::mat& gamma, const arma::vec& weights);

}  // namespace gmm1d
