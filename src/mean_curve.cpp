#include "mean_curve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "cholesky.h"

namespace gmm1d {

namespace {

using Means = Relation::Means;

/// Successive increments of a growth curve differ by at most a factor of e^15.
constexpr double kSteepest = 15;
/// A grid search tries this many ratios on either side of 1.
constexpr int kRatios = 40;
/// The largest number of Gauss-Newton steps.
constexpr int kClimbs = 40;
/// Gauss-Newton stops when a step reduces the sum of squares by less than this part.
constexpr double kLeastGain = 1e-9;
/// The first two increments give a ratio. If the residual sum of squares of that curve is
/// at most this part of the sum of squared increments, the grid search is skipped.
constexpr double kNearCurve = 1e-3;

/// A direction is treated as undetermined if its pivot or eigenvalue is below this part
/// of the largest.
constexpr double kSingular = 1e-13;

/// The b for which design b is nearest to y by weighted least squares; the shortest if
/// there are several.
arma::vec least_squares(const arma::mat& design, const arma::vec& y,
                        const arma::vec& weight) {
  arma::vec b(design.n_cols, arma::fill::zeros);
  if (design.is_empty()) return b;
  arma::mat normal = design.t() * (design.each_col() % weight);
  if (!normal.is_finite()) return b;
  arma::vec unit = arma::sqrt(normal.diag());
  unit.replace(0, 1);
  normal = arma::symmatu(normal / (unit * unit.t()));
  arma::mat lower = normal, vectors;
  arma::vec values;
  const bool is_regular = cholesky(lower.memptr(), b.n_elem, kSingular);
  if (!is_regular) {
    if (!arma::eig_sym(values, vectors, normal)) return b;
    const double least = kSingular * values.max();
    values.for_each([&](double& one) { one = one > least ? 1 / one : 0; });
  }
  // The second round removes most of the rounding error of the first.
  for (int round = 0; round < 2; ++round) {
    arma::vec rest = design.t() * (weight % (y - design * b)) / unit;
    if (is_regular)
      solve_cholesky(lower.memptr(), rest.n_elem, rest.memptr());
    else
      rest = vectors * (values % (vectors.t() * rest));
    b += rest / unit;
  }
  return b;
}

/// The weighted sum of squared residuals, in a unit in which it cannot overflow.
double squares(const arma::vec& rest, const arma::vec& weight, double unit) {
  const arma::vec parts = rest / unit;
  return arma::dot(weight, parts % parts);
}

double largest(const arma::vec& values) {
  const double most = arma::abs(values).max();
  return most > 0 ? most : 1;
}

/// 1 + r + ... + r^(i-1) for i = 0, 1, ..., or its derivative with respect to log(r).
arma::vec growth(arma::uword size, double log_ratio, int derivative) {
  arma::vec result(size, arma::fill::zeros);
  for (arma::uword i = 1; i < size; ++i) {
    const double t = static_cast<double>(i - 1);
    result[i] = result[i - 1] + std::pow(t, derivative) * std::exp(t * log_ratio);
  }
  return result;
}

/// The design matrix of `size` means in a row.
arma::mat row_design(Means means, arma::uword size) {
  const arma::vec ones(size, arma::fill::ones);
  if (means == Means::equal) return ones;
  if (means == Means::symmetric) {
    arma::mat design(size, 1 + size / 2, arma::fill::zeros);
    design.col(0) = ones;
    for (arma::uword c = 0; c < size / 2; ++c) {
      design(c, c + 1) = -1;
      design(size - 1 - c, c + 1) = 1;
    }
    return design;
  }
  if (size == 1) return ones;
  return arma::join_rows(ones, arma::regspace(0, static_cast<double>(size) - 1));
}

}  // namespace

MeanCurve::MeanCurve(const Constraints& constraints, const Mixture& mixture) {
  const Relation& relation = constraints.relation;
  for (std::size_t j = 0; j < mixture.k(); ++j)
    if (is_free(constraints.fixed_mu(j))) members_.push_back(j);
  const arma::uword size = members_.size();
  if (relation.means == Means::linear ||
      relation.sigmas == Relation::Sigmas::proportional)
    zero_ = relation.zero;
  offset_.zeros(size);
  are_free_ = relation.means == Means::free;
  if (are_free_) {
    design_.eye(size, size);
    return;
  }
  if (relation.means == Means::linear) {
    design_.set_size(size, relation.design[0].size());
    for (arma::uword i = 0; i < size; ++i) {
      design_.row(i) = arma::rowvec(relation.design[members_[i]]);
      offset_[i] = relation.offset[members_[i]];
    }
  } else {
    std::stable_sort(members_.begin(), members_.end(), [&](std::size_t a, std::size_t b) {
      return mixture[a].mu < mixture[b].mu;
    });
    if (size > 0) design_ = row_design(relation.means, size);
  }
  is_growth_ = relation.means == Means::growth && size > 2;
  if (!relation.mean) return;
  const auto found =
      std::find(members_.begin(), members_.end(), relation.mean->component);
  if (found == members_.end()) return;
  is_pinned_ = true;
  pinned_ = static_cast<arma::uword>(found - members_.begin());
  const double value = relation.mean->value - zero_;
  if (is_growth_) {
    offset_.fill(value);
    return;
  }
  // The number that moves the pinned mean most is eliminated.
  const arma::rowvec row = design_.row(pinned_);
  const arma::uword most = arma::abs(row).index_max();
  if (row[most] == 0) return;
  const arma::vec column = design_.col(most) / row[most];
  offset_ += column * (value - offset_[pinned_]);
  design_ -= column * row;
  design_.shed_col(most);
}

arma::uword MeanCurve::size() const {
  return is_growth_ ? (is_pinned_ ? 2 : 3) : design_.n_cols;
}

arma::vec MeanCurve::at(const Mixture& mixture) const {
  arma::vec here(members_.size());
  for (arma::uword i = 0; i < here.n_elem; ++i) here[i] = mixture[members_[i]].mu - zero_;
  return nearest(here, arma::vec(here.n_elem, arma::fill::ones));
}

arma::vec MeanCurve::nearest(const arma::vec& target, const arma::vec& weight) const {
  if (are_free_) return target;
  return is_growth_ ? nearest_growth(target, weight)
                    : least_squares(design_, target - offset_, weight);
}

arma::vec MeanCurve::nearer(const arma::vec& numbers, const arma::vec& target,
                            const arma::vec& weight) const {
  return is_growth_ ? improved_growth(numbers, target, weight) : nearest(target, weight);
}

/// If a mean is pinned there is no intercept: the offset takes its place.
arma::mat MeanCurve::growth_design(double log_ratio) const {
  arma::vec g = growth(members_.size(), log_ratio, 0);
  if (is_pinned_) return arma::mat(g - g[pinned_]);
  return arma::join_rows(arma::vec(g.n_elem, arma::fill::ones), g);
}

/// Searches over the last number, the log of the ratio; the others follow linearly.
arma::vec MeanCurve::nearest_growth(const arma::vec& target,
                                    const arma::vec& weight) const {
  arma::vec best(size(), arma::fill::zeros);
  const double unit = largest(target - offset_);
  double least = std::numeric_limits<double>::infinity();
  const auto look_at = [&](double ratio) {
    const arma::mat design = growth_design(ratio);
    const arma::vec b = least_squares(design, target - offset_, weight);
    const double sum = squares(target - offset_ - design * b, weight, unit);
    if (!(sum < least)) return;
    least = sum;
    best = arma::join_cols(b, arma::vec{ratio});
  };
  const arma::vec steps = arma::diff(target);
  const double ratio = steps[1] / steps[0];
  if (ratio > 0) look_at(std::clamp(std::log(ratio), -kSteepest, kSteepest));
  if (!(least <= kNearCurve * squares(steps, weight.head(steps.n_elem), unit)))
    for (int i = -kRatios; i <= kRatios; ++i) look_at(kSteepest * i / kRatios);
  return improved_growth(best, target, weight);
}

/// Takes Gauss-Newton steps, each shortened until it leads nearer to the target.
arma::vec MeanCurve::improved_growth(arma::vec numbers, const arma::vec& target,
                                     const arma::vec& weight) const {
  const double unit = largest(target - offset_);
  double sum = squares(target - means(numbers), weight, unit);
  for (int climb = 0; climb < kClimbs && sum > 0; ++climb) {
    const arma::vec step = least_squares(slope(numbers), target - means(numbers), weight);
    bool nearer = false;
    for (double part = 1; part > 1e-3; part /= 4) {
      arma::vec next = numbers + part * step;
      next.back() = std::clamp(next.back(), -kSteepest, kSteepest);
      const double there = squares(target - means(next), weight, unit);
      if (!(there < sum)) continue;
      nearer = there < (1 - kLeastGain) * sum;
      numbers = next;
      sum = there;
      break;
    }
    if (!nearer) break;
  }
  return numbers;
}

arma::vec MeanCurve::means(const arma::vec& numbers) const {
  if (!is_growth_) return offset_ + design_ * numbers;
  return offset_ + growth_design(numbers.back()) * numbers.head(numbers.n_elem - 1);
}

arma::mat MeanCurve::slope(const arma::vec& numbers) const {
  if (!is_growth_) return design_;
  const double b = numbers[numbers.n_elem - 2];
  arma::vec by_ratio = growth(members_.size(), numbers.back(), 1);
  if (is_pinned_) by_ratio -= by_ratio[pinned_];
  return arma::join_rows(growth_design(numbers.back()), b * by_ratio);
}

arma::mat MeanCurve::bend(const arma::vec& numbers, const arma::vec& f) const {
  arma::mat result(size(), size(), arma::fill::zeros);
  if (!is_growth_) return result;
  const arma::uword ratio = numbers.n_elem - 1, step = ratio - 1;
  arma::vec once = growth(members_.size(), numbers[ratio], 1);
  arma::vec twice = growth(members_.size(), numbers[ratio], 2);
  if (is_pinned_) {
    once -= once[pinned_];
    twice -= twice[pinned_];
  }
  result(step, ratio) = result(ratio, step) = arma::dot(f, once);
  result(ratio, ratio) = numbers[step] * arma::dot(f, twice);
  return result;
}

void MeanCurve::place(const arma::vec& numbers, Mixture& mixture) const {
  const arma::vec all = means(numbers);
  for (arma::uword i = 0; i < all.n_elem; ++i) mixture[members_[i]].mu = zero_ + all[i];
}

}  // namespace gmm1d
