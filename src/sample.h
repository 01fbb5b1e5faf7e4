#pragma once

#include <cstddef>
#include <vector>

#include "observation.h"
#include "points.h"

namespace gmm1d {

/// Observations of one kind, and their weights.
struct Group {
  Observation seen;
  const double* w;
  std::size_t size;
};

/// Weighted observations that stand for the data, in groups of one kind each: what the
/// likelihood is made of. The first group has an observation for each place, in the same
/// order. The places are where the data lie, for what looks at them without a mixture.
struct Sample {
  Points places;
  std::vector<Group> groups;
};

/// True if all values are known.
bool is_exact(const Sample& sample);

/// Values that are known, in increasing order.
Sample sample_of(const Points& values);

/// Observations at places.
Sample sample_of(const Points& places, const Observation& seen);

/// A sample with memory of its own.
struct SampleSet {
  PointSet places;
  ObservationSet seen;

  Sample view() const;
};

/// The sample times -1.
SampleSet reflected(const Sample& sample);

/// How far apart tied values lie; none where values are not known.
Ties ties_of(const Sample& sample);

/// Fewer observations for the same data: runs of at most a part 1 / `runs` of the weight
/// and no wider than `widest`, at least a third of `runs` of them, each replaced by its
/// Gauss rule, as wide as the run. Data of few observations stay as they are; where that
/// would leave more than eight a run, runs are wider.
SampleSet condensed(const Sample& sample, std::size_t runs, double widest);

}  // namespace gmm1d
