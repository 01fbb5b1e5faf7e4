#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "latent.h"
#include "observation.h"
#include "points.h"

namespace gmm1d {

/// What is known of the component of observations. By design, they are a sample of it:
/// they say nothing of its proportion.
enum class Label { none, random, design };

/// Observations of one kind, and their weights.
struct Group {
  Observation seen;
  const double* w;
  std::size_t size;
  Label label = Label::none;
  std::size_t component = 0;  ///< of those with a label
  /// Not seen themselves: where others would have been seen, had they been there. Of
  /// each of these, so many were seen as its weight.
  bool is_window = false;

  bool tells_of_lambda() const { return label != Label::design; }
};

/// Weighted observations that stand for the data, in groups of one kind each: what the
/// likelihood is made of. The first group has no labels, and its observations are in
/// increasing order of place. The places are where all data lie, for what looks at them
/// without a mixture.
struct Sample {
  Points places;
  std::vector<Group> groups;
  double error = 0;  ///< what is typical, if all observations have one; else 0
  std::shared_ptr<const void> memory =
      nullptr;  ///< of the observations, if it is its own
};

/// The standard deviation that an error, or those of a sample typically, make of a sigma,
/// and back.
double blurred(double sigma, double error);
double blurred(double sigma, const Sample& sample);
double sharpened(double spread, const Sample& sample);

/// The component with the unit of its mean.
Shape shape_of(const Component& component, const Sample& sample);

/// The mixture as it is typically seen.
Mixture blurred(Mixture mixture, const Sample& sample);

/// What is typical of the errors of groups: 1 / error^2 is the mean of theirs.
double typical_error(const std::vector<Group>& groups);

/// True if all values are known.
bool is_exact(const Sample& sample);

/// True if nothing else is known of them.
bool is_plain(const Sample& sample);

/// Values that are known, in increasing order.
Sample sample_of(const Points& values);

/// Observations at places.
Sample sample_of(const Points& places, const Observation& seen);

/// What else is known of observations at places.
struct Circumstances {
  std::vector<int> label;  ///< the numbers of their labels, from 1, 0 for none; or empty
  Label kind = Label::none;
  /// Outside of these none would have been seen.
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// The same in groups by their labels, with the windows of these. Those that are labelled
/// at random share that of all others.
Sample sample_of(const Points& places, const Observation& seen,
                 const Circumstances& known);

/// A sample with memory of its own.
class SampleSet {
 public:
  /// No observations yet, in groups like these.
  explicit SampleSet(const Sample& like);

  PointSet places;

  void add(std::size_t group, const Row& row, double w);
  void add(std::size_t group, const Observation& from, std::size_t i, double w);
  void add_moved(std::size_t group, const Observation& from, std::size_t i, double x,
                 double w);
  void add_reflected(std::size_t group, const Observation& from, std::size_t i, double w);

  Sample view() const;

 private:
  struct Part {
    Group like;
    ObservationSet seen;
    std::vector<double> w;
  };
  std::vector<Part> parts_;
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
