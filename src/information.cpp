#include "information.h"

#include <algorithm>
#include <cmath>

#include "kernel.h"
#include "simd.h"

namespace gmm1d {

namespace {

/// Of one component and a block: with b = (1, z, z^2 - 1) the derivatives of its log
/// density, the three columns sqrt(w_i) gamma_ij b_ij, and the sums of
/// w_i gamma_ij z_ij^p, p = 0 .. 4.
GMM1D_MULTIVERSION
void fill_columns(const double* x, const double* root_w, const double* gamma,
                  std::size_t n, double mu, double sigma, double* c0, double* c1,
                  double* c2, double* sums) {
  double t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;
#pragma omp simd reduction(+ : t0, t1, t2, t3, t4)
  for (std::size_t i = 0; i < n; ++i) {
    const double v = root_w[i] * gamma[i], wg = root_w[i] * v;
    // z may be infinite where the component has no part in the point
    const double z = wg > 0 ? (x[i] - mu) / sigma : 0.0, zz = z * z;
    c0[i] = v;
    c1[i] = v * z;
    c2[i] = v * (zz - 1);
    t0 += wg;
    t1 += wg * z;
    t2 += wg * zz;
    t3 += wg * zz * z;
    t4 += wg * zz * zz;
  }
  sums[0] += t0;
  sums[1] += t1;
  sums[2] += t2;
  sums[3] += t3;
  sums[4] += t4;
}

/// Adds the cross products of `count` columns of length n, a stride apart, to the upper
/// triangle of a matrix. For so few and so short columns this is much faster than BLAS.
GMM1D_MULTIVERSION
void add_cross_products(const double* columns, std::size_t n, std::size_t stride,
                        std::size_t count, double* matrix) {
  for (std::size_t b = 0; b < count; ++b) {
    const double* cb = columns + b * stride;
    for (std::size_t a = 0; a <= b; ++a) {
      const double* ca = columns + a * stride;
      double sum = 0;
#pragma omp simd reduction(+ : sum)
      for (std::size_t i = 0; i < n; ++i) sum += ca[i] * cb[i];
      matrix[b * count + a] += sum;
    }
  }
}

}  // namespace

/// With s_p the sum of w gamma z^p, minus the second derivatives are
///   (e, e): n lambda - s0,  (e, m): -s1,            (e, l): s0 - s2,
///                           (m, m): s0 - s2,        (m, l): 3 s1 - s3,
///                                                   (l, l): 4 s2 - s4 - s0
/// within a component, and for all pairs the sum of w gamma_j b_j gamma_l b_l (Louis
/// 1982).
Information information(const Points& points, const Mixture& mixture) {
  const std::size_t k = mixture.k();
  const LogJoint log_joint(mixture);
  arma::mat shared(3 * k, 3 * k, arma::fill::zeros), powers(5, k, arma::fill::zeros);
  const std::size_t stride = stride_of(points);
  std::vector<double> gamma(k * stride), columns(3 * k * stride);
  double log_density[kBlock], root_w[kBlock];
  for (std::size_t begin = 0; begin < points.size; begin += kBlock) {
    const Block block(points, begin);
    const std::size_t n = block.n;
    const double* x = block.x;
    e_block(x, n, log_joint, gamma.data(), stride, log_density);
    std::transform(block.w, block.w + n, root_w,
                   [](double weight) { return std::sqrt(weight); });
    for (std::size_t j = 0; j < k; ++j)
      fill_columns(x, root_w, &gamma[j * stride], n, mixture.mu[j], mixture.sigma[j],
                   &columns[j * stride], &columns[(k + j) * stride],
                   &columns[(2 * k + j) * stride], powers.colptr(j));
    add_cross_products(columns.data(), n, stride, 3 * k, shared.memptr());
  }

  Information result = {arma::vec(3 * k), arma::symmatu(shared), arma::vec(3 * k)};
  for (std::size_t j = 0; j < k; ++j) {
    const std::size_t e = j, m = k + j, l = 2 * k + j;
    const double s0 = powers(0, j), s1 = powers(1, j), s2 = powers(2, j),
                 s3 = powers(3, j), s4 = powers(4, j);
    const double expected = points.n * mixture.lambda[j];
    result.score[e] = s0 - expected;
    result.score[m] = s1;
    result.score[l] = s2 - s0;
    result.complete[e] = expected;
    result.complete[m] = s0;
    result.complete[l] = 2 * s0;
    arma::mat& h = result.observed;
    const auto add = [&h](std::size_t row, std::size_t column, double value) {
      h(row, column) += value;
      if (row != column) h(column, row) += value;
    };
    add(e, e, expected - s0);
    add(e, m, -s1);
    add(e, l, s0 - s2);
    add(m, m, s0 - s2);
    add(m, l, 3 * s1 - s3);
    add(l, l, 4 * s2 - s4 - s0);
  }
  return result;
}

Mixture moved(const Mixture& mixture, const arma::vec& step) {
  const std::size_t k = mixture.k();
  Mixture result = mixture;
  double sum = 0;
  for (std::size_t j = 0; j < k; ++j) {
    sum += result.lambda[j] *= std::exp(step[j]);
    result.mu[j] += mixture.sigma[j] * step[k + j];
    result.sigma[j] *= std::exp(step[2 * k + j]);
  }
  for (double& lambda : result.lambda) lambda /= sum;
  return result;
}

}  // namespace gmm1d
