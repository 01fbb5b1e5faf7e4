#include "parts.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "simd.h"

namespace gmm1d {

namespace {

/// The smallest and the largest exponent of a double, including denormal numbers.
constexpr int kLeastExponent = -1074, kMostExponent = 1023;

std::size_t power_above(std::size_t n) {
  std::size_t power = 1;
  while (power < n) power *= 2;
  return power;
}

}  // namespace

CellTable::CellTable(std::size_t expected) : slots(2 * power_above(expected)) {
  while (std::size_t{1} << bits < slots.size()) ++bits;
}

const Cell* CellTable::find(int level, double index) const {
  std::size_t slot = place(level, index);
  for (; slots[slot] != 0; slot = (slot + 1) & (slots.size() - 1)) {
    const Cell& cell = cells[slots[slot] - 1];
    if (cell.index == index && cell.level == level) return &cell;
  }
  return nullptr;
}

Cell& CellTable::at(int level, double index) {
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

std::size_t CellTable::place(int level, double index) const {
  const std::uint64_t key = bits_of(index) ^ static_cast<std::uint64_t>(level);
  return key * 0x9e3779b97f4a7c15ULL >> (64 - bits);
}

void CellTable::grow() {
  slots.assign(2 * slots.size(), 0);
  ++bits;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::size_t slot = place(cells[i].level, cells[i].index);
    while (slots[slot] != 0) slot = (slot + 1) & (slots.size() - 1);
    slots[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

bool Findings::accepts(double x, double w, std::size_t at) {
  if (!(w >= 0 && w < std::numeric_limits<double>::infinity()) &&
      weight_fault == Fault::none) {
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

void DistinctPart::add(const double* x, const double* w, std::size_t n, std::size_t at) {
  for (std::size_t i = 0; i < n && !full(); ++i) {
    const double weight = w ? w[i] : 1;
    if (findings.accepts(x[i], weight, at + i))
      table.at(0, x[i] + 0.0).sums[0] += weight;  // -0 and 0 are one
  }
}

Core::Core(const Grid& grid)
    : level(grid.level),
      first(grid.first),
      scale1(std::ldexp(1, grid.level / 2)),
      scale2(std::ldexp(1, grid.level - grid.level / 2)),
      row_of(kCore, kPlain) {
  for (const Refinement& r : grid.refined) {
    finer.at(r.level, r.index).sums[0] = r.finer;
    const double at = std::floor(scaled(r.index, level - r.level)) - first;
    if (r.level > level && at >= 0 && at < kCore) row_of[at] = kFound;
  }
  for (const Refinement& r : grid.refined) {
    const double at = r.index - first;
    if (r.level == level && at >= 0 && at < kCore) refine(r, row_of[at]);
  }
  for (AtZero& cells : at_zero) follow(cells, grid);
}

void Core::follow(AtZero& cells, const Grid& grid) {
  bool any = false;
  for (const Refinement& r : grid.refined) {
    if (r.index != cells.index) continue;
    cells.level = any ? std::min(cells.level, r.level) : r.level;
    any = true;
  }
  if (!any) return;
  for (int exponent = kLeastExponent; exponent <= kMostExponent; ++exponent) {
    int at = cells.level;
    const Cell* next = nullptr;
    while (exponent + at < 0 && (next = finer.find(at, cells.index)) != nullptr)
      at = static_cast<int>(next->sums[0]);
    cells.level_of.push_back(static_cast<std::int16_t>(at));
  }
}

Cell& Core::find(double x, CellTable& cells) const {
  const double t = x * scale1 * scale2;
  const double distance = t - (first + kCore / 2);
  const int exponent =
      std::isfinite(distance) ? std::ilogb(distance) : std::ilogb(x) + level;
  // The distance from the centre is about 2^exponent cells.
  const int outside = exponent > kOutside ? exponent - kOutside : 0;
  const bool in_core = t >= first && t < first + kCore;
  Cell cell = cell_of(x, in_core ? level : level - outside);
  const AtZero& zero = at_zero[x < 0];
  if (cell.index == zero.index && cell.level == zero.level && !zero.level_of.empty()) {
    const int power = x == 0 ? kLeastExponent : std::ilogb(x);
    cell = cell_of(x, zero.level_of[static_cast<std::size_t>(power - kLeastExponent)]);
  }
  while (const Cell* next = finer.find(cell.level, cell.index))
    cell = cell_of(x, static_cast<int>(next->sums[0]));
  return cells.at(cell.level, cell.index);
}

void Core::refine(const Refinement& r, std::int16_t& row) {
  const double parts = std::ldexp(1, r.finer - level);
  if (row == kFound || static_cast<double>(in_rows) + parts > kMostInRows) {
    row = kFound;
    return;
  }
  row = static_cast<std::int16_t>(rows.size());
  rows.push_back({r.finer, r.index * parts, parts, in_rows});
  in_rows += static_cast<std::size_t>(parts);
}

void CellPart::add(const double* x, const double* w, std::size_t n, std::size_t at) {
  if (w)
    add_weighted(x, w, n, at);
  else
    add_plain(x, n, at);
}

/// The pass that must be fast: with t = x 2^level, j = floor(t) and u = t - j - 1/2, it
/// adds the powers of u to cell j.
GMM1D_MULTIVERSION
void CellPart::add_plain(const double* x, std::size_t n, std::size_t at) {
  const double first = core.first, end = first + kCore;
  const double scale1 = core.scale1, scale2 = core.scale2;
  for (std::size_t i = 0; i < n; ++i) {
    const double t = x[i] * scale1 * scale2;
    if (!(t >= first && t < end)) {
      add_outside(x[i], 1, at + i);
      continue;
    }
    const double j = std::floor(t), u = t - j - 0.5;
    const auto cell = static_cast<std::size_t>(static_cast<std::int64_t>(j - first));
    if (core.row_of[cell] != Core::kPlain) {
      add_refined(x[i], t, core.row_of[cell], 1, at + i);
      continue;
    }
    double* sums = dense[cell].sums;
    const double uu = u * u;
    sums[0] += 1;
    sums[1] += u;
    sums[2] += uu;
    sums[3] += uu * u;
    sums[4] += uu * uu;
    sums[5] += uu * uu * u;
  }
}

GMM1D_MULTIVERSION
void CellPart::add_weighted(const double* x, const double* w, std::size_t n,
                            std::size_t at) {
  const double first = core.first, end = first + kCore;
  const double scale1 = core.scale1, scale2 = core.scale2;
  for (std::size_t i = 0; i < n; ++i) {
    const double t = x[i] * scale1 * scale2;
    if (!(t >= first && t < end && w[i] > 0 &&
          w[i] < std::numeric_limits<double>::infinity())) {
      add_outside(x[i], w[i], at + i);
      continue;
    }
    const double j = std::floor(t);
    const auto cell = static_cast<std::size_t>(static_cast<std::int64_t>(j - first));
    if (core.row_of[cell] != Core::kPlain)
      add_refined(x[i], t, core.row_of[cell], w[i], at + i);
    else
      gmm1d::add(dense[cell].sums, t - j - 0.5, w[i]);
  }
}

/// Adds a value that falls into a refined cell of the core.
void CellPart::add_refined(double x, double t, std::int16_t row_number, double w,
                           std::size_t at) {
  if (row_number == Core::kFound) {
    add_outside(x, w, at);
    return;
  }
  const Core::Row& row = core.rows[static_cast<std::size_t>(row_number)];
  const double place = t * row.parts, j = std::floor(place);
  const auto cell = row.begin + static_cast<std::size_t>(j - row.first);
  gmm1d::add(fine[cell].sums, place - j - 0.5, w);
}

void CellPart::add_outside(double x, double w, std::size_t at) {
  if (!findings.accepts(x, w, at)) return;
  Cell& cell = core.find(x, sparse);
  gmm1d::add(cell.sums, scaled(x, cell.level) - cell.index - 0.5, w);
}

}  // namespace gmm1d
