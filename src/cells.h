#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "points.h"
#include "simd.h"

namespace gmm1d {

/// A dyadic cell [index, index + 1) 2^-level and its contents: the weight and the sums of
/// u^1 .. u^5, where u = x 2^level - index - 1/2. Cells of one level do not overlap, and
/// each is made up of two cells of the next finer level, so any two sets of cells can be
/// merged.
struct Cell {
  int level;
  double index;
  double sums[6];
};

/// The largest number of bits in an index. A double then has two more bits for the place
/// in the cell.
constexpr int kMostBits = 50;

/// x 2^level, exact unless it is out of range.
inline double scaled(double x, int level) {
  const bool is_normal = -1022 <= level && level <= 1023;  // as an exponent
  return is_normal ? x * from_bits(static_cast<std::uint64_t>(level + 1023) << 52)
                   : std::ldexp(x, level);
}

/// The cell of the given level that contains x, empty.
Cell cell_of(double x, int level);

/// Adds an observation of weight w, a distance u from the centre.
template <std::size_t N>
void add(double (&sums)[N], double u, double w) {
  for (double& sum : sums) {
    sum += w;
    w *= u;
  }
}

/// The cell of the given level that contains x, with one observation of weight w. The
/// level is lower if x is so far out that its index would have too many bits.
Cell cell_with(double x, double w, int level);

/// The contents of a cell, moved into the coarser cell of the given level that contains
/// it.
Cell lifted(const Cell& cell, int level);

/// Sorts the cells, and joins each cell with those that lie inside it.
std::vector<Cell> merged(std::vector<Cell> cells);

/// Coarsens the cells so that none is finer than the given level.
std::vector<Cell> coarsened(std::vector<Cell> cells, int level);

/// The points of the Gauss rules of all cells, in order.
PointSet points_of(const std::vector<Cell>& cells);

}  // namespace gmm1d
