#include "gradient.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "block.h"
#include "normal.h"
#include "simd.h"

namespace gmm1d {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kPi = 3.141592653589793;

/// The likelihood of an observation more than this many widths from a component is taken
/// as 0. (If D is at most 1, an observation at z widths contributes at most the part
/// exp(-z^2 / 2) of it.)
constexpr double kReach = 9;

/// This many consecutive observations are treated together as near to a location or far
/// from it.
constexpr std::size_t kRow = 64;

/// The distance between locations that cover the observations, in widths.
constexpr double kApart = 1.5;

/// Half the length of a cell, in widths.
constexpr double kHalfCell = 1;
/// The largest error of the polynomial in such a cell, as a part of sup D.
constexpr double kMissed = 1.1e-11;

/// A piece is evaluated at this many places to bracket its maxima.
constexpr std::size_t kLooks = 16;

/// The place of look i, as a part of the piece.
double part_of_piece(std::size_t i) { return static_cast<double>(i) / kLooks; }

/// The number of golden-section steps that locate a maximum, to 3e-6 widths. There D is
/// within 4e-12 of it.
constexpr int kSections = 24;

/// The ratios of components are at most e to this power, so that they do not overflow.
constexpr double kLargestLog = 700;

/// exp(log_p - log_f), in place of log_p.
GMM1D_MULTIVERSION
void to_ratios(const double* log_f, std::size_t n, double* ratio) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i)
    ratio[i] = simd_exp_at_most(kLargestLog, ratio[i] - log_f[i]);
}

/// The same for values with or without errors.
GMM1D_MULTIVERSION
void ratios_of_values(const double* x, const double* per_tau, const double* log_height,
                      const double* log_f, std::size_t n, double m, double* ratio) {
  GMM1D_SIMD
  for (std::size_t i = 0; i < n; ++i) {
    const double z = (x[i] - m) * per_tau[i];
    ratio[i] = log_height[i] - 0.5 * z * z;
  }
  to_ratios(log_f, n, ratio);
}

/// The values, with or without errors; null if the observations are intervals.
const double* values_of(const Observation& seen) {
  if (const auto* exact = std::get_if<Exact>(&seen)) return exact->x;
  const auto* erroneous = std::get_if<Erroneous>(&seen);
  return erroneous == nullptr ? nullptr : erroneous->x;
}

GMM1D_MULTIVERSION
double weighted_sum(const double* w, const double* value, std::size_t n) {
  double sum = 0;
  GMM1D_SIMD_SUM(sum)
  for (std::size_t i = 0; i < n; ++i) sum += w[i] * value[i];
  return sum;
}

/// The product of a row vector and a matrix, which is stored by rows.
GMM1D_MULTIVERSION
void product(const double* vector, std::size_t rows, const double* matrix,
             std::size_t columns, double* result) {
  std::fill_n(result, columns, 0.0);
  for (std::size_t r = 0; r < rows; ++r) {
    const double *row = matrix + r * columns, factor = vector[r];
    GMM1D_SIMD
    for (std::size_t c = 0; c < columns; ++c) result[c] += factor * row[c];
  }
}

}  // namespace

