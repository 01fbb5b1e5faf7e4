#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "cells.h"
#include "squash.h"

/// What a thread collects from its part of the data: distinct values, or the contents of
/// cells.
namespace gmm1d {

/// The largest number of distinct values that are kept exactly.
constexpr std::size_t kMostDistinct = 4096;

/// The number of cells in the core: 32 robust scales with 128 cells each.
constexpr std::size_t kCore = 4096;
/// Outside the core, the width of a cell is between 2^-8 and 2^-7 of its distance from
/// the centre.
constexpr int kOutside = 7;

constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

/// A hash table of cells, or of other things with sums, with two keys. It uses open
/// addressing and is at most half full.
struct CellTable {
  explicit CellTable(std::size_t expected = 64);

  /// Returns null if there is no such cell.
  const Cell* find(int level, double index) const;

  /// Returns the cell, which is created if it does not exist.
  Cell& at(int level, double index);

  std::vector<Cell> cells;

 private:
  /// Fibonacci hashing. An index is a whole number, so most indices end in zero bits, and
  /// their products do too; the first bits of a product depend on all bits. The level
  /// goes into the last bits of the key, where it does not cancel the bits that tell
  /// indices apart.
  std::size_t place(int level, double index) const;

  void grow();

  std::vector<std::uint32_t> slots;
  int bits = 0;  ///< 2^bits slots
};

/// The faults found in a part of the data, and how many values are missing.
struct Findings {
  double missing = 0;
  std::size_t infinite = kNowhere;
  Fault weight_fault = Fault::none;
  std::size_t weight_fault_at = kNowhere;

  /// Records faults and missing values. True if the observation is to be counted.
  bool accepts(double x, double w, std::size_t at);
};

/// Distinct values and their weights. It stops taking values when there are too many.
struct DistinctPart {
  explicit DistinctPart(std::size_t n) : table(std::min(n, kMostDistinct)) {}

  void add(const double* x, const double* w, std::size_t n, std::size_t at);

  bool full() const { return table.cells.size() > kMostDistinct; }

  CellTable table;
  Findings findings;
};

/// The finer cells of a refined core cell are stored in a row, unless one of them is
/// refined again. This is the largest number of finer cells in all rows together.
constexpr std::size_t kMostInRows = 1 << 14;

/// Finds the cells of a grid that values fall into.
struct Core {
  /// The finer cells of one cell: `parts` of them, at `begin` among those of all rows.
  struct Row {
    int level;
    double first;  ///< the index of the first finer cell
    double parts;
    std::size_t begin;
  };

  explicit Core(const Grid& grid);

  /// Finds the cell for an x outside the core, or in a refined part of it.
  Cell& find(double x, CellTable& cells) const;

  static constexpr std::int16_t kPlain = -1;  ///< not refined
  static constexpr std::int16_t kFound = -2;  ///< refined, but not stored in a row

  const int level;
  const double first, scale1, scale2;
  std::vector<std::int16_t> row_of;  ///< for each cell of the core, or one of the above
  std::vector<Row> rows;
  std::size_t in_rows = 0;

 private:
  /// The refined cells that touch 0, each nested in the one before. Data over many scales
  /// have a long chain of them. `level_of` gives, for each exponent of a number, the
  /// first level at which the number lies outside such a cell, or the last level.
  struct AtZero {
    double index;  ///< of these cells: 0 for positive numbers, -1 for negative ones
    int level = 0;
    std::vector<std::int16_t> level_of;
  };

  void refine(const Refinement& r, std::int16_t& row);
  void follow(AtZero& cells, const Grid& grid);

  CellTable finer;
  AtZero at_zero[2] = {{0, 0, {}}, {-1, 0, {}}};
};

/// The contents of the cells in a part of the data.
struct CellPart {
  explicit CellPart(const Grid& grid) : core(grid), dense(kCore), fine(core.in_rows) {}

  void add(const double* x, const double* w, std::size_t n, std::size_t at);

  struct Sums {
    double sums[6] = {};
  };

  Core core;
  std::vector<Sums> dense, fine;  ///< the cells of the core, and those of its rows
  CellTable sparse;
  Findings findings;

 private:
  void add_plain(const double* x, std::size_t n, std::size_t at);
  void add_weighted(const double* x, const double* w, std::size_t n, std::size_t at);
  void add_refined(double x, double t, std::int16_t row_number, double w, std::size_t at);
  void add_outside(double x, double w, std::size_t at);
};

}  // namespace gmm1d
