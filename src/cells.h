#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "points.h"
#include "simd.h"

namespace gmm1d {

/// A dyadic cell [index, index + 1) 2^-level and what it holds: its weight and the sums
/// of u^1 .. u^5, u = x 2^level - index - 1/2. Cells of one level do not overlap, and two
/// neighbours are one cell of the level above, so any two sets of cells can be merged.
struct Cell {
  int level;
  double index;
  double sums[6];
};

/// The most bits of an index: doubles have two more for the place in the cell.
constexpr int kMostBits = 50;

/// x 2^level, exact where it is not out of range.
inline double scaled(double x, int level) {
  const bool is_normal = -1022 <= level && level <= 1023;  // the power
  return is_normal ? x * from_bits(static_cast<std::uint64_t>(level + 1023) << 52)
                   : std::ldexp(x, level);
}

/// The empty cell of a level that holds x.
Cell cell_of(double x, int level);

/// Adds an observation of weight w, a distance u from the centre.
template <std::size_t N>
void add(double (&sums)[N], double u, double w) {
  for (double& sum : sums) {
    sum += w;
    w *= u;
  }
}

/// The cell of a level, or of a lower one if x is far out, that holds x, with an
/// observation of weight w there.
Cell cell_with(double x, double w, int level);

/// The same content in the cell above it of a lower level.
Cell lifted(const Cell& cell, int level);

/// The cells in order, those that hold others joined with them.
std::vector<Cell> merged(std::vector<Cell> cells);

/// The cells, none finer than a level.
std::vector<Cell> coarsened(std::vector<Cell> cells, int level);

/// The points of the Gauss rules of all cells, in order.
PointSet points_of(const std::vector<Cell>& cells);

}  // namespace gmm1d
