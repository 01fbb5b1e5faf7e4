#include "squash.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "parts.h"
#include "threads.h"

namespace gmm1d {

namespace {

/// The number of values read at a time. A run of this length stays in the nearest cache.
constexpr std::size_t kRun = 2048;
/// Data with more values than this are cut into kParts parts, which threads process in
/// turn. The parts do not depend on the number of threads, so neither do the sums.
constexpr std::size_t kOnePart = 1 << 17;
constexpr std::size_t kParts = 8;
/// How many numbers each part reads between two checks for a user interrupt.
constexpr std::size_t kLeg = 1 << 22;

/// The size of the sample of the data that determines the grid.
constexpr std::size_t kSample = 1024;

/// A cell is refined if it holds more than this part of the total weight, unless all of
/// that lies in one place. The part is larger in a sample, where it is less exact.
constexpr double kHeavy = 1.0 / 64;
constexpr double kHeavyInSample = 2 * kHeavy;
/// The weight of a cell lies in one place if its variance, in squared widths, is no
/// larger than this. It is 1/12 in an evenly filled cell.
constexpr double kSpread = 1e-8;
/// A heavy cell is refined by this many levels in each pass.
constexpr int kFiner = 5;
/// The largest number of passes over the data, and over a sample, that refine cells.
constexpr int kPasses = 8, kPassesOfSample = 64;

/// squash_finer() makes cells no wider than this part of the sigma of a component within
/// reach.
constexpr double kFinePart = 1.0 / 16;
/// A component reaches this many sigmas to either side of its mean.
constexpr double kReach = 9;

/// Passes all numbers to the parts, run by run; each part always gets the same ones.
/// Returns false as soon as `full` is true of some part.
template <class Part>
bool read_all(const Values& x, const Values& weights, const SquashOptions& options,
              std::vector<Part>& parts, const std::function<bool(const Part&)>& full) {
  const std::size_t length = (x.size + parts.size() - 1) / parts.size();
  const bool threadable = x.threadable && (weights.size == 0 || weights.threadable);
  const int threads = threadable ? threads_allowed(options.threads) : 1;
  for (std::size_t leg = 0; leg < length; leg += kLeg) {
    options.check_interrupt();
    parallel_for(parts.size(), threads, [&](std::size_t p, const Check&) {
      double x_buffer[kRun], w_buffer[kRun];
      const std::size_t end =
          std::min({x.size, (p + 1) * length, p * length + leg + kLeg});
      for (std::size_t at = p * length + leg; at < end && !full(parts[p]); at += kRun) {
        const std::size_t n = std::min(kRun, end - at);
        const double* w = weights.size > 0 ? weights.read(at, n, w_buffer) : nullptr;
        parts[p].add(x.read(at, n, x_buffer), w, n, at);
      }
    });
    if (std::any_of(parts.begin(), parts.end(), full)) return false;
  }
  return true;
}

std::size_t number_of_parts(const Values& x) { return x.size > kOnePart ? kParts : 1; }

template <class Part>
void add_findings(const std::vector<Part>& parts, Squashed& result) {
  std::size_t infinite = kNowhere, weight_at = kNowhere;
  Fault weight = Fault::none;
  for (const Part& part : parts) {
    const Findings& findings = part.findings;
    result.missing += findings.missing;
    infinite = std::min(infinite, findings.infinite);
    if (findings.weight_fault_at < weight_at) {
      weight_at = findings.weight_fault_at;
      weight = findings.weight_fault;
    }
  }
  result.fault = infinite != kNowhere ? Fault::infinite_value : weight;
  result.fault_at = infinite != kNowhere ? infinite : weight_at;
}

/// Squashes to the distinct values if there are few of them. Returns false if there are
/// too many; the points are then only some of the values.
bool squash_distinct(const Values& x, const Values& weights, const SquashOptions& options,
                     Squashed& result) {
  std::vector<DistinctPart> parts(number_of_parts(x), DistinctPart(x.size));
  const bool read = read_all<DistinctPart>(x, weights, options, parts,
                                           [](const auto& part) { return part.full(); });
  DistinctPart& all = parts[0];
  for (std::size_t p = 1; p < parts.size() && !all.full(); ++p)
    for (const Cell& value : parts[p].table.cells)
      all.table.at(0, value.index).sums[0] += value.sums[0];
  std::vector<Cell>& values = all.table.cells;
  std::sort(values.begin(), values.end(),
            [](const Cell& a, const Cell& b) { return a.index < b.index; });
  for (const Cell& value : values) {
    result.points.x.push_back(value.index);
    result.points.w.push_back(value.sums[0]);
  }
  if (!read || all.full()) return false;
  add_findings(parts, result);
  return true;
}

/// The robust scale of a sample. If more than half of the sample is one value, this value
/// is dropped first, as it would hide the spread of the others.
double scale_of_most(const PointSet& sample, double median) {
  const Points points = sample.view();
  if (sample_quantile(points, 0.75) > sample_quantile(points, 0.25))
    return robust_scale(points);
  PointSet rest;
  for (const double x : sample.x)
    if (x != median) rest.add(x, 1, 0);
  const bool spread = rest.x.size() > 1 && rest.x.front() < rest.x.back();
  return robust_scale(spread ? rest.view() : points);
}

/// Lays out a grid from a sample of the data; its core is centred at the median.
Grid grid_for(const PointSet& sample, int cells) {
  const double centre = sample_quantile(sample.view(), 0.5);
  const double scale = scale_of_most(sample, centre);
  Grid grid;
  grid.level = static_cast<int>(std::ceil(std::log2(cells) - std::log2(scale)));
  const int bits = centre == 0 ? 0 : std::ilogb(centre) + grid.level;
  if (bits > kMostBits) grid.level -= bits - kMostBits;
  grid.first = cell_of(centre, grid.level).index - kCore / 2.0;
  return grid;
}

/// Draws values from all over the data, always the same ones. The multiples of the golden
/// ratio (Weyl 1916) do not fall in step with any period in the data.
PointSet sample_of(const Values& x, std::size_t size) {
  std::vector<double> values;
  double buffer;
  for (std::size_t i = 1; i <= size; ++i) {
    double place = static_cast<double>(i) * 0.61803398874989484820;
    place -= std::floor(place);
    const auto at = static_cast<std::size_t>(place * static_cast<double>(x.size));
    const double value = *x.read(std::min(at, x.size - 1), 1, &buffer);
    if (std::isfinite(value)) values.push_back(value);
  }
  std::sort(values.begin(), values.end());
  return {values, std::vector<double>(values.size(), 1.0), {}};
}

/// Adds up the contents of the cells of a grid. The points are left empty.
Squashed squash_into(const Grid& grid, const Values& x, const Values& weights,
                     const SquashOptions& options) {
  std::vector<CellPart> parts(number_of_parts(x), CellPart(grid));
  read_all<CellPart>(x, weights, options, parts, [](const auto&) { return false; });
  Squashed result;
  result.grid = grid;
  add_findings(parts, result);
  const auto take_row = [&](const Core::Row& row, auto CellPart::*sums) {
    for (std::size_t j = 0; j < static_cast<std::size_t>(row.parts); ++j) {
      Cell cell = {row.level, row.first + static_cast<double>(j), {}};
      for (const CellPart& part : parts)
        for (int p = 0; p < 6; ++p) cell.sums[p] += (part.*sums)[row.begin + j].sums[p];
      if (cell.sums[0] > 0) result.cells.push_back(cell);
    }
  };
  take_row({grid.level, grid.first, kCore, 0}, &CellPart::dense);
  for (const Core::Row& row : parts[0].core.rows) take_row(row, &CellPart::fine);
  for (const CellPart& part : parts)
    result.cells.insert(result.cells.end(), part.sparse.cells.begin(),
                        part.sparse.cells.end());
  result.cells = merged(std::move(result.cells));
  return result;
}

/// Finds the cells that hold more than a given part of the weight, spread over the cell.
std::vector<Refinement> heavy_cells(const std::vector<Cell>& cells, double part) {
  double n = 0;
  for (const Cell& cell : cells) n += cell.sums[0];
  std::vector<Refinement> result;
  for (const Cell& cell : cells) {
    const double mean = cell.sums[1] / cell.sums[0];
    const double variance = cell.sums[2] / cell.sums[0] - mean * mean;
    if (cell.sums[0] > part * n && variance > kSpread)
      result.push_back({cell.level, cell.index, cell.level + kFiner});
  }
  return result;
}

/// True if doubles inside the finer cells still have bits for their place in the cell.
bool tells_apart(const Refinement& refinement) {
  const double index =
      scaled(std::abs(refinement.index) + 1, refinement.finer - refinement.level);
  return index < std::ldexp(1, kMostBits);
}

/// Squashes values into the cells of a grid, and refines the grid where a cell is heavy.
Squashed squash_with_heavy_cells(Grid& grid, const Values& x, const Values& weights,
                                 const SquashOptions& options, double part, int passes) {
  Squashed result = squash_into(grid, x, weights, options);
  for (int pass = 0; pass < passes && result.fault == Fault::none; ++pass) {
    const std::vector<Refinement> heavy = heavy_cells(result.cells, part);
    const std::size_t before = grid.refined.size();
    std::copy_if(heavy.begin(), heavy.end(), std::back_inserter(grid.refined),
                 tells_apart);
    if (grid.refined.size() == before) break;
    result = squash_into(grid, x, weights, options);
  }
  return result;
}

double width(const Cell& cell) { return scaled(1, -cell.level); }

bool within_reach(const Cell& cell, double mu, double sigma) {
  const double left = scaled(cell.index, -cell.level);
  return left < mu + kReach * sigma && left + width(cell) > mu - kReach * sigma;
}

}  // namespace

Squashed squash(const Values& x, const Values& weights, const SquashOptions& options) {
  Squashed result;
  const bool few = squash_distinct(x, weights, options, result);
  if (few && result.points.x.empty()) return result;
  PointSet sample = few ? PointSet{} : sample_of(x, kSample);
  // The lattice is sought among the distinct values or, if these are too many, among
  // those seen first and a sample from all over the data.
  PointSet known = result.points;
  known.x.insert(known.x.end(), sample.x.begin(), sample.x.end());
  std::sort(known.x.begin(), known.x.end());
  known.w.resize(known.x.size(), 1.0);
  const double step = lattice_step(known.view());
  result.step = step;
  if (few) return result;
  if (sample.x.empty() || sample.x.front() == sample.x.back()) sample = result.points;
  Grid grid = grid_for(sample, options.cells);
  // A cell that is heavy in the sample is probably heavy in the data. Refining it now
  // saves passes over the data.
  squash_with_heavy_cells(grid, doubles(sample.x.data(), sample.x.size()), Values(), {},
                          kHeavyInSample, kPassesOfSample);
  result = squash_with_heavy_cells(grid, x, weights, options, kHeavy, kPasses);
  result.points = points_of(result.cells);
  result.step = step;
  return result;
}

Squashed squash_finer(const Values& x, const Values& weights,
                      const SquashOptions& options, const Grid& grid,
                      const std::vector<Cell>& cells,
                      const std::vector<Mixture>& mixtures) {
  Grid finer = grid;
  for (const Cell& cell : cells) {
    int level = cell.level;
    for (const Mixture& mixture : mixtures)
      for (std::size_t j = 0; j < mixture.k(); ++j)
        if (within_reach(cell, mixture[j].mu, mixture[j].sigma) &&
            width(cell) > kFinePart * mixture[j].sigma)
          level = std::max(
              level,
              static_cast<int>(std::ceil(-std::log2(kFinePart * mixture[j].sigma))));
    const Refinement refinement = {cell.level, cell.index, level};
    if (level > cell.level && tells_apart(refinement))
      finer.refined.push_back(refinement);
  }
  Squashed result = squash_into(finer, x, weights, options);
  result.points = points_of(result.cells);
  return result;
}

double resolution(const std::vector<Cell>& cells, const Mixture& mixture) {
  double largest = 0;
  for (const Cell& cell : cells)
    for (const Component& component : mixture.components)
      if (within_reach(cell, component.mu, component.sigma))
        largest = std::max(largest, width(cell) / component.sigma);
  return largest;
}

}  // namespace gmm1d
