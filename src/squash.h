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

/// The cells that values fall into. Cells in the core have one level; outside, they
/// become coarser with distance. Refined cells are divided further.
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

/// The reason why values cannot be squashed; `fault_at` says where it first occurs.
enum class Fault {
  none,
  infinite_value,
  missing_weight,
  infinite_weight,
  negative_weight
};

/// Weighted points that stand for the data: the distinct values themselves if there are
/// few of them, otherwise the Gauss rules of the cells that the values fall into.
struct Squashed {
  PointSet points;
  std::vector<Cell> cells;  ///< empty if the points are the values
  Grid grid;
  double step = 0;  ///< of the lattice on which the values lie; 0 if there is none
  double missing = 0;
  Fault fault = Fault::none;
  std::size_t fault_at = 0;
};

/// Squashes data in one pass, or a few. `weights` has size 0 if all weights are 1. The
/// result does not depend on the number of threads.
Squashed squash(const Values& x, const Values& weights, const SquashOptions& options);

/// Squashes the same data again, with cells fine enough for the mixtures: within reach of
/// a component, no cell is wider than a sixteenth of its sigma.
Squashed squash_finer(const Values& x, const Values& weights,
                      const SquashOptions& options, const Grid& grid,
                      const std::vector<Cell>& cells,
                      const std::vector<Mixture>& mixtures);

/// The largest ratio of the width of a cell to the sigma of a component within reach of
/// it. Returns 0 if there are no cells.
double resolution(const std::vector<Cell>& cells, const Mixture& mixture);

}  // namespace gmm1d
