#pragma once

#include <functional>
#include <vector>

#include "cells.h"
#include "mixture.h"
#include "points.h"
#include "values.h"

namespace gmm1d {

/// A cell whose content is kept in the cells of a finer level.
struct Refinement {
  int level;
  double index;
  int finer;
};

/// The cells into which values fall: those of one level in the core, coarser ones the
/// farther a value lies outside of it, finer ones where a cell is refined.
struct Grid {
  int level = 0;
  double first = 0;  ///< the index of the first cell of the core
  std::vector<Refinement> refined;
};

struct SquashOptions {
  int cells = 128;  ///< cells in the robust scale of the data
  int threads = 1;
  std::function<void()> check_interrupt = [] {};
};

/// Why values cannot be squashed, and where the first of them is.
enum class Fault {
  none,
  infinite_value,
  missing_weight,
  infinite_weight,
  negative_weight
};

/// Weighted points that stand for the data: the distinct values themselves if there are
/// not too many of them, or the Gauss rules of the cells into which the values fall.
struct Squashed {
  PointSet points;
  std::vector<Cell> cells;  ///< none if the points are the values
  Grid grid;
  double step = 0;  ///< of the lattice on which the values lie; 0 if on none
  double missing = 0;
  Fault fault = Fault::none;
  std::size_t fault_at = 0;
};

/// One pass over the data, or a few: the weights have no size where all are 1. The result
/// does not depend on the number of threads.
Squashed squash(const Values& x, const Values& weights, const SquashOptions& options);

/// Another pass, over the same data, with cells fine enough for the mixtures: no wider
/// than a sixteenth of the sigma of a component within its reach.
Squashed squash_finer(const Values& x, const Values& weights,
                      const SquashOptions& options, const Grid& grid,
                      const std::vector<Cell>& cells,
                      const std::vector<Mixture>& mixtures);

/// The widest cell within reach of a component, as a part of its sigma, at its largest;
/// 0 without cells.
double resolution(const std::vector<Cell>& cells, const Mixture& mixture);

}  // namespace gmm1d
