#include "ceiling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "npmle.h"

namespace gmm1d {

namespace {

/// How far the bound may lie above the lowest, in units of the log-likelihood.
constexpr double kTolerance = 5e-3;

/// The estimate is first computed on runs of points of this width, in sigmas of what is
/// seen. If the values are exact and it decides on which side of a target the bound is,
/// all points are not needed.
constexpr double kRun = 0.25;
/// Runs that leave more than one point in this many save no time.
constexpr std::size_t kSaving = 2;

/// The tolerance of sup D is at most this, if there is no target.
constexpr double kClose = 2e-7;

SampleSet runs_of(const Sample& sample, const Locations& locations) {
  const double widest = kRun * locations.width();
  double runs = 0;
  for (const Locations::Span& span : locations.spans())
    runs += std::ceil((span.high - span.low) / widest);
  SampleSet result = condensed(sample, static_cast<std::size_t>(runs) + 1, widest);
  PointSet& places = result.places;
  for (std::size_t i = 0; i < places.width.size(); ++i)
    places.width[i] += width_at(sample.places, places.x[i]);
  return result;
}

/// Cumulants of order 1 to 6 from moments about the mean.
std::array<double, 7> cumulants(const std::array<double, 7>& moment) {
  const auto& m = moment;
  return {0,
          0,
          m[2],
          m[3],
          m[4] - 3 * m[2] * m[2],
          m[5] - 10 * m[3] * m[2],
          m[6] - 15 * m[4] * m[2] - 10 * m[3] * m[3] + 30 * m[2] * m[2] * m[2]};
}

/// The sixth derivative of exp(g) divided by exp(g), from the derivatives of g.
double sixth_derivative(const std::array<double, 7>& of_log) {
  constexpr double kBinomial[6][6] = {
      {1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}, {1, 4, 6, 4, 1}, {1, 5, 10, 10, 5, 1}};
  std::array<double, 7> result = {1};
  for (std::size_t p = 1; p <= 6; ++p)
    for (std::size_t q = 1; q <= p; ++q)
      result[p] += kBinomial[p - 1][q - 1] * of_log[q] * result[p - q];
  return result[6];
}

/// An estimate of the error of the bound if the Gauss rules of cells stand for the data:
/// the sum over cells of n_j h^6 f^(6) / 737280, for log f and for p(x | m, sigma) /
/// f(x), evaluated at the points of the cells. Let a_j = mu_j / sigma^2 for the
/// locations. Then log f is a quadratic function plus the cumulant generating function of
/// a given x. Its derivatives from the third on are the cumulants of a. Those of log p -
/// log f are minus these, except for the first, (m - E a sigma^2) / sigma^2.
double error_of_cells(const Sample& sample, const Locations& locations, const Npmle& f) {
  constexpr double kOfRule = 737280;
  const double* width = sample.places.width;
  if (width == nullptr || *std::max_element(width, width + sample.places.size) == 0)
    return 0;
  if (!is_exact(sample)) return std::numeric_limits<double>::quiet_NaN();
  std::vector<Locations::Ratios> columns;
  for (const Component& one : f.mixture.components)
    columns.push_back(locations.ratios(one.mu, f.log_density));
  const double variance = locations.sigma() * locations.sigma();
  const std::size_t n = locations.size(), k = columns.size();
  std::vector<double> total(n), centre(n);
  const auto for_each_gamma = [&](const auto& call) {
    for (std::size_t j = 0; j < k; ++j)
      for (std::size_t i = columns[j].begin; i < columns[j].end(); ++i)
        call(i, f.mixture[j].mu,
             f.mixture[j].lambda * columns[j].value[i - columns[j].begin]);
  };
  for_each_gamma([&](std::size_t i, double mu, double gamma) {
    total[i] += gamma;
    centre[i] += gamma * mu;
  });
  for (std::size_t i = 0; i < n; ++i) centre[i] /= total[i];
  std::vector<std::array<double, 7>> moment(n);
  for_each_gamma([&](std::size_t i, double mu, double gamma) {
    const double u = width[i] * (mu - centre[i]) / variance;
    double power = gamma / total[i];
    for (std::size_t p = 0; p <= 6; ++p, power *= u) moment[i][p] += power;
  });
  double of_log = 0;
  std::vector<std::array<double, 7>> derivatives(n);
  for (std::size_t i = 0; i < n; ++i) {
    derivatives[i] = cumulants(moment[i]);
    of_log += locations.weights()[i] * std::abs(derivatives[i][6]) / kOfRule;
    for (double& cumulant : derivatives[i]) cumulant *= -1;
  }
  double of_gradient = 0;
  for (std::size_t j = 0; j < k; ++j) {
    double sum = 0;
    for (std::size_t i = columns[j].begin; i < columns[j].end(); ++i) {
      std::array<double, 7> of_ratio = derivatives[i];
      of_ratio[1] = width[i] * (f.mixture[j].mu - centre[i]) / variance;
      sum += locations.weights()[i] * columns[j].value[i - columns[j].begin] *
             std::abs(sixth_derivative(of_ratio)) / kOfRule;
    }
    of_gradient = std::max(of_gradient, sum / locations.n());
  }
  return of_log + locations.n() * std::log1p(of_gradient);
}

/// The bound that an estimate gives.
Ceiling ceiling_by(const Npmle& f, const Sample& sample, const Locations& locations,
                   double target) {
  const double n = locations.n();
  // With a target, the estimate is on its side by kTolerance at least.
  const double close =
      std::isnan(target) ? std::min(kTolerance / n / 10, kClose) : kTolerance / n / 2;
  const Bound bound = bound_by(f, locations, close);
  const double error = bound.value >= target ? std::numeric_limits<double>::quiet_NaN()
                                             : error_of_cells(sample, locations, f);
  return {bound.value, bound.largest, error, f.mixture};
}

}  // namespace

Ceiling ceiling(const Sample& sample, const Noise& noise, double sigma, double target,
                const std::function<void()>& check_interrupt) {
  const Locations locations(sample, sigma);
  if (!(locations.width() > 0)) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return {kInfinity, kInfinity, 0, {}};
  }
  const Until until = {kTolerance, target, check_interrupt};
  Mixture start = cover(locations, noise);
  const SampleSet runs = runs_of(sample, locations);
  if (kSaving * runs.places.x.size() < sample.places.size) {
    const Sample fewer = runs.view();
    const Locations of_runs(fewer, sigma);
    Npmle f = npmle(of_runs, std::move(start), until);
    if (is_exact(sample) && !std::isnan(target)) {
      const Ceiling result = ceiling_by(f, fewer, of_runs, target);
      if (result.bound >= target || result.bound + result.error < target) return result;
    }
    start = std::move(f.mixture);
  }
  const Npmle f = npmle(locations, std::move(start), until);
  return ceiling_by(f, sample, locations, target);
}

Curve gradient_curve(const Sample& sample, const Mixture& f, double sigma) {
  const Gradient gradient(Locations(sample, sigma), log_densities(sample, f));
  Curve result = {gradient.places(), {}};
  for (const double m : result.at) result.value.push_back(gradient(m));
  return result;
}

}  // namespace gmm1d
