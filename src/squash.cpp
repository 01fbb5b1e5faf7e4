#include "squash.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "simd.h"
#include "threads.h"

namespace gmm1d {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

/// Up to so many distinct values are kept as they are.
constexpr std::size_t kMostDistinct = 4096;

/// Numbers are read in runs that stay in the nearest cache ...
constexpr std::size_t kRun = 2048;
/// ... and data of more than so many are cut into parts, always the same, that threads
/// take in turn: sums do not depend on their number.
constexpr std::size_t kOnePart = 1 << 17;
constexpr std::size_t kParts = 8;
/// Between interrupts, each part reads so many numbers.
constexpr std::size_t kLeg = 1 << 22;

/// The grid is laid out for a sample of this size.
constexpr std::size_t kSample = 1024;

/// The core has so many cells: 32 scales at 128 cells each.
constexpr std::size_t kCore = 4096;
/// Outside of it cells are 2^-7 of their distance from its centre, or half of that.
constexpr int kOutside = 7;

/// A cell that holds more than this part of the weight, not all in one place, is refined
/// by so many levels, in so many further passes at most.
constexpr double kHeavy = 1.0 / 64;
constexpr double kSpread = 1e-8;  ///< variance in cells, 1/12 if even
constexpr int kFiner = 5;
constexpr int kPasses = 8;

/// The widest cell within reach of a component, as a part of its sigma, and the reach.
constexpr double kFinePart = 1.0 / 16;
constexpr double kReach = 9;

/// A table of cells, or of other things with sums, found by two keys: open addressing,
/// twice as large as it must be.
struct CellTable {
  explicit CellTable(std::size_t expected = 64) : slots(2 * power_above(expected)) {}

  const Cell* find(int level, double index) const {
    std::size_t slot = place(level, index);
    for (; slots[slot] != 0; slot = (slot + 1) & (slots.size() - 1)) {
      const Cell& cell = cells[slots[slot] - 1];
      if (cell.index == index && cell.level == level) return &cell;
    }
    return nullptr;
  }

  Cell& at(int level, double index) {
    if (2 * cells.size() >= slots.size()) grow();
    std::size_t slot = place(level, index);
    while (slots[slot] != 0) {
      Cell& cell = cells[slots[slot] - 1];
      if (cell.index == index && cell.level == level) return cell;
      slot = (slot + 1) & (slots.size() - 1);
    }
    cells.push_back({level, index, {}});
    slots[slot] = static_cast<std::uint32_t>(cells.size());
    return cells.back();
  }

  std::vector<Cell> cells;

 private:
  static std::size_t power_above(std::size_t n) {
    std::size_t power = 1;
    while (power < n) power *= 2;
    return power;
  }

  std::size_t place(int level, double index) const {
    const std::uint64_t key = bits_of(index) ^ (static_cast<std::uint64_t>(level) << 48);
    return (key * 0x9e3779b97f4a7c15ULL >> 32) & (slots.size() - 1);  // Fibonacci hashing
  }

  void grow() {
    slots.assign(2 * slots.size(), 0);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::size_t slot = place(cells[i].level, cells[i].index);
      while (slots[slot] != 0) slot = (slot + 1) & (slots.size() - 1);
      slots[slot] = static_cast<std::uint32_t>(i + 1);
    }
  }

  std::vector<std::uint32_t> slots;
};

/// What a part of the data must not hold, and what it misses.
struct Findings {
  double missing = 0;
  std::size_t infinite = kNowhere;
  Fault weight_fault = Fault::none;
  std::size_t weight_fault_at = kNowhere;

  /// True if x and w are to be counted.
  bool accepts(double x, double w, std::size_t at) {
    if (!(w >= 0 && w < kInfinity) && weight_fault == Fault::none) {
      weight_fault = std::isnan(w) ? Fault::missing_weight
                     : w < 0       ? Fault::negative_weight
                                   : Fault::infinite_weight;
      weight_fault_at = at;
    }
    if (std::isnan(x)) {
      ++missing;
      return false;
    }
    if (std::isinf(x)) {
      infinite = std::min(infinite, at);
      return false;
    }
    return w > 0;
  }
};

/// Distinct values and their weights, as long as there are not too many.
struct DistinctPart {
  explicit DistinctPart(std::size_t n) : table(std::min(n, kMostDistinct)) {}

  void add(const double* x, const double* w, std::size_t n, std::size_t at) {
    for (std::size_t i = 0; i < n && !full(); ++i) {
      const double weight = w ? w[i] : 1;
      if (findings.accepts(x[i], weight, at + i))
        table.at(0, x[i] + 0.0).sums[0] += weight;  // -0 and 0 are one
    }
  }

  bool full() const { return table.cells.size() > kMostDistinct; }

