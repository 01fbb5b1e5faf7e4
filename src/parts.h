#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "cells.h"
#include "squash.h"

/// What a thread gathers of its part of the data: distinct values, or the content of
/// cells.
namespace gmm1d {

/// Up to so many distinct values are kept as they are.
constexpr std::size_t kMostDistinct = 4096;

/// The core has so many cells: 32 scales at 128 cells each.
constexpr std::size_t kCore = 4096;
/// Outside of it cells are 2^-7 of their distance from its centre, or half of that.
constexpr int kOutside = 7;

constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

/// A table of cells, or of other things with sums, found by two keys: open addressing,
/// twice as large as it must be.
struct CellTable {
  explicit CellTable(std::size_t expected = 64);

  /// Null if there is none.
  const Cell* find(int level, double index) const;

  /// A cell that may be new.
  Cell& at(int level, double index);

  std::vector<Cell> cells;

 private:
  /// Fibonacci hashing. The last bits of most indices, whole numbers, are zeros, and so
  /// are those of the product; its first bits depend on all. The level goes into the last
  /// bits, where it does not cancel what tells indices apart.
  std::size_t place(int level, double index) const;

  void grow();

  std::vector<std::uint32_t> slots;
  int bits = 0;  ///< 2^bits slots
};

/// What a part of the data must not hold, and what it misses.
struct Findings {
  double missing = 0;
  std::size_t infinite = kNowhere;
  Fault weight_fault = Fault::none;
  std::size_t weight_fault_at = kNowhere;

  /// True if x and w are to be counted.
  bool accepts(double x, double w, std::size_t at);
};

/// Distinct values and their weights, as long as there are not too many.
struct DistinctPart {
  explicit DistinctPart(std::size_t n) : table(std::min(n, kMostDistinct)) {}

  void add(const double* x, const double* w, std::size_t n, std::size_t at);

  bool full() const { return table.cells.size() > kMostDistinct; }

  CellTable table;
  Findings findings;
};

/// The finer cells of a cell of the core are kept in a row, if they are not many and none
/// of them is refined again. So many finer cells may be kept in all rows.
constexpr std::size_t kMostInRows = 1 << 14;

/// Where the values of a grid's core fall, and how they are scaled.
struct Core {
  /// The finer cells of one cell: `parts` of them, at `begin` among those of all rows.
  struct Row {
    int level;
    double first;  ///< the index of the first finer cell
    double parts;
    std::size_t begin;
  };

  explicit Core(const Grid& grid);

  /// The cell outside of the core, or in a refined part of it, into which x falls.
  Cell& find(double x, CellTable& cells) const;

  static constexpr std::int16_t kPlain = -1;  ///< a cell that is not refined
  static constexpr std::int16_t kFound = -2;  ///< its finer cells are not in a row

  const int level;
  const double first, scale1, scale2;
  std::vector<std::int16_t> row_of;  ///< of each cell of the core, if it is refined
  std::vector<Row> rows;
  std::size_t in_rows = 0;

 private:
  /// Refined cells at 0, each within the one before: of data over many scales there is a
  /// long row of them. `level_of` is the first level at which a number of an exponent
  /// does not lie in such a cell, or that of the last.
  struct AtZero {
    double index;  ///< of the cells: 0 of positive numbers, -1 of negative ones
    int level = 0;
    std::vector<std::int16_t> level_of;
  };

  void refine(const Refinement& r, std::int16_t& row);
  void follow(AtZero& cells, const Grid& grid);

  CellTable finer;
  AtZero at_zero[2] = {{0, 0, {}}, {-1, 0, {}}};
};

/// The content of the cells of a part of the data.
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
