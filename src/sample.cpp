#include "sample.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <utility>

#include "errors.h"

namespace gmm1d {

namespace {

/// A value with at least this weight counts as tied.
constexpr double kTied = 2;
/// This many neighbours on each side are searched for tied values.
constexpr std::size_t kAround = 2;

/// The largest number of points per run. A run has at most three points, and at least
/// every other run ends because it is full.
constexpr std::size_t kMostOfRun = 8;

/// The largest number of points of cells about as wide as the errors of values.
constexpr std::size_t kMostOfErrors = 1 << 13;
/// Otherwise, observations are condensed in this many classes of similar errors.
constexpr std::size_t kErrorClasses = 8;
/// Observations of a label or class of errors form at least this many runs, if they are
/// many.
constexpr std::size_t kFewestRuns = 4;

Place place_of(const Observation& seen, std::size_t i) {
  return std::visit([&](const auto& kind) { return place(kind, i); }, seen);
}

double error_of(const Observation& seen, std::size_t i) {
  return place_of(seen, i).error;
}

/// Copies a group.
void add_group(const Sample& sample, std::size_t g, SampleSet& result) {
  const Group& group = sample.groups[g];
  for (std::size_t i = 0; i < group.size; ++i) result.add(g, group.seen, i, group.w[i]);
}

/// Copies all groups from `first` on.
void add_groups(const Sample& sample, std::size_t first, SampleSet& result) {
  for (std::size_t g = first; g < sample.groups.size(); ++g) add_group(sample, g, result);
}

SampleSet copy_of(const Sample& sample) {
  const Points& places = sample.places;
  SampleSet result(sample);
  for (std::size_t i = 0; i < places.size; ++i)
    result.places.add(places.x[i], places.w[i], places.width ? places.width[i] : 0);
  if (places.width == nullptr) result.places.width.clear();
  add_groups(sample, 0, result);
  return result;
}

/// Condenses into runs no wider than `widest`, however many there are.
SampleSet condensed_runs(const Sample& sample, std::size_t runs, double widest) {
  const Points& points = sample.places;
  const Observation& seen = sample.groups[0].seen;
  SampleSet result(sample);
  const double most = points.n / static_cast<double>(runs);
  const bool few = points.size <= 4 * runs;
  // A few points may have nearly all the weight. The others must still make up many runs.
  const std::size_t longest = std::max<std::size_t>(3 * points.size / runs, 4);
  for (std::size_t begin = 0, end; begin < points.size; begin = end) {
    double weight = points.w[begin];
    for (end = begin + 1;
         end < points.size && end - begin < longest && weight + points.w[end] <= most &&
         points.x[end] - points.x[begin] <= widest;
         ++end)
      weight += points.w[end];
    const double low = points.x[begin], high = points.x[end - 1];
    if (few || end - begin <= 3 || !(high > low)) {
      for (std::size_t i = begin; i < end; ++i) {
        result.places.add(points.x[i], points.w[i], points.width ? points.width[i] : 0);
        result.add(0, seen, i, points.w[i]);
      }
      continue;
    }
    const double centre = low / 2 + high / 2;
    double sums[6] = {};
    for (std::size_t i = begin; i < end; ++i) {
      const double u = (points.x[i] / 2 - centre / 2) / (high / 2 - low / 2);
      add(sums, u, points.w[i]);
    }
    const GaussRule rule = gauss_rule(sums);
    for (int i = 0; i < rule.size; ++i) {
      const double x = centre + 2 * rule.u[i] * (high / 2 - low / 2);
      result.places.add(x, rule.w[i], high - low);
      result.add_moved(0, seen, begin / 2 + end / 2, x, rule.w[i]);
    }
  }
  add_groups(sample, 1, result);
  return result;
}

/// Limits between the errors of a group: 0, and those of classes of equal weight.
std::vector<double> limits_of_errors(const Group& group) {
  std::vector<std::pair<double, double>> errors;
  for (std::size_t i = 0; i < group.size; ++i)
    errors.emplace_back(error_of(group.seen, i), group.w[i]);
  std::sort(errors.begin(), errors.end());
  PointSet sorted;
  for (const auto& [error, weight] : errors) sorted.add(error, weight, 0);
  const Points points = sorted.view();
  std::vector<double> limits = {0};
  for (std::size_t c = 1; c < kErrorClasses; ++c)
    limits.push_back(sample_quantile(points, static_cast<double>(c) / kErrorClasses));
  return limits;
}

/// Splits a group into classes of similar errors. The first class has no errors.
std::vector<SampleSet> by_error(const Group& group) {
  const std::vector<double> limits = limits_of_errors(group);
  std::vector<SampleSet> classes(limits.size() + 1, SampleSet({{}, {group}}));
  for (std::size_t i = 0; i < group.size; ++i) {
    const auto [x, error] = place_of(group.seen, i);
    const auto limit = std::lower_bound(limits.begin(), limits.end(), error);
    SampleSet& alike = classes[static_cast<std::size_t>(limit - limits.begin())];
    alike.places.add(x, group.w[i], 0);
    alike.add(0, group.seen, i, group.w[i]);
  }
  return classes;
}

/// Condenses the observations of each label and each class of errors into runs of their
/// own. The places are those of all runs.
SampleSet condensed_apart(const Sample& sample, std::size_t runs, double widest) {
  struct OfRun {
    double x, w, width;
    std::size_t group;
    Observation seen;
    std::size_t i;
  };
  SampleSet result(sample);
  std::deque<SampleSet> parts;
  std::vector<OfRun> all;
  for (std::size_t g = 0; g < sample.groups.size(); ++g) {
    if (sample.groups[g].is_window) {
      add_group(sample, g, result);
      continue;
    }
    for (const SampleSet& part : by_error(sample.groups[g])) {
      const Sample alike = part.view();
      if (alike.places.size == 0) continue;
      const std::size_t of_part = runs * alike.places.size / sample.places.size;
      parts.push_back(condensed_runs(alike, std::max(of_part, kFewestRuns), widest));
      const PointSet& places = parts.back().places;
      const Observation seen = parts.back().view().groups[0].seen;
      for (std::size_t i = 0; i < places.x.size(); ++i) {
        const double width = error_of(seen, i) == 0 ? places.width[i] : 0;
        all.push_back({places.x[i], places.w[i], width, g, seen, i});
      }
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const OfRun& a, const OfRun& b) { return a.x < b.x; });
  for (const OfRun& one : all) {
    result.places.add(one.x, one.w, one.width);
    result.add(one.group, one.seen, one.i, one.w);
  }
  return result;
}

/// Condenses values with errors into cells about as wide as the errors.
SampleSet condensed_errors(const Sample& sample, const Erroneous& seen) {
  constexpr ErrorCells kCoarse = {0, 0, 32, 0};
  const Group& group = sample.groups[0];
  const ErroneousSet set =
      squash_errors(seen.x, seen.error, group.w, group.size, kCoarse);
  SampleSet result(sample);
  for (std::size_t i = 0; i < set.error.size(); ++i) {
    const double x = set.points.x[i], w = set.points.w[i];
    result.places.add(x, w, set.points.width[i]);
    result.add(0, {x, set.error[i]}, w);
  }
  result.places.width.clear();
  add_groups(sample, 1, result);
  return result;
}

/// Condenses, however few observations are left.
SampleSet condensed_to_few(const Sample& sample, std::size_t runs, double widest) {
  const Observation& seen = sample.groups[0].seen;
  if (!is_exact(seen) && sample.places.size <= 4 * runs) return copy_of(sample);
  const bool by_label = has_labels(sample);
  if (const auto* values = std::get_if<Erroneous>(&seen); values && !by_label) {
    // If the errors are small or the values far apart, there are too many cells.
    SampleSet result = condensed_errors(sample, *values);
    if (result.places.x.size() <= kMostOfErrors) return result;
  }
  // With labels, the places are not those of the first group alone.
  const bool apart = by_label || has_errors(seen);
  const auto in_runs = [&] {
    return apart ? condensed_apart(sample, runs, widest)
                 : condensed_runs(sample, runs, widest);
  };
  SampleSet result = in_runs();
  // Values that are far apart can make too many runs.
  widest = std::max(widest, std::numeric_limits<double>::min());
  for (double factor = 8;
       result.places.x.size() > kMostOfRun * runs && std::isfinite(widest);
       factor *= factor) {
    widest *= factor;
    result = in_runs();
  }
  // No point stands for several values.
  if (*std::max_element(result.places.width.begin(), result.places.width.end()) == 0)
    result.places.width.clear();
  return result;
}

}  // namespace

bool has_labels(const Sample& sample) {
  return std::any_of(sample.groups.begin(), sample.groups.end(),
                     [](const Group& group) { return group.label != Label::none; });
}

bool has_window(const Sample& sample) {
  return std::any_of(sample.groups.begin(), sample.groups.end(),
                     [](const Group& group) { return group.is_window; });
}

bool is_exact(const Sample& sample) {
  return std::all_of(sample.groups.begin(), sample.groups.end(),
                     [](const Group& group) { return is_exact(group.seen); });
}

bool is_plain(const Sample& sample) { return is_exact(sample) && !has_labels(sample); }

Sample sample_of(const Points& values) { return sample_of(values, Exact{values.x}); }

Sample sample_of(const Points& places, const Observation& seen) {
  Sample result = {places, {{seen, places.w, places.size}}};
  result.error = typical_error(result.groups);
  return result;
}

double blurred(double sigma, double error) {
  return error == 0 ? sigma : std::hypot(sigma, error);
}

double blurred(double sigma, const Sample& sample) {
  return blurred(sigma, sample.error);
}

double sharpened(double spread, const Sample& sample) {
  if (sample.error == 0) return spread;
  const double error = sample.error;
  return std::sqrt(std::max((spread - error) * (spread + error), 0.0));
}

Shape shape_of(const Component& component, const Sample& sample) {
  return {component.mu, component.sigma, blurred(component.sigma, sample)};
}

Mixture blurred(Mixture mixture, const Sample& sample) {
  for (Component& component : mixture.components)
    component.sigma = blurred(component.sigma, sample);
  return mixture;
}

double typical_error(const std::vector<Group>& groups) {
  double least = std::numeric_limits<double>::infinity(), largest = 0;
  for (const Group& group : groups) {
    if (group.is_window) continue;
    for (std::size_t i = 0; i < group.size; ++i) {
      const double error = error_of(group.seen, i);
      if (error == 0) return 0;
      least = std::min(least, error);
      largest = std::max(largest, error);
    }
  }
  if (largest == 0) return 0;
  double n = 0, sum = 0;
  for (const Group& group : groups) {
    if (group.is_window) continue;
    for (std::size_t i = 0; i < group.size; ++i) {
      const double part = least / error_of(group.seen, i);
      n += group.w[i];
      sum += group.w[i] * part * part;
    }
  }
  // The squares of all errors must be representable in this unit.
  return std::max(least * std::sqrt(n / sum), 1e-140 * largest);
}

SampleSet::SampleSet(const Sample& like) {
  for (const Group& group : like.groups)
    parts_.push_back({group, ObservationSet(group.seen), {}});
}

void SampleSet::add(std::size_t group, const Row& row, double w) {
  parts_[group].seen.add(row);
  parts_[group].w.push_back(w);
}

void SampleSet::add(std::size_t group, const Observation& from, std::size_t i, double w) {
  parts_[group].seen.add(from, i);
  parts_[group].w.push_back(w);
}

void SampleSet::add_moved(std::size_t group, const Observation& from, std::size_t i,
                          double x, double w) {
  parts_[group].seen.add_moved(from, i, x);
  parts_[group].w.push_back(w);
}

void SampleSet::add_reflected(std::size_t group, const Observation& from, std::size_t i,
                              double w) {
  parts_[group].seen.add_reflected(from, i);
  parts_[group].w.push_back(w);
}

Sample SampleSet::view() const {
  Sample result = {places.view(), {}};
  for (const Part& part : parts_) {
    Group group = part.like;
    group.seen = part.seen.view();
    group.w = part.w.data();
    group.size = part.w.size();
    result.groups.push_back(group);
  }
  result.error = typical_error(result.groups);
  return result;
}

Sample sample_of(const Points& places, const Observation& seen,
                 const Circumstances& known) {
  const bool has_window = std::isfinite(known.low) || std::isfinite(known.high);
  if (known.label.empty() && !has_window) return sample_of(places, seen);
  const int most =
      known.label.empty() ? 0 : *std::max_element(known.label.begin(), known.label.end());
  const auto labels = static_cast<std::size_t>(most);
  Sample like = {places, {}};
  const auto add_groups = [&](const Observation& kind, bool is_window) {
    for (std::size_t c = 0; c <= labels; ++c)
      like.groups.push_back({kind, nullptr, 0, c == 0 ? Label::none : known.kind,
                             c == 0 ? 0 : c - 1, is_window});
  };
  add_groups(seen, false);
  if (has_window) add_groups(window_like(seen), true);
  auto set = std::make_shared<SampleSet>(like);
  // For each group, the weight seen through the window, by error.
  std::vector<std::map<double, double>> inside(labels + 1);
  for (std::size_t i = 0; i < places.size; ++i) {
    set->places.add(places.x[i], places.w[i], places.width ? places.width[i] : 0);
    const std::size_t group =
        known.label.empty() ? 0 : static_cast<std::size_t>(known.label[i]);
    set->add(group, seen, i, places.w[i]);
    inside[known.kind == Label::design ? group : 0][error_of(seen, i)] += places.w[i];
  }
  if (places.width == nullptr) set->places.width.clear();
  for (std::size_t c = 0; has_window && c <= labels; ++c)
    for (const auto& [error, weight] : inside[c])
      set->add(labels + 1 + c, {known.low, known.high, error}, weight);
  Sample result = set->view();
  result.places.n = places.n;
  // Removes empty groups, except the first.
  result.groups.erase(std::remove_if(result.groups.begin() + 1, result.groups.end(),
                                     [](const Group& group) { return group.size == 0; }),
                      result.groups.end());
  result.memory = set;
  return result;
}

SampleSet reflected(const Sample& sample) {
  const Points& places = sample.places;
  SampleSet result(sample);
  for (std::size_t i = places.size; i-- > 0;)
    result.places.add(-places.x[i], places.w[i], places.width ? places.width[i] : 0);
  if (places.width == nullptr) result.places.width.clear();
  for (std::size_t g = 0; g < sample.groups.size(); ++g)
    for (std::size_t i = sample.groups[g].size; i-- > 0;)
      result.add_reflected(g, sample.groups[g].seen, i, sample.groups[g].w[i]);
  return result;
}

Ties ties_of(const Sample& sample) {
  const Points& points = sample.places;
  const std::size_t size = points.size;
  Ties ties;
  if (points.width != nullptr || !is_exact(sample) || size < 3) return ties;
  std::vector<std::size_t> tied(size + 1, 0);  // how many of the first i values are tied
  for (std::size_t i = 0; i < size; ++i)
    tied[i + 1] = tied[i] + (points.w[i] >= kTied ? 1 : 0);
  if (tied[size] == 0) return ties;
  ties.x.assign(points.x, points.x + size);
  ties.gap.assign(size, 0);
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t begin = i > kAround ? i - kAround : 0;
    const std::size_t end = std::min(i + kAround + 1, size);
    if (points.w[i] < kTied || 2 * (tied[end] - tied[begin]) <= end - begin) continue;
    // If a value is far from all others, its distance says nothing about the grid. Then
    // twice the next spacing is used.
    double gap = std::numeric_limits<double>::infinity();
    for (std::size_t j = begin; j + 1 < end; ++j) {
      const bool beside = j == i || j + 1 == i;
      gap = std::min(gap, (points.x[j + 1] - points.x[j]) * (beside ? 1 : 2));
    }
    ties.gap[i] = gap;
  }
  return ties;
}

SampleSet condensed(const Sample& sample, std::size_t runs, double widest,
                    std::size_t fewest) {
  SampleSet result = condensed_to_few(sample, runs, widest);
  return result.places.x.size() < fewest ? copy_of(sample) : result;
}

}  // namespace gmm1d