  CellTable table;
  Findings findings;
};

/// Where the values of a grid's core fall, and how they are scaled.
struct Core {
  explicit Core(const Grid& grid)
      : level(grid.level),
        first(grid.first),
        scale1(std::ldexp(1, grid.level / 2)),
        scale2(std::ldexp(1, grid.level - grid.level / 2)),
        refined(grid.refined.empty() ? 0 : kCore) {
    for (const Refinement& r : grid.refined) {
      finer.at(r.level, r.index).sums[0] = r.finer;
      const double at = r.index - first;
      if (r.level == level && at >= 0 && at < kCore) refined[at] = 1;
    }
  }

  /// The cell outside of the core, or in a refined part of it, into which x falls.
  Cell& find(double x, CellTable& cells) {
    const double t = x * scale1 * scale2;
    const double distance = t - (first + kCore / 2);
    const int exponent =
        std::isfinite(distance) ? std::ilogb(distance) : std::ilogb(x) + level;
    // 2^exponent is the distance from the centre in cells.
    const int outside = exponent > kOutside ? exponent - kOutside : 0;
    const bool in_core = t >= first && t < first + kCore;
    Cell cell = cell_of(x, in_core ? level : level - outside);
    while (!refined.empty()) {
      const Cell* next = finer.find(cell.level, cell.index);
      if (next == nullptr) break;
      cell = cell_of(x, static_cast<int>(next->sums[0]));
    }
    return cells.at(cell.level, cell.index);
  }

  const int level;
  const double first, scale1, scale2;
  std::vector<char> refined;  ///< which cells of the core are; empty if none is
  CellTable finer;
};

/// The content of the cells of a part of the data.
struct CellPart {
  explicit CellPart(const Grid& grid) : core(grid), dense(kCore) {}

  void add(const double* x, const double* w, std::size_t n, std::size_t at) {
    if (w || !core.refined.empty()) {
      add_any(x, w, n, at);
    } else {
      add_plain(x, n, at);
    }
  }

  /// The pass that has to be fast: t = x 2^level, j = floor(t), u = t - j - 1/2, and the
  /// powers of u are added to cell j.
  GMM1D_MULTIVERSION
  void add_plain(const double* x, std::size_t n, std::size_t at) {
    const double first = core.first, end = first + kCore;
    const double scale1 = core.scale1, scale2 = core.scale2;
    for (std::size_t i = 0; i < n; ++i) {
      const double t = x[i] * scale1 * scale2;
      if (!(t >= first && t < end)) {
        add_outside(x[i], 1, at + i);
        continue;
      }
      const double j = std::floor(t), u = t - j - 0.5;
      double* sums =
          dense[static_cast<std::size_t>(static_cast<std::int64_t>(j - first))].sums;
      const double uu = u * u;
      sums[0] += 1;
      sums[1] += u;
      sums[2] += uu;
      sums[3] += uu * u;
      sums[4] += uu * uu;
      sums[5] += uu * uu * u;
    }
  }

  void add_any(const double* x, const double* w, std::size_t n, std::size_t at) {
    const double end = core.first + kCore;
    for (std::size_t i = 0; i < n; ++i) {
      const double weight = w ? w[i] : 1;
      const double t = x[i] * core.scale1 * core.scale2;
      const bool in_core = t >= core.first && t < end;
      const double j = std::floor(t);
      if (!in_core || !(weight > 0 && weight < kInfinity) ||
          (!core.refined.empty() &&
           core.refined[static_cast<std::size_t>(j - core.first)])) {
        add_outside(x[i], weight, at + i);
      } else {
        gmm1d::add(dense[static_cast<std::size_t>(j - core.first)].sums, t - j - 0.5,
                   weight);
      }
    }
  }

  void add_outside(double x, double w, std::size_t at) {
    if (!findings.accepts(x, w, at)) return;
    Cell& cell = core.find(x, sparse);
    gmm1d::add(cell.sums, scaled(x, cell.level) - cell.index - 0.5, w);
  }

  struct Sums {
    double sums[6] = {};
  };

  Core core;
  std::vector<Sums> dense;
  CellTable sparse;
  Findings findings;
};