Locations::Locations(const Sample& sample, double sigma)
    : sample_(sample),
      group_(sample.groups[0]),
      sigma_(sigma),
      n_(sample.places.n),
      width_(kInfinity) {
  double low = kInfinity, high = -kInfinity, widest = 0;
  double last = 0, height = 0;  // most widths are the same
  bool is_open_below = false, is_open_above = false;
  std::vector<Span> near;
  for (std::size_t begin = 0; begin < group_.size; begin += kRow) {
    Reach block = {begin, std::min(kRow, group_.size - begin), kInfinity, -kInfinity};
    for (std::size_t i = begin; i < begin + block.size; ++i) {
      const Extent one =
          std::visit([&](const auto& seen) { return extent(seen, i); }, group_.seen);
      const double width = one.error == 0 ? sigma : std::hypot(sigma, one.error);
      width_ = std::min(width_, width);
      widest = std::max(widest, width);
      const Span around = {one.lower - kReach * width, one.upper + kReach * width};
      block.low = std::min(block.low, around.low);
      block.high = std::max(block.high, around.high);
      near.push_back(around);
      if (values_of(group_.seen) != nullptr) {
        if (width != last) height = -std::log(width) - kLogSqrt2Pi;
        last = width;
        per_tau_.push_back(1 / width);
        log_height_.push_back(height);
      }
      is_open_below |= one.lower == -kInfinity;
      is_open_above |= one.upper == kInfinity;
      for (const double bound : {one.lower, one.upper})
        if (std::isfinite(bound))
          low = std::min(low, bound), high = std::max(high, bound);
    }
    blocks_.push_back(block);
  }
  // Beyond all bounds D falls, or does not rise any more if observations are open there.
  if (is_open_below) low -= kReach * widest;
  if (is_open_above) high += kReach * widest;
  std::sort(near.begin(), near.end(),
            [](const Span& a, const Span& b) { return a.low < b.low; });
  for (const Span& one : near) {
    const Span inside = {std::max(one.low, low), std::min(one.high, high)};
    if (!spans_.empty() && inside.low <= spans_.back().high)
      spans_.back().high = std::max(spans_.back().high, inside.high);
    else
      spans_.push_back(inside);
  }
}

std::vector<Locations::Place> Locations::cover() const {
  const Points& places = sample_.places;
  const double half = kApart / 2 * width_;
  std::vector<Place> result;
  for (std::size_t i = 0; i < places.size; ++i) {
    if (result.empty() || places.x[i] > result.back().at + half)
      result.push_back({std::min(places.x[i] + half, places.x[places.size - 1]), 0});
    result.back().weight += places.w[i];
  }
  return result;
}

double Locations::weight_near(double m) const {
  const Points& places = sample_.places;
  std::size_t i = std::lower_bound(places.x, places.x + places.size, m) - places.x;
  if (i == places.size || (i > 0 && m - places.x[i - 1] < places.x[i] - m)) --i;
  return places.w[i];
}

void Locations::block_ratios(const Reach& block, double m, const double* log_f,
                             double* ratio) const {
  const std::size_t begin = block.begin;
  if (!per_tau_.empty()) {
    ratios_of_values(values_of(group_.seen) + begin, per_tau_.data() + begin,
                     log_height_.data() + begin, log_f + begin, block.size, m, ratio);
    return;
  }
  double room[3][kRow];
  std::visit(
      [&](const auto& seen) {
        latent(seen, block.size, shape_of({1, m, sigma_}, sample_),
               {ratio, {room[0], room[1], nullptr, nullptr}, room[2]});
      },
      from(group_.seen, begin));
  to_ratios(log_f + begin, block.size, ratio);
}

Locations::Ratios Locations::ratios(double m, const std::vector<double>& log_f) const {
  Ratios result = {0, {}};
  for (const Reach& block : blocks_) {
    if (m < block.low || m > block.high) {
      if (!result.value.empty()) result.value.resize(result.value.size() + block.size, 0);
      continue;
    }
    if (result.value.empty()) result.begin = block.begin;
    const std::size_t known = result.value.size();
    result.value.resize(known + block.size);
    block_ratios(block, m, log_f.data(), result.value.data() + known);
  }
  return result;
}

Locations::Ratios Locations::ratios(const std::vector<double>& log_p,
                                    const std::vector<double>& log_f) const {
  Ratios result = {0, log_p};
  for (std::size_t i = 0; i < log_f.size(); ++i)
    result.value[i] = std::exp(log_p[i] - log_f[i]);
  return result;
}

double Locations::gradient(const Ratios& ratios) const {
  return std::inner_product(ratios.value.begin(), ratios.value.end(),
                            group_.w + ratios.begin, 0.0) /
         n_;
}

