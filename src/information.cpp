#include "information.h"

#include <algorithm>
#include <cmath>

#include "block.h"
#include "information_sums.h"
#include "simd.h"
#include "tangent.h"

namespace gmm1d {

namespace {

/// Fills the columns of one component for a block of exact values. With
/// b = (1, z, z^2 - 1), the derivatives of its log density, the three columns are
/// sqrt(w_i) gamma_ij b_ij. Adds the sums of w_i gamma_ij z_ij^p for p = 0 .. 4.
GMM1D_MULTIVERSION
void fill_columns(const double* x, const double* root_w, const double* gamma,
                  std::size_t n, double mu, double per_sigma, double* c0, double* c1,
                  double* c2, double* sums) {
  double t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;
  GMM1D_SIMD_SUM(t0, t1, t2, t3, t4)
  for (std::size_t i = 0; i < n; ++i) {
    const double v = root_w[i] * gamma[i], wg = root_w[i] * v;
    // z may be infinite if the component has no share in the point.
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

/// The same from the moments of z given the observation, where z is in units of tau, the
/// standard deviation of what is seen. With p the unit divided by tau, d log(tau) / dl =
/// p^2 and d^2 log(tau) / dl^2 = 2 p^2 - 2 p^4. Without errors p is 1.
GMM1D_MULTIVERSION
void fill_columns_of_moments(const double* root_w, const double* gamma, std::size_t n,
                             const double* m1, const double* m2, const double* m3,
                             const double* m4, const double* part, double* c0, double* c1,
                             double* c2, double* sums) {
  double t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6 = 0, t7 = 0;
  GMM1D_SIMD_SUM(t0, t1, t2, t3, t4, t5, t6, t7)
  for (std::size_t i = 0; i < n; ++i) {
    const double v = root_w[i] * gamma[i], wg = root_w[i] * v;
    const double p = part[i], pp = p * p;
    // Moments of a component may be infinite if it has no share in the observation.
    const double a = if_positive(wg, m1[i]), b = if_positive(wg, m2[i] - 1);
    const double c = if_positive(wg, m3[i] - 3 * m1[i]);
    const double d = if_positive(wg, m4[i] - 4 * m2[i] + 1);
    c0[i] = v;
    c1[i] = v * p * a;
    c2[i] = v * pp * b;
    t0 += wg;
    t1 += wg * p * a;
    t2 += wg * pp * b;
    t3 += wg * pp * b;
    t4 += wg * pp * p * c;
    t5 += wg * pp * (pp * d + 2 * (1 - pp) * b);
    t6 += wg * pp;
    t7 += wg * pp * pp;
  }
  sums[0] += t0;
  sums[1] += t1;
  sums[2] += t2;
  sums[3] += t3;
  sums[4] += t4;
  sums[5] += t5;
  sums[6] += t6;
  sums[7] += t7;
}

/// Fills the columns of component j, and returns its sums.
Derivatives fill(const Block& block, std::size_t j, const double* root_w, double* c0,
                 double* c1, double* c2) {
  const double* const gamma = block.gamma_of(j);
  if (const auto* exact = std::get_if<Exact>(&block.seen)) {
    double s[5] = {};
    fill_columns(exact->x, root_w, gamma, block.n, block.log_joint.mu[j],
                 block.log_joint.per_sigma[j], c0, c1, c2, s);
    return of_powers(s);
  }
  double s[8] = {};
  fill_columns_of_moments(root_w, gamma, block.n, block.moment(1, j), block.moment(2, j),
                          block.moment(3, j), block.moment(4, j), block.part(j), c0, c1,
                          c2, s);
  return {s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]};
}

/// The complete-data information of the values that a window kept from being seen.
Derivatives unseen(const Block& block, std::size_t j) {
  Derivatives result;
  for (std::size_t i = 0; i < block.known; ++i) {
    const double n = seen_and_unseen(block, j, i);
    const double pp = block.part(j)[i] * block.part(j)[i];
    result.s0 += n;
    result.n1 += n * pp;
    result.n2 += n * pp * pp;
  }
  return result;
}

GMM1D_MULTIVERSION
void add_cross_products(const double* columns, std::size_t n, std::size_t stride,
                        std::size_t count, double* matrix) {
  add_products_of_columns(columns, n, stride, count, matrix);
}

/// The proportions that can move, grouped if they must be equal; index k is the noise.
/// Empty if there is only one group, because the others then determine it.
std::vector<std::vector<std::size_t>> free_lambdas(const Mixture& mixture,
                                                   const Constraints& constraints) {
  std::vector<std::vector<std::size_t>> result;
  std::vector<std::size_t> together;
  for (std::size_t j = 0; j < mixture.columns(); ++j) {
    if (!is_free(j < mixture.k() ? constraints.fixed_lambda(j) : constraints.noise))
      continue;
    if (constraints.relation.equal_lambda && j < mixture.k())
      together.push_back(j);
    else
      result.push_back({j});
  }
  if (!together.empty()) result.insert(result.begin(), together);
  if (result.size() == 1) result.clear();
  return result;
}

/// The part of the free proportions that belongs to these.
double part_of(const std::vector<std::size_t>& lambdas, const Mixture& mixture,
               double share) {
  double sum = 0;
  for (const std::size_t j : lambdas) sum += mixture.lambda(j);
  return sum / share;
}

}  // namespace

std::size_t log_ratio(std::size_t j, std::size_t k) { return j < k ? j : 3 * k; }

Derivatives of_powers(const double* s) {
  return {s[0], s[1], s[2] - s[0], s[2] - s[0], s[3] - 3 * s[1], s[4] - 4 * s[2] + s[0],
          s[0], s[0]};
}

/// Let b_j be the derivatives of the log-likelihood that component j gives an
/// observation, and C_j the second derivatives of this likelihood, divided by it. Then
/// minus the second derivatives of the log-likelihood are the sum of
///   w_i gamma_ij b_ij gamma_il b_il'
/// over all pairs of components, minus the sum of w_i gamma_ij C_ij within one (Louis
/// 1982). n diag(lambda) is added for the e_j. Windows count as observations of weight
/// -w. This leaves n short of the weight that was seen, which multiples of lambda lambda'
/// make up for; they change only the constant.
Information information_of(const Mixture& mixture, const Totals& totals,
                           const double* products, std::size_t count) {
  const std::size_t k = mixture.k(), size = 2 * k + mixture.columns();
  const double n = totals.seen - totals.outside, outside = totals.outside;
  Information result = {arma::vec(size), arma::mat(size, size), arma::vec(size), n,
                        outside};
  arma::mat& h = result.observed;
  for (std::size_t column = 0; column < size; ++column)
    for (std::size_t row = 0; row <= column; ++row)
      h(row, column) = h(column, row) = products[column * count + row];
  const auto add = [&h](std::size_t row, std::size_t column, double value) {
    h(row, column) += value;
    if (row != column) h(column, row) += value;
  };
  for (std::size_t j = 0; j < k; ++j) {
    const std::size_t e = j, m = k + j, l = 2 * k + j;
    const Derivatives &own = totals.telling[j], &of = totals.all[j];
    const double expected = n * mixture[j].lambda;
    result.score[e] = own.s0 - expected;
    result.score[m] = of.m;
    result.score[l] = of.l;
    result.complete[e] = outside == 0 ? expected : own.s0 + totals.missing[j];
    result.complete[m] = of.n1;
    result.complete[l] = 2 * of.n2;
    add(e, e, expected - own.s0);
    add(e, m, -own.m);
    add(e, l, -own.l);
    add(m, m, -of.mm);
    add(m, l, -of.ml);
    add(l, l, -of.ll);
  }
  if (mixture.has_noise()) {
    const std::size_t e = log_ratio(k, k);
    const double expected = n * mixture.noise.lambda;
    result.score[e] = totals.of_noise - expected;
    result.complete[e] = outside == 0 ? expected : totals.of_noise + totals.missing_noise;
    add(e, e, expected - totals.of_noise);
  }
  for (std::size_t i = 0; outside > 0 && i < mixture.columns(); ++i)
    for (std::size_t j = 0; j < mixture.columns(); ++j)
      h(log_ratio(i, k), log_ratio(j, k)) +=
          outside * mixture.lambda(i) * mixture.lambda(j);
  return result;
}

Information information(const Sample& sample, const Mixture& mixture) {
  const std::size_t k = mixture.k(), all = 2 * k + mixture.columns();
  const LogJoint log_joint(mixture);
  const std::size_t count = filled_up(all);
  MatrixRoom products_room(count * count);
  double* const products = products_room.data();
  std::fill_n(products, count * count, 0.0);
  std::vector<double> of_windows;
  const std::size_t stride = longest_block(sample);
  Room<> columns_room(count * stride);
  double* const columns = columns_room.data();
  std::fill(columns + all * stride, columns + count * stride, 0.0);
  double root_w[kBlock];
  Totals totals(k);
  for_each_block(sample, log_joint, 4, [&](const Block& block) {
    const std::size_t n = block.n;
    const bool is_window = block.group.is_window;
    const bool tells = block.group.tells_of_lambda();
    const double sign = is_window ? -1 : 1;
    roots(block.w, n, 1, root_w);
    for (std::size_t j = 0; j < k; ++j) {
      double *c0 = &columns[j * stride], *c1 = &columns[(k + j) * stride],
             *c2 = &columns[(2 * k + j) * stride];
      const Derivatives more = fill(block, j, root_w, c0, c1, c2);
      totals.all[j].add(more, sign);
      if (tells)
        totals.telling[j].add(more, sign);
      else
        std::fill_n(c0, n, 0.0);
      if (!is_window) continue;
      const Derivatives there = unseen(block, j);
      totals.all[j].n1 += there.n1;
      totals.all[j].n2 += there.n2;
      if (tells) totals.missing[j] += there.s0;
    }
    double weight = 0;
    for (std::size_t i = 0; i < block.known; ++i) weight += block.w[i];
    if (tells) (is_window ? totals.outside : totals.seen) += weight;
    if (mixture.has_noise()) {
      double* const c = &columns[3 * k * stride];
      for (std::size_t i = 0; i < n; ++i) {
        c[i] = tells ? root_w[i] * block.gamma_of(k)[i] : 0;
        totals.of_noise += sign * root_w[i] * c[i];
        if (is_window && tells && i < block.known)
          totals.missing_noise += seen_and_unseen(block, k, i);
      }
    }
    if (is_window) of_windows.resize(count * count);
    add_cross_products(columns, n, stride, count,
                       is_window ? of_windows.data() : products);
  });
  for (std::size_t i = 0; i < of_windows.size(); ++i) products[i] -= of_windows[i];
  return information_of(mixture, totals, products, count);
}

arma::mat free_basis(const Mixture& mixture, const Constraints& constraints,
                     const Sample& sample) {
  const std::size_t k = mixture.k(), all = 2 * k + mixture.columns();
  const auto lambdas = free_lambdas(mixture, constraints);
  const double share = free_share(constraints);
  const arma::mat others = tangent(mixture, constraints, sample.error);
  arma::mat basis(all, lambdas.size() + others.n_cols, arma::fill::zeros);
  for (arma::uword c = 0; c < lambdas.size(); ++c) {
    for (const std::size_t j : lambdas[c]) basis(log_ratio(j, k), c) = 1;
    const double part = part_of(lambdas[c], mixture, share);
    for (const auto& together : lambdas)
      for (const std::size_t j : together) basis(log_ratio(j, k), c) -= part;
  }
  if (others.n_cols > 0)
    basis.submat(k, lambdas.size(), 3 * k - 1, basis.n_cols - 1) = others;
  return basis;
}

/// Let B be the basis, p the shares of the components in the free proportions, and S the
/// weight that they hold together. Then minus the matrix of second derivatives is B' O B
/// plus S (diag(p) - p p') for the e_j, where O contains the second derivatives with
/// respect to the logs of the lambda_j. S p p' is omitted, but added for windows, which S
/// does not include. For nonlinear relations, the second derivatives of the relation,
/// weighted by the score, are subtracted.
Information restricted(const Information& all, const Mixture& mixture,
                       const Constraints& constraints, const arma::mat& basis,
                       const Sample& sample) {
  const std::size_t k = mixture.k();
  Information raw = all;
  for (std::size_t j = 0; j < mixture.columns(); ++j) {
    const std::size_t e = log_ratio(j, k);
    raw.score[e] += all.n * mixture.lambda(j);
    raw.observed(e, e) -= all.n * mixture.lambda(j);
  }
  Information result = {basis.t() * raw.score, basis.t() * raw.observed * basis,
                        arma::square(basis).t() * all.complete, all.n, all.outside};
  const auto lambdas = free_lambdas(mixture, constraints);
  const double share = free_share(constraints);
  double held = 0;
  for (const auto& together : lambdas)
    for (const std::size_t j : together) held += raw.score[log_ratio(j, k)];
  for (arma::uword c = 0; c < lambdas.size(); ++c) {
    const double part = part_of(lambdas[c], mixture, share);
    result.observed(c, c) += held * part;
    result.complete[c] = 0;
    for (const std::size_t j : lambdas[c])
      result.complete[c] += all.complete[log_ratio(j, k)];
    for (arma::uword d = 0; all.outside > 0 && d < lambdas.size(); ++d)
      result.observed(c, d) += all.outside * part * part_of(lambdas[d], mixture, share);
  }
  const arma::uword others = basis.n_cols - lambdas.size();
  if (is_related(constraints) && others > 0)
    result.observed.submat(lambdas.size(), lambdas.size(), arma::size(others, others)) -=
        bend(mixture, constraints, sample.error, all.score.subvec(k, 3 * k - 1));
  return result;
}

Mixture moved(const Mixture& mixture, const arma::vec& step,
              const Constraints& constraints, const Sample& sample) {
  const std::size_t k = mixture.k();
  Mixture result = mixture;
  for (std::size_t j = 0; j < k; ++j) {
    const double unit = blurred(mixture[j].sigma, sample);
    result[j].lambda *= std::exp(step[j]);
    result[j].mu += unit * step[k + j];
    result[j].sigma = sharpened(unit * std::exp(step[2 * k + j]), sample);
  }
  if (mixture.has_noise()) result.noise.lambda *= std::exp(step[log_ratio(k, k)]);
  normalise_lambda(result, constraints);
  return result;
}

arma::vec step_between(const Mixture& from, const Mixture& to, const Sample& sample) {
  const std::size_t k = from.k();
  arma::vec step(2 * k + from.columns(), arma::fill::zeros);
  for (std::size_t j = 0; j < from.columns(); ++j)
    if (from.lambda(j) > 0 && to.lambda(j) > 0)
      step[log_ratio(j, k)] = std::log(to.lambda(j) / from.lambda(j));
  for (std::size_t j = 0; j < k; ++j) {
    const double unit = blurred(from[j].sigma, sample);
    step[k + j] = (to[j].mu - from[j].mu) / unit;
    step[2 * k + j] = std::log(blurred(to[j].sigma, sample) / unit);
  }
  return step;
}

}  // namespace gmm1d
