#include "information.h"

#include <algorithm>
#include <cmath>

#include "block.h"
#include "simd.h"

namespace gmm1d {

namespace {

/// Of one component and a block: with b = (1, z, z^2 - 1) the derivatives of its log
/// density, the three columns sqrt(w_i) gamma_ij b_ij, and the sums of
/// w_i gamma_ij z_ij^p, p = 0 .. 4.
GMM1D_MULTIVERSION
void fill_columns(const double* x, const double* root_w, const double* gamma,
                  std::size_t n, double mu, double per_sigma, double* c0, double* c1,
                  double* c2, double* sums) {
  double t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;
  GMM1D_SIMD_SUM(t0, t1, t2, t3, t4)
  for (std::size_t i = 0; i < n; ++i) {
    const double v = root_w[i] * gamma[i], wg = root_w[i] * v;
    // z may be infinite where the component has no part in the point
    const double z = if_positive(wg, (x[i] - mu) * per_sigma), zz = z * z;
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

/// The same with the moments of z_ij given the observation in place of its powers.
void fill_columns_of_moments(const Block& block, std::size_t j, const double* root_w,
                             double* c0, double* c1, double* c2, double* sums) {
  const double* gamma = block.gamma_of(j);
  for (std::size_t i = 0; i < block.n; ++i) {
    const double v = root_w[i] * gamma[i], wg = root_w[i] * v;
    double moment[5] = {1, 0, 0, 0, 0};
    for (std::size_t p = 1; p < 5 && wg > 0; ++p) moment[p] = block.moment(p, j)[i];
    c0[i] = v;
    c1[i] = v * moment[1];
    c2[i] = v * (moment[2] - 1);
    for (int p = 0; p < 5; ++p) sums[p] += wg * moment[p];
  }
}

/// Cross products are summed for so many columns by so many at a time: each number that
/// is read takes part in several sums.
constexpr std::size_t kTall = 4, kWide = 2;

/// Adds the cross products of `count` columns of length n, a stride apart, to the upper
/// triangle of a matrix (and, near its diagonal, below). `count` is a multiple of kTall.
GMM1D_MULTIVERSION
void add_cross_products(const double* columns, std::size_t n, std::size_t stride,
                        std::size_t count, double* matrix) {
  for (std::size_t b = 0; b < count; b += kWide) {
    const double *b0 = columns + b * stride, *b1 = b0 + stride;
    for (std::size_t a = 0; a <= b; a += kTall) {
      const double *a0 = columns + a * stride, *a1 = a0 + stride, *a2 = a1 + stride,
                   *a3 = a2 + stride;
      double s00 = 0, s10 = 0, s20 = 0, s30 = 0, s01 = 0, s11 = 0, s21 = 0, s31 = 0;
      GMM1D_SIMD_SUM(s00, s10, s20, s30, s01, s11, s21, s31)
      for (std::size_t i = 0; i < n; ++i) {
        const double x = b0[i], y = b1[i];
        s00 += a0[i] * x;
        s10 += a1[i] * x;
        s20 += a2[i] * x;
        s30 += a3[i] * x;
        s01 += a0[i] * y;
        s11 += a1[i] * y;
        s21 += a2[i] * y;
        s31 += a3[i] * y;
      }
      double *to0 = matrix + b * count + a, *to1 = to0 + count;
      to0[0] += s00;
      to0[1] += s10;
      to0[2] += s20;
      to0[3] += s30;
      to1[0] += s01;
      to1[1] += s11;
      to1[2] += s21;
      to1[3] += s31;
    }
  }
}

/// The components whose proportions can move: none if only one is free, which is then
/// what the others leave.
std::vector<std::size_t> free_lambdas(std::size_t k, const Constraints& constraints) {
  std::vector<std::size_t> result;
  for (std::size_t j = 0; j < k; ++j)
    if (is_free(constraints.fixed_lambda(j))) result.push_back(j);
  if (result.size() == 1) result.clear();
  return result;
}

}  // namespace

/// With s_p the sum of w gamma z^p, minus the second derivatives are
///   (e, e): n lambda - s0,  (e, m): -s1,            (e, l): s0 - s2,
///                           (m, m): s0 - s2,        (m, l): 3 s1 - s3,
///                                                   (l, l): 4 s2 - s4 - s0
/// within a component, and for all pairs the sum of w gamma_j b_j gamma_l b_l (Louis
/// 1982). They are the same with the moments of z given the observation in place of z^p,
/// as the information that its value would give cancels.
Information information(const Sample& sample, const Mixture& mixture) {
  const std::size_t k = mixture.k();
  const LogJoint log_joint(mixture);
  const std::size_t count = (3 * k + kTall - 1) / kTall * kTall;
  arma::mat shared(count, count, arma::fill::zeros), powers(5, k, arma::fill::zeros);
  const std::size_t stride = longest_block(sample);
  Room columns_room(count * stride);
  double* const columns = columns_room.data();
  std::fill(columns + 3 * k * stride, columns + count * stride, 0.0);
  double root_w[kBlock];
  for_each_block(sample, log_joint, [&](const Block& block) {
    const std::size_t n = block.n;
    std::transform(block.w, block.w + n, root_w,
                   [](double weight) { return std::sqrt(weight); });
    for (std::size_t j = 0; j < k; ++j) {
      double *c0 = &columns[j * stride], *c1 = &columns[(k + j) * stride],
             *c2 = &columns[(2 * k + j) * stride];
      if (const auto* exact = std::get_if<Exact>(&block.seen))
        fill_columns(exact->x, root_w, block.gamma_of(j), n, mixture[j].mu,
                     log_joint.per_sigma[j], c0, c1, c2, powers.colptr(j));
      else
        fill_columns_of_moments(block, j, root_w, c0, c1, c2, powers.colptr(j));
    }
    add_cross_products(columns, n, stride, count, shared.memptr());
  });
  shared.resize(3 * k, 3 * k);

  Information result = {arma::vec(3 * k), arma::symmatu(shared), arma::vec(3 * k)};
  for (std::size_t j = 0; j < k; ++j) {
    const std::size_t e = j, m = k + j, l = 2 * k + j;
    const double s0 = powers(0, j), s1 = powers(1, j), s2 = powers(2, j),
                 s3 = powers(3, j), s4 = powers(4, j);
    const double expected = sample.places.n * mixture[j].lambda;
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

arma::mat free_basis(const Mixture& mixture, const Constraints& constraints) {
  const std::size_t k = mixture.k();
  const std::vector<std::size_t> lambda = free_lambdas(k, constraints);
  const double share = free_share(constraints);
  std::vector<arma::vec> columns;
  const arma::vec zero(3 * k, arma::fill::zeros);
  const auto add = [&](std::size_t row) {
    columns.push_back(zero);
    columns.back()[row] = 1;
  };
  for (const std::size_t l : lambda) {
    add(l);
    for (const std::size_t j : lambda) columns.back()[j] -= mixture[l].lambda / share;
  }
  for (std::size_t j = 0; j < k; ++j)
    if (is_free(constraints.fixed_mu(j))) add(k + j);
  bool begun = false;
  for (std::size_t j = 0; j < k; ++j) {
    if (!is_free(constraints.fixed_sigma(j))) continue;
    if (begun && constraints.equal_sigma)
      columns.back()[2 * k + j] = 1;
    else
      add(2 * k + j);
    begun = true;
  }
  arma::mat basis(3 * k, columns.size());
  for (arma::uword c = 0; c < basis.n_cols; ++c) basis.col(c) = columns[c];
  return basis;
}

/// With B the basis, p the parts that components have in the free proportions and S the
/// weight that they hold together, minus the second derivatives are B' O B, O those by
/// the logs of the lambda_j, and S (diag(p) - p p') more of the e_j. S p p' is left out.
Information restricted(const Information& all, const Mixture& mixture,
                       const Constraints& constraints, const arma::mat& basis) {
  const std::size_t k = mixture.k();
  Information raw = all;
  for (std::size_t j = 0; j < k; ++j) {
    raw.score[j] += all.complete[j];
    raw.observed(j, j) -= all.complete[j];
  }
  Information result = {basis.t() * raw.score, basis.t() * raw.observed * basis,
                        arma::square(basis).t() * all.complete};
  const std::vector<std::size_t> lambda = free_lambdas(k, constraints);
  double held = 0;
  for (const std::size_t j : lambda) held += raw.score[j];
  for (arma::uword c = 0; c < lambda.size(); ++c) {
    result.observed(c, c) += held * mixture[lambda[c]].lambda / free_share(constraints);
    result.complete[c] = all.complete[lambda[c]];
  }
  return result;
}

Mixture moved(const Mixture& mixture, const arma::vec& step,
              const Constraints& constraints) {
  const std::size_t k = mixture.k();
  Mixture result = mixture;
  for (std::size_t j = 0; j < k; ++j) {
    result[j].lambda *= std::exp(step[j]);
    result[j].mu += mixture[j].sigma * step[k + j];
    result[j].sigma *= std::exp(step[2 * k + j]);
  }
  normalise_lambda(result, constraints);
  return result;
}

}  // namespace gmm1d