double Locations::gradient(double m, const std::vector<double>& log_f) const {
  double ratio[kRow], sum = 0;
  for (const Reach& block : blocks_) {
    if (m < block.low || m > block.high) continue;
    block_ratios(block, m, log_f.data(), ratio);
    sum += weighted_sum(group_.w + block.begin, ratio, block.size);
  }
  return sum / n_;
}

std::vector<double> log_densities(const Sample& sample, const Mixture& f) {
  const LogJoint log_joint(f);
  std::vector<double> result;
  for_each_block(sample, log_joint, 2, [&](const Block& block) {
    result.insert(result.end(), block.log_density, block.log_density + block.known);
  });
  return result;
}

/// The Chebyshev polynomials at their nodes, and at evenly spaced places.
struct Gradient::Tables {
  double at_node[kNodes][kNodes];
  double at_look[kNodes * (kLooks + 1)];  ///< by rows, one for each polynomial
  Tables() {
    for (std::size_t p = 0; p < kNodes; ++p) {
      const auto power = static_cast<double>(p);
      for (std::size_t i = 0; i < kNodes; ++i)
        at_node[p][i] = std::cos(kPi / kNodes * power * (static_cast<double>(i) + 0.5));
      for (std::size_t i = 0; i <= kLooks; ++i)
        at_look[p * (kLooks + 1) + i] =
            std::cos(power * std::acos(2 * part_of_piece(i) - 1));
    }
  }
};

const Gradient::Tables& Gradient::tables() {
  static const Tables result;
  return result;
}

Gradient::Gradient(const Locations& locations, const std::vector<double>& log_f)
    : width_(locations.width()) {
  const auto& cosine = tables().at_node;
  for (const Locations::Span& span : locations.spans()) {
    const double cells =
        std::max(std::ceil((span.high - span.low) / (2 * kHalfCell * width_)), 1.0);
    for (double c = 0; c < cells; ++c) {
      Piece piece = {span.low + (span.high - span.low) * (c / cells),
                     span.low + (span.high - span.low) * ((c + 1) / cells),
                     {}};
      const double middle = piece.low / 2 + piece.high / 2, half = piece.high - middle;
      for (std::size_t i = 0; i < kNodes; ++i) {
        const double d = locations.gradient(middle + half * cosine[1][i], log_f);
        for (std::size_t p = 0; p < kNodes; ++p)
          piece.coefficient[p] += (p == 0 ? 1.0 : 2.0) / kNodes * cosine[p][i] * d;
      }
      pieces_.push_back(piece);
    }
  }
  tops_ = found_tops();
}

/// Evaluates the polynomial by Clenshaw's recurrence.
double Gradient::Piece::operator()(double m) const {
  if (!(high > low)) return coefficient[0];
  const double t = (m - low) / (high - low) * 2 - 1;
  double b1 = 0, b2 = 0;
  for (std::size_t p = kNodes - 1; p > 0; --p) {
    const double b = coefficient[p] + 2 * t * b1 - b2;
    b2 = b1;
    b1 = b;
  }
  return coefficient[0] + t * b1 - b2;
}

double Gradient::operator()(double m) const {
  const auto after = std::upper_bound(
      pieces_.begin(), pieces_.end(), m,
      [](double value, const Piece& piece) { return value < piece.low; });
  if (after == pieces_.begin()) return 0;
  const Piece& piece = *(after - 1);
  return m <= piece.high ? piece(m) : 0;
}

/// The same at evenly spaced places.
void Gradient::Piece::look(double* value) const {
  if (high > low)
    product(coefficient.data(), kNodes, tables().at_look, kLooks + 1, value);
  else
    std::fill_n(value, kLooks + 1, coefficient[0]);
}

