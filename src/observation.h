#pragma once

#include <array>
#include <cstddef>
#include <variant>
#include <vector>

#include "mixture.h"

namespace gmm1d {

/// Observations are processed in blocks of this many. The intermediate results of a block
/// stay in the nearest cache, and rounding errors stay those of short sums.
constexpr std::size_t kBlock = 256;

/// Exactly known values.
struct Exact {
  const double* x;
};

/// Values known to lie between two bounds, which may be infinite. If the bounds are
/// equal, the value is known exactly.
struct Interval {
  const double *lower, *upper;
};

/// Values with normal errors whose standard deviations are known.
struct Erroneous {
  const double *x, *error;
};

/// Values with normal errors that are known to lie between two bounds, error included.
struct ErroneousInterval {
  const double *lower, *upper, *error;
};

/// Observations of one kind. To add a kind, write a struct of columns, add it to this
/// list, and overload the functions below and in latent.h.
using Observation = std::variant<Exact, Interval, Erroneous, ErroneousInterval>;

/// Calls f with a reference to each column pointer, so f may change it.
template <class F>
void for_each_column(Exact& seen, const F& f) {
  f(seen.x);
}
template <class F>
void for_each_column(Interval& seen, const F& f) {
  f(seen.lower);
  f(seen.upper);
}
template <class F>
void for_each_column(Erroneous& seen, const F& f) {
  f(seen.x);
  f(seen.error);
}
template <class F>
void for_each_column(ErroneousInterval& seen, const F& f) {
  f(seen.lower);
  f(seen.upper);
  f(seen.error);
}

/// The numbers of one observation, one for each column.
constexpr std::size_t kMostColumns = 3;
using Row = std::array<double, kMostColumns>;

/// moved_to(): the i-th observation, moved to x. reflected(): the i-th observation times
/// -1.
Row moved_to(const Exact& seen, std::size_t i, double x);
Row moved_to(const Interval& seen, std::size_t i, double x);
Row moved_to(const Erroneous& seen, std::size_t i, double x);
Row moved_to(const ErroneousInterval& seen, std::size_t i, double x);
Row reflected(const Exact& seen, std::size_t i);
Row reflected(const Interval& seen, std::size_t i);
Row reflected(const Erroneous& seen, std::size_t i);
Row reflected(const ErroneousInterval& seen, std::size_t i);

/// The log-likelihood of the i-th observation under noise that is uniform on its range.
/// Returns -Inf if noise cannot produce the observation.
double log_within(const Exact& seen, std::size_t i, const Noise& noise);
double log_within(const Interval& seen, std::size_t i, const Noise& noise);
double log_within(const Erroneous& seen, std::size_t i, const Noise& noise);
double log_within(const ErroneousInterval& seen, std::size_t i, const Noise& noise);

/// The bounds of an observation, and its error (standard deviation).
struct Extent {
  double lower, upper, error;
};
Extent extent(const Exact& seen, std::size_t i);
Extent extent(const Interval& seen, std::size_t i);
Extent extent(const Erroneous& seen, std::size_t i);
Extent extent(const ErroneousInterval& seen, std::size_t i);

/// A value that the observation may have, and its error. It stands for the observation if
/// all components are too far away for the probability to be computed.
struct Place {
  double x, error;
};
Place place_in(const Extent& extent);
template <class Seen>
Place place(const Seen& seen, std::size_t i) {
  return place_in(extent(seen, i));
}

/// True if all values are known exactly.
bool is_exact(const Observation& seen);

/// True if the kind of observation has errors.
bool has_errors(const Observation& seen);

/// The kind of observation that represents a truncation window for these: an interval,
/// with errors if they have any.
Observation window_like(const Observation& seen);

/// The observations from `begin` on.
Observation from(Observation seen, std::size_t begin);

/// Observations of one kind that own their memory.
class ObservationSet {
 public:
  /// Starts empty, for observations of the same kind as these.
  explicit ObservationSet(const Observation& kind);

  void add(const Row& row);
  void add(const Observation& from, std::size_t i);
  void add_moved(const Observation& from, std::size_t i, double x);
  void add_reflected(const Observation& from, std::size_t i);

  Observation view() const;

 private:
  Observation kind_;
  std::vector<std::vector<double>> columns_;
};

}  // namespace gmm1d
