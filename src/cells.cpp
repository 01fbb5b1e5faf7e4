#include "cells.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gmm1d {

namespace {

/// Sorts by the left end; of two cells with the same left end, the wider comes first.
bool before(const Cell& a, const Cell& b) {
  const double left_a = scaled(a.index, -a.level), left_b = scaled(b.index, -b.level);
  return left_a != left_b ? left_a < left_b : a.level < b.level;
}

bool holds(const Cell& outer, const Cell& inner) {
  return outer.level <= inner.level &&
         std::floor(scaled(inner.index, outer.level - inner.level)) == outer.index;
}

}  // namespace

Cell cell_of(double x, int level) {
  return {level, std::floor(scaled(x, level)) + 0.0, {}};  // no -0: indices are keys
}

Cell cell_with(double x, double w, int level) {
  // The index must leave a double some bits for the place in the cell.
  Cell cell = cell_of(x, x == 0 ? level : std::min(level, kMostBits - std::ilogb(x)));
  add(cell.sums, scaled(x, cell.level) - cell.index - 0.5, w);
  return cell;
}

/// With r = 2^(level - cell.level), a place u in the cell is r u + c in the coarser one.
/// The sums follow by binomial expansion.
Cell lifted(const Cell& cell, int level) {
  const double r = scaled(1, level - cell.level);
  const double position = (cell.index + 0.5) * r;
  Cell result = {level, std::floor(position), {}};
  const double c = position - result.index - 0.5;
  constexpr double kBinomial[6][6] = {
      {1}, {1, 1}, {1, 2, 1}, {1, 3, 3, 1}, {1, 4, 6, 4, 1}, {1, 5, 10, 10, 5, 1}};
  for (int p = 0; p < 6; ++p)
    for (int q = 0; q <= p; ++q)
      result.sums[p] +=
          kBinomial[p][q] * std::pow(r, q) * std::pow(c, p - q) * cell.sums[q];
  return result;
}

std::vector<Cell> merged(std::vector<Cell> cells) {
  std::sort(cells.begin(), cells.end(), before);
  std::vector<Cell> result;
  for (const Cell& cell : cells) {
    if (result.empty() || !holds(result.back(), cell)) {
      result.push_back(cell);
      continue;
    }
    const Cell above = lifted(cell, result.back().level);
    for (int p = 0; p < 6; ++p) result.back().sums[p] += above.sums[p];
  }
  return result;
}

std::vector<Cell> coarsened(std::vector<Cell> cells, int level) {
  for (Cell& cell : cells)
    if (cell.level > level) cell = lifted(cell, level);
  return merged(std::move(cells));
}

PointSet points_of(const std::vector<Cell>& cells) {
  struct Point {
    double x, w, width;
  };
  std::vector<Point> points;
  for (const Cell& cell : cells) {
    const GaussRule rule = gauss_rule(cell.sums);
    const double width = rule.size > 1 ? scaled(1, -cell.level) : 0;
    for (int i = 0; i < rule.size; ++i)
      points.push_back(
          {scaled(cell.index + (0.5 + rule.u[i]), -cell.level), rule.w[i], width});
  }
  // Points of neighbouring cells can be out of order if the cells have different levels.
  std::sort(points.begin(), points.end(),
            [](const Point& a, const Point& b) { return a.x < b.x; });
  PointSet result;
  for (const Point& point : points) result.add(point.x, point.w, point.width);
  return result;
}

}  // namespace gmm1d