/// Finds the maximum by golden-section search.
Gradient::Top Gradient::Piece::top_between(double a, double b) const {
  constexpr double kGolden = 0.6180339887498949;
  double c = b - kGolden * (b - a), d = a + kGolden * (b - a);
  double at_c = (*this)(c), at_d = (*this)(d);
  for (int i = 0; i < kSections; ++i) {
    if (at_c >= at_d) {
      b = d, d = c, at_d = at_c;
      c = b - kGolden * (b - a);
      at_c = (*this)(c);
    } else {
      a = c, c = d, at_c = at_d;
      d = a + kGolden * (b - a);
      at_d = (*this)(d);
    }
  }
  return at_c >= at_d ? Top{c, at_c} : Top{d, at_d};
}

std::vector<Gradient::Top> Gradient::found_tops() const {
  std::vector<Top> result;
  for (std::size_t c = 0; c < pieces_.size(); ++c) {
    const Piece& piece = pieces_[c];
    double value[kLooks + 1];
    piece.look(value);
    const auto at = [&](std::size_t i) {
      return piece.low + (piece.high - piece.low) * part_of_piece(i);
    };
    // A maximum at the end of a piece is one of D only if D is lower beyond it.
    const double step = (piece.high - piece.low) / kLooks;
    const bool joins_last = c > 0 && pieces_[c - 1].high == piece.low;
    const bool joins_next = c + 1 < pieces_.size() && pieces_[c + 1].low == piece.high;
    const double before = joins_last ? pieces_[c - 1](piece.low - step) : 0;
    const double after = joins_next ? pieces_[c + 1](piece.high + step) : 0;
    for (std::size_t i = 0; i <= kLooks; ++i) {
      const bool rises = value[i] >= (i == 0 ? before : value[i - 1]);
      const bool falls = i == kLooks ? value[i] >= after : value[i] > value[i + 1];
      if (!rises || !falls) continue;
      const Top top =
          piece.top_between(at(i == 0 ? 0 : i - 1), at(i == kLooks ? kLooks : i + 1));
      result.push_back(top);
    }
  }
  return result;
}

/// Chebyshev polynomials are at most 1 in absolute value.
double Gradient::Piece::at_most() const {
  double sum = coefficient[0];
  for (std::size_t p = 1; p < kNodes; ++p) sum += std::abs(coefficient[p]);
  return sum;
}

/// Bisects. D'' is at least -sup D / width^2, so that between two places D exceeds the
/// higher value by at most their squared distance, in widths, divided by 8.
void Gradient::Piece::raise(double a, double b, double at_a, double at_b, double unit,
                            double tolerance, double& most) const {
  most = std::max({most, at_a, at_b});
  const double rise = (b - a) / unit * ((b - a) / unit) / 8, middle = a / 2 + b / 2;
  const bool is_known = !(std::max(at_a, at_b) + rise > most + tolerance);
  if (is_known || !(a < middle && middle < b)) return;
  const double at_middle = (*this)(middle);
  raise(a, middle, at_a, at_middle, unit, tolerance, most);
  raise(middle, b, at_middle, at_b, unit, tolerance, most);
}

double Gradient::largest(double tolerance) const {
  // With places this close together, the largest value is within 1 / 500 of sup D.
  constexpr double kAtMost = 1.01;
  double most = 0;
  for (const Top& top : tops_) most = std::max(most, top.value);
  const double unit = width_ / std::sqrt(kAtMost * most);
  for (const Piece& piece : pieces_)
    if (piece.at_most() > most + tolerance)
      piece.raise(piece.low, piece.high, piece(piece.low), piece(piece.high), unit,
                  tolerance, most);
  return (most + tolerance) * (1 + kMissed);
}

std::vector<double> Gradient::places() const {
  std::vector<double> result;
  for (const Piece& piece : pieces_) {
    for (std::size_t i = 0; i < kLooks; ++i)
      result.push_back(piece.low + (piece.high - piece.low) * part_of_piece(i));
    result.push_back(piece.high);
  }
  return result;
}

}  // namespace gmm1d
