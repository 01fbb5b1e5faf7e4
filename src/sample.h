#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "latent.h"
#include "observation.h"
#include "points.h"

namespace gmm1d {

/// What is known about the component of the observations in a group. `random`:
/// observations were labelled at random. `design`: they were sampled from the component,
/// so they carry no information about its proportion.
enum class Label { none, random, design };

/// Weighted observations of one kind.
struct Group {
  Observation seen;
  const double* w;
  std::size_t size;
  Label label = Label::none;
  std::size_t component = 0;  ///< of labelled observations
  /// True if these are not observations but truncation windows: values outside were not
  /// recorded. The weight is the number of observations seen through the window.
  bool is_window = false;

  bool tells_of_lambda() const { return label != Label::design; }
};

/// The weighted observations that represent the data, in groups of one kind each. The
/// likelihood is computed from this. The first group has no labels, and its observations
/// are in increasing order of place. `places` says where all data lie, for code that
/// looks at them without a mixture.
struct Sample {
  Points places;
  std::vector<Group> groups;
  double error = 0;  ///< the typical error if all observations have one, else 0
  /// Holds the observations if the sample owns them.
  std::shared_ptr<const void> memory = nullptr;
};

/// blurred() adds an error to a sigma: sqrt(sigma^2 + error^2), where the error is that
/// given or the typical error of a sample. sharpened() is the inverse.
double blurred(double sigma, double error);
double blurred(double sigma, const Sample& sample);
double sharpened(double spread, const Sample& sample);

/// The component with the unit of its mean.
Shape shape_of(const Component& component, const Sample& sample);

/// The mixture as it is observed with the typical error.
Mixture blurred(Mixture mixture, const Sample& sample);

/// The typical error of groups: 1 / error^2 is the mean of 1 / error_i^2. It is 0 if some
/// observation has no error.
double typical_error(const std::vector<Group>& groups);

/// True if the components of some observations are known.
bool has_labels(const Sample& sample);

/// True if observations were seen through a window.
bool has_window(const Sample& sample);

/// True if all values are known exactly.
bool is_exact(const Sample& sample);

/// True if, in addition, no component is known.
bool is_plain(const Sample& sample);

/// A sample of exact values, in increasing order.
Sample sample_of(const Points& values);

/// A sample of observations at the given places.
Sample sample_of(const Points& places, const Observation& seen);

/// What else is known about the observations.
struct Circumstances {
  std::vector<int> label;  ///< numbers from 1, or 0 for no label; may be empty
  Label kind = Label::none;
  /// The window: nothing outside it could be recorded.
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// The same, with groups by label, and windows for them. Observations labelled at random
/// share the window of the unlabelled ones.
Sample sample_of(const Points& places, const Observation& seen,
                 const Circumstances& known);

/// A sample that owns its memory.
class SampleSet {
 public:
  /// Starts empty, with groups of the same kinds and labels as these.
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

/// The sample multiplied by -1.
SampleSet reflected(const Sample& sample);

/// The gaps between tied values; empty unless all values are known exactly.
Ties ties_of(const Sample& sample);

/// Represents the sample by fewer observations. Consecutive values form runs, each of
/// which is replaced by its Gauss rule, as wide as the run. A run holds at most a part
/// 1 / `runs` of the weight and is no wider than `widest`. There are at least `runs` / 3
/// runs. Observations of each label, and of similar errors, form runs of their own. But
/// if values with errors have at most 2^13 points in cells about as wide as the errors,
/// they are represented by these. Samples of few observations are not changed, nor those
/// of which fewer than `fewest` would be left, which may be so with errors. If more than
/// 8 `runs` observations would be left, the runs are made wider. Windows are not changed.
SampleSet condensed(const Sample& sample, std::size_t runs, double widest,
                    std::size_t fewest = 0);

}  // namespace gmm1d
