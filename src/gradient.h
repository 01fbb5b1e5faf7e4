#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "mixture.h"
#include "sample.h"

namespace gmm1d {

/// Components of one sigma, wherever they are, as the observations of a sample without
/// labels and windows see them.
class Locations {
 public:
  Locations(const Sample& sample, double sigma);

  /// The standard deviation of what is seen of a component, where it is least. The
  /// likelihood of an observation, as a function of the location, is a mixture of normal
  /// densities at least as wide.
  double width() const { return width_; }
  double sigma() const { return sigma_; }
  const Sample& sample() const { return sample_; }
  double n() const { return n_; }
  std::size_t size() const { return group_.size; }
  const double* weights() const { return group_.w; }

  /// Where a component is near to any observation, from the smallest to the largest.
  struct Span {
    double low, high;
  };
  const std::vector<Span>& spans() const { return spans_; }

  /// Locations near to all observations, a few widths apart.
  std::vector<double> cover() const;

  /// p(x_i | m, sigma) / f(x_i), f by its logarithms, of the observations from `begin`
  /// on: those before and after are far from m.
  struct Ratios {
    std::size_t begin;
    std::vector<double> value;
    std::size_t end() const { return begin + value.size(); }
  };
  Ratios ratios(double m, const std::vector<double>& log_f) const;
  /// The same of another component, by the logs of its likelihoods.
  Ratios ratios(const std::vector<double>& log_p, const std::vector<double>& log_f) const;

  /// (1/n) sum_i w_i times the ratio, the D of a component.
  double gradient(const Ratios& ratios) const;
  /// The same of a component at m.
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
  /// 1 / tau and the log of the height of a component where a value is seen, if all are
  /// values; else empty.
  std::vector<double> per_tau_, log_height_;
  std::vector<Reach> blocks_;
  std::vector<Span> spans_;
};

/// The log density of f at each observation.
std::vector<double> log_densities(const Sample& sample, const Mixture& f);

/// The gradient function of a mixture f, D(m) = (1/n) sum_i w_i p(x_i | m, sigma) /
/// f(x_i): how much likelihood a component at m has, beside that of f. As polynomials.
///
/// The derivatives of a normal density of variance v are, by Cramer's inequality for
/// Hermite functions, at most
///   |phi^(p)| <= 1.0865 sqrt(2 p!) v^(-p/2) phi_(2 v),
/// and phi_(2 v) is a mixture of phi_v. So |D^(p)| <= 1.0865 sqrt(2 p!) width^(-p) sup D,
/// whatever the observations are, and in cells of two widths the polynomials in 16
/// Chebyshev nodes are within 1.1e-11 sup D of it.
class Gradient {
 public:
  Gradient(const Locations& locations, const std::vector<double>& log_f);

  double operator()(double m) const;

  /// Local maxima of D, from left to right.
  struct Top {
    double at, value;
  };
  std::vector<Top> tops() const;

  /// What D can be at most, within a tolerance.
  double largest(double tolerance) const;

  /// Places so close that D is seen as it is.
  std::vector<double> places() const;

 private:
  static constexpr std::size_t kNodes = 16;
  struct Piece {
    double low, high;
    std::array<double, kNodes> coefficient;  ///< of Chebyshev polynomials
    double operator()(double m) const;
    double at_most() const;
    Top top_between(double a, double b) const;
    /// Raises `most` to what the piece has between two places, but for a tolerance.
    void raise(double a, double b, double at_a, double at_b, double unit,
               double tolerance, double& most) const;
  };
  double width_;
  std::vector<Piece> pieces_;
};

}  // namespace gmm1d
