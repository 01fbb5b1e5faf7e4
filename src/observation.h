#pragma once

#include <array>
#include <cstddef>
#include <variant>
#include <vector>

#include "mixture.h"

namespace gmm1d {

/// Observations are looked at in blocks of this many: what is said of them stays in the
/// nearest cache, and rounding errors stay those of short sums.
constexpr std::size_t kBlock = 256;

/// Values that are known.
struct Exact {
  const double* x;
};

/// Values that are known to lie between two bounds, which may be infinite. Where the
/// bounds are equal, the value is known.
struct Interval {
  const double *lower, *upper;
};

/// Values that are known up to normal errors, of these standard deviations.
struct Erroneous {
  const double *x, *error;
};

/// Intervals in which values lie with their errors.
struct ErroneousInterval {
  const double *lower, *upper, *error;
};

/// Observations of one kind. A new kind is a struct of columns, its place in this list,
/// and the functions below and in latent.h.
using Observation = std::variant<Exact, Interval, Erroneous, ErroneousInterval>;

/// Calls f with each column, which it may move.
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

/// The numbers of one observation, one a column.
constexpr std::size_t kMostColumns = 3;
using Row = std::array<double, kMostColumns>;

/// An observation at x that is otherwise like the i-th, and the i-th times -1.
Row moved_to(const Exact& seen, std::size_t i, double x);
Row moved_to(const Interval& seen, std::size_t i, double x);
Row moved_to(const Erroneous& seen, std::size_t i, double x);
Row moved_to(const ErroneousInterval& seen, std::size_t i, double x);
Row reflected(const Exact& seen, std::size_t i);
Row reflected(const Interval& seen, std::size_t i);
Row reflected(const Erroneous& seen, std::size_t i);
Row reflected(const ErroneousInterval& seen, std::size_t i);

/// The log of the likelihood that the observation comes from a noise of density 1 over
/// its range; -Inf if it cannot.
double log_within(const Exact& seen, std::size_t i, const Noise& noise);
double log_within(const Interval& seen, std::size_t i, const Noise& noise);
double log_within(const Erroneous& seen, std::size_t i, const Noise& noise);
double log_within(const ErroneousInterval& seen, std::size_t i, const Noise& noise);

/// The bounds of an observation, and its error.
struct Extent {
  double lower, upper, error;
};
Extent extent(const Exact& seen, std::size_t i);
Extent extent(const Interval& seen, std::size_t i);
Extent extent(const Erroneous& seen, std::size_t i);
Extent extent(const ErroneousInterval& seen, std::size_t i);

/// A value that the observation may have, and its error, for components too far away for
/// a probability.
struct Place {
  double x, error;
};
Place place_in(const Extent& extent);
template <class Seen>
Place place(const Seen& seen, std::size_t i) {
  return place_in(extent(seen, i));
}

/// True if all values are known.
bool is_exact(const Observation& seen);

/// The kind of a window through which these are seen: an interval, with their errors.
Observation window_like(const Observation& seen);

/// The same observations without the first few.
Observation from(Observation seen, std::size_t begin);

/// Observations with memory of their own.
class ObservationSet {
 public:
  /// None yet, of the kind of these.
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
