#pragma once

#include <array>
#include <cstddef>
#include <variant>
#include <vector>

namespace gmm1d {

/// What one observation says of a component: the log of its likelihood, and the moments
/// of order 1 to 4 of z = (X - mu) / sigma given both. EM, Newton's method and the
/// criteria need no more.
struct Latent {
  double log_p;
  double moment[4];
};

/// Values that are known.
struct Exact {
  const double* x;
};

/// Values that are known to lie between two bounds, which may be infinite. Where the
/// bounds are equal, the value is known.
struct Interval {
  const double *lower, *upper;
};

/// Observations of one kind. A new kind is a struct of columns, its place in this list,
/// and the functions below.
using Observation = std::variant<Exact, Interval>;

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

/// The numbers of one observation, one a column.
constexpr std::size_t kMostColumns = 2;
using Row = std::array<double, kMostColumns>;

/// A value that is known, and an observation times -1.
Row known(const Exact&, double x);
Row known(const Interval&, double x);
Row reflected(const Exact& seen, std::size_t i);
Row reflected(const Interval& seen, std::size_t i);

/// The contract. `per_sigma` is 1 / sigma.
Latent latent(const Exact& seen, std::size_t i, double mu, double per_sigma);
Latent latent(const Interval& seen, std::size_t i, double mu, double per_sigma);

/// A value that the observation may have, for components too far away for a probability.
double place(const Exact& seen, std::size_t i);
double place(const Interval& seen, std::size_t i);

/// True if all values are known.
bool is_exact(const Observation& seen);

/// Observations with memory of their own.
class ObservationSet {
 public:
  /// None yet, of the kind of these.
  explicit ObservationSet(const Observation& kind);

  void add(const Row& row);
  void add(const Observation& from, std::size_t i);
  void add_known(double x);
  void add_reflected(const Observation& from, std::size_t i);

  Observation view() const;

 private:
  Observation kind_;
  std::vector<std::vector<double>> columns_;
};

}  // namespace gmm1d