/// Gives all numbers to the parts, each always the same ones, run by run. True if `full`
/// says of no part that it can take no more.
template <class Part>
bool read_all(const Values& x, const Values& weights, const SquashOptions& options,
              std::vector<Part>& parts, const std::function<bool(const Part&)>& full) {
  const std::size_t length = (x.size + parts.size() - 1) / parts.size();
  const bool threadable = x.threadable && (weights.size == 0 || weights.threadable);
  const int most = static_cast<int>(parts.size());
  const int threads = threadable ? std::min(threads_allowed(options.threads), most) : 1;
  (void)threads;  // without OpenMP
  for (std::size_t leg = 0; leg < length; leg += kLeg) {
    options.check_interrupt();
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
    for (std::size_t p = 0; p < parts.size(); ++p) {
      double x_buffer[kRun], w_buffer[kRun];
      const std::size_t end =
          std::min({x.size, (p + 1) * length, p * length + leg + kLeg});
      for (std::size_t at = p * length + leg; at < end && !full(parts[p]); at += kRun) {
        const std::size_t n = std::min(kRun, end - at);
        const double* w = weights.size > 0 ? weights.read(at, n, w_buffer) : nullptr;
        parts[p].add(x.read(at, n, x_buffer), w, n, at);
      }
    }
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

/// The values themselves if there are few distinct ones. False if there are too many; the
/// points are then some of them.
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

/// The robust scale of a sample; where more than half of it is one value, of the rest,
/// whose spread would else be hidden.
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

/// A grid for data of which a sample is known: its core lies about the median.
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

/// Values from all over the data, the same for the same data: multiples of the golden
/// ratio (Weyl 1916) fall in step with no period.
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

Squashed squash_into(const Grid& grid, const Values& x, const Values& weights,
                     const SquashOptions& options) {
  std::vector<CellPart> parts(number_of_parts(x), CellPart(grid));
  read_all<CellPart>(x, weights, options, parts, [](const auto&) { return false; });
  Squashed result;
  result.grid = grid;
  add_findings(parts, result);
  for (std::size_t j = 0; j < kCore; ++j) {
    Cell cell = {grid.level, grid.first + static_cast<double>(j), {}};
    for (const CellPart& part : parts)
      for (int p = 0; p < 6; ++p) cell.sums[p] += part.dense[j].sums[p];
    if (cell.sums[0] > 0) result.cells.push_back(cell);
  }
  for (const CellPart& part : parts)
    result.cells.insert(result.cells.end(), part.sparse.cells.begin(),
                        part.sparse.cells.end());
  result.cells = merged(std::move(result.cells));
  result.points = points_of(result.cells);
  return result;
}

/// The cells that hold so much that they hide what is inside.
std::vector<Refinement> heavy_cells(const Squashed& squashed) {
  const double n = squashed.points.view().n;
  std::vector<Refinement> result;
  for (const Cell& cell : squashed.cells) {
    const double mean = cell.sums[1] / cell.sums[0];
    const double variance = cell.sums[2] / cell.sums[0] - mean * mean;
    if (cell.sums[0] > kHeavy * n && variance > kSpread)
      result.push_back({cell.level, cell.index, cell.level + kFiner});
  }
  return result;
}

/// True if the doubles in the finer cells still have bits for the place in them.
bool tells_apart(const Refinement& refinement) {
  const double index =
      scaled(std::abs(refinement.index) + 1, refinement.finer - refinement.level);
  return index < std::ldexp(1, kMostBits);
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
  // Where there are thousands of values, some from the beginning and some from all over
  // the data tell whether there is a lattice.
  PointSet known = result.points;
  known.x.insert(known.x.end(), sample.x.begin(), sample.x.end());
  std::sort(known.x.begin(), known.x.end());
  known.w.resize(known.x.size(), 1.0);
  const double step = lattice_step(known.view());
  result.step = step;
  if (few) return result;
  if (sample.x.empty() || sample.x.front() == sample.x.back()) sample = result.points;
  Grid grid = grid_for(sample, options.cells);
  result = squash_into(grid, x, weights, options);
  for (int pass = 0; pass < kPasses && result.fault == Fault::none; ++pass) {
    const std::vector<Refinement> heavy = heavy_cells(result);
    const std::size_t before = grid.refined.size();
    std::copy_if(heavy.begin(), heavy.end(), std::back_inserter(grid.refined),
                 tells_apart);
    if (grid.refined.size() == before) break;
    result = squash_into(grid, x, weights, options);
  }
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
        if (within_reach(cell, mixture.mu[j], mixture.sigma[j]) &&
            width(cell) > kFinePart * mixture.sigma[j])
          level = std::max(
              level,
              static_cast<int>(std::ceil(-std::log2(kFinePart * mixture.sigma[j]))));
    const Refinement refinement = {cell.level, cell.index, level};
    if (level > cell.level && tells_apart(refinement))
      finer.refined.push_back(refinement);
  }
  return squash_into(finer, x, weights, options);
}

double resolution(const std::vector<Cell>& cells, const Mixture& mixture) {
  double largest = 0;
  for (const Cell& cell : cells)
    for (std::size_t j = 0; j < mixture.k(); ++j)
      if (within_reach(cell, mixture.mu[j], mixture.sigma[j]))
        largest = std::max(largest, width(cell) / mixture.sigma[j]);
  return largest;
}

}  // namespace gmm1d
