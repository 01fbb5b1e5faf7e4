#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// Components of one sigma at any location, and the likelihoods of observations under
/// them. The sample must have no labels and no windows.
class Locations {
 public:
  Locations(const Sample& sample, double sigma);

  /// The smallest standard deviation with which a component is observed. The likelihood
  /// of an observation, as a function of the location, is a mixture of normal densities
  /// that are at least this wide.
  double width() const { return width_; }
  double sigma() const { return sigma_; }
  const Sample& sample() const { return sample_; }
  double n() const { return n_; }
  std::size_t size() const { return group_.size; }
  const double* weights() const { return group_.w; }

  /// A range of locations near some observation, between the smallest and the largest.
  struct Span {
    double low, high;
  };
  const std::vector<Span>& spans() const { return spans_; }

  /// Locations a few widths apart, such that every observation is near one, and the
  /// weight of the observations near each.
  struct Place {
    double at, weight;
  };
  std::vector<Place> cover() const;
  /// The weight of the observation nearest to m.
  double weight_near(double m) const;

  /// p(x_i | m, sigma) / f(x_i) for the observations from `begin` on, where f is given by
  /// its logarithms. The observations before and after these are far from m.
  struct Ratios {
    std::size_t begin;
    std::vector<double> value;
    std::size_t end() const { return begin + value.size(); }
  };
  Ratios ratios(double m, const std::vector<double>& log_f) const;
  /// The same for any other component, given its log-likelihoods.
  Ratios ratios(const std::vector<double>& log_p, const std::vector<double>& log_f) const;

  /// (1/n) sum_i w_i times the ratio: the D of a component.
  double gradient(const Ratios& ratios) const;
  /// The same for a component at m.
  double gradient(double m, const std::vector<double>& log_f) const;

 private:
  struct Reach {
    std::size_t begin, size;
    double low, high;
  };
  void block_ratios(const Reach& block, double m, const double* log_f,
                    double* ratio) const;

  const Sample& sample_;
  const Group& group_;
  double sigma_, n_, width_;
  /// 1 / tau, and the log of the peak of the density of each observed value. Both are
  /// empty if the observations are intervals.
  std::vector<double> per_tau_, log_height_;
  std::vector<Reach> blocks_;
  std::vector<Span> spans_;
};

/// The log density of f at each observation.
std::vector<double> log_densities(const Sample& sample, const Mixture& f);

/// The gradient function of a mixture f, D(m) = (1/n) sum_i w_i p(x_i | m, sigma) /
/// f(x_i). It is the likelihood of a component at m relative to that of f. It is
/// represented by polynomials.
///
/// By Cramer's inequality for Hermite functions, the derivatives of a normal density with
/// variance v satisfy
///   |phi^(p)| <= 1.0865 sqrt(2 p!) v^(-p/2) phi_(2 v),
/// and phi_(2 v) is a mixture of phi_v. So |D^(p)| <= 1.0865 sqrt(2 p!) width^(-p) sup D
/// for all kinds of observations. In cells of two widths, the interpolating polynomials
/// in 16 Chebyshev nodes therefore have errors of at most 1.1e-11 sup D.
class Gradient {
 public:
  Gradient(const Locations& locations, const std::vector<double>& log_f);

  double operator()(double m) const;

  /// The local maxima of D, from left to right.
  struct Top {
    double at, value;
  };
  const std::vector<Top>& tops() const { return tops_; }

  /// An upper bound of D, at most `tolerance` above its maximum.
  double largest(double tolerance) const;

  /// Locations close enough together to draw D.
  std::vector<double> places() const;

 private:
  static constexpr std::size_t kNodes = 16;
  struct Tables;
  static const Tables& tables();
  struct Piece {
    double low, high;
    std::array<double, kNodes> coefficient;  ///< of the Chebyshev polynomials
    double operator()(double m) const;
    void look(double* value) const;
    double at_most() const;
    Top top_between(double a, double b) const;
    /// Raises `most` to the maximum of the piece between two places, up to a tolerance.
    void raise(double a, double b, double at_a, double at_b, double unit,
               double tolerance, double& most) const;
  };
  std::vector<Top> found_tops() const;

  double width_;
  std::vector<Piece> pieces_;
  std::vector<Top> tops_;
};

}  // namespace gmm1d
