#include "levels.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "rough.h"

namespace gmm1d {

namespace {

/// The number of rounds if several components have constraints of their own.
constexpr int kManyRounds = 30;

/// The tolerance of the gap, in units of the objective, for maxima that the search
/// compares.
constexpr double kSearchTol = 1e-4;
/// A climb of the search ends after this many iterations, mostly on a ridge.
constexpr int kSearchIterations = 50;
/// Two maxima are the same if their objectives differ by less than this.
constexpr double kSameMaximum = 1e-3;

/// The starts of the search are groups of this many runs of points, or more.
constexpr std::size_t kStartRuns = 32;
/// A run is at most this part of the scale wide.
constexpr double kWidestRun = 0.25;
/// A search on fewer points than this would find nothing.
constexpr std::size_t kFewestPoints = 32;

/// Candidates are alike if their proportions, and their means and deviations in sigmas,
/// differ by less than this. Both might climb to the same maximum, so the time is better
/// spent on others.
constexpr double kAlike = 0.4;

/// Each accelerated step keeps this part of the candidates, and no fewer than this number
/// for each that will be climbed: some of them will become alike.
constexpr double kKept = 0.6;
constexpr std::size_t kSpare = 3;

/// True if corresponding components of two ordered mixtures are alike.
bool alike(const Mixture& a, const Mixture& b, const Sample& sample) {
  for (std::size_t j = 0; j < a.k(); ++j) {
    const double of_a = blurred(a[j].sigma, sample), of_b = blurred(b[j].sigma, sample);
    const double ratio = of_a / of_b;
    if (std::abs(a[j].lambda - b[j].lambda) > kAlike ||
        std::abs(a[j].mu - b[j].mu) > kAlike * (of_a + of_b) || ratio > 1 + 2 * kAlike ||
        ratio < 1 / (1 + 2 * kAlike))
      return false;
  }
  return true;
}

Mixture with_noise(Mixture mixture, const Noise& noise) {
  for (Component& component : mixture.components) component.lambda *= 1 - noise.lambda;
  mixture.noise = noise;
  return mixture;
}

void append(std::vector<Mixture> more, std::vector<Mixture>& all) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

template <class T>
void sort(std::vector<T>& some) {
  std::stable_sort(some.begin(), some.end(),
                   [](const T& a, const T& b) { return a.objective > b.objective; });
}

template <class T>
void keep_best(std::size_t most, std::vector<T>& some) {
  sort(some);
  if (some.size() > most)
    some.erase(some.begin() + static_cast<std::ptrdiff_t>(most), some.end());
}

/// True if a maximum is the same as one of some others.
bool is_among(const Candidate& maximum, const Maxima& others) {
  return std::any_of(others.begin(), others.end(), [&](const Candidate& other) {
    return std::abs(maximum.objective - other.objective) < kSameMaximum;
  });
}

/// True if a candidate is like one of some others that are at least as high. All are
/// ordered.
bool is_behind(const Candidate& candidate, const Maxima& others, const Sample& sample) {
  return std::any_of(others.begin(), others.end(), [&](const Candidate& other) {
    return !(candidate.objective > other.objective) &&
           alike(candidate.mixture, other.mixture, sample);
  });
}

Climb quick_climb(Climb climb) {
  climb.certify = false;
  climb.tol = std::max(climb.tol, kSearchTol);
  climb.max_iter = std::min(climb.max_iter, kSearchIterations);
  return climb;
}

}  // namespace

SampleSet outline(const Objective& objective, std::size_t runs) {
  return condensed(objective.sample, runs, kWidestRun * objective.penalty.scale,
                   std::max(kFewestPoints, objective.constraints.own()));
}

Levels::Levels(const Objective& objective, const Climb& climb, const Effort& effort,
               Team& team, Levels* coarse, Levels* quick, Levels* unrelated)
    : objective_(objective),
      rough_(gmm1d::rough(objective)),
      is_rough_(rough_error(objective.sample.places) < kSameMaximum),
      climb_(quick_climb(climb)),
      effort_(effort),
      team_(team),
      coarse_(coarse),
      quick_(quick),
      unrelated_(unrelated),
      first_(std::max<std::size_t>(objective_.constraints.own(), 1)),
      // There is nothing left for more components if all proportions are fixed. A
      // relation that goes by number fixes the number of components.
      last_(free_share(objective_.constraints) > 0 &&
                    !objective_.constraints.relation.is_by_number()
                ? objective.sample.places.size
                : first_),
      moves_(objective_),
      insertions_(objective_, is_rough_, team_) {}

Levels::Levels(const Levels& levels, std::size_t k, const Effort& effort, Levels* quick)
    : objective_(levels.objective_),
      rough_(levels.rough_),
      is_rough_(levels.is_rough_),
      climb_(levels.climb_),
      effort_(effort),
      team_(levels.team_),
      coarse_(nullptr),
      quick_(quick),
      unrelated_(nullptr),
      first_(levels.first_),
      last_(levels.last_),
      is_continued_(true),
      moves_(objective_),
      insertions_(objective_, is_rough_, team_),
      levels_(levels.levels_.begin(), levels.levels_.begin() + (k - levels.first_ + 1)),
      settled_(levels_.size()) {}

const Maxima& Levels::settled(std::size_t k) {
  while (first_ + settled_ <= k) settle(first_ + settled_);
  return level(k);
}

const Maxima& Levels::unsettled(std::size_t k) {
  if (k > first_) settled(k - 1);
  while (first_ + levels_.size() <= k) extend();
  return level(k);
}

void Levels::settle(std::size_t k) {
  const std::size_t above = std::max(k, std::min(k + ahead(k), last_));
  while (first_ + levels_.size() <= above) extend();
  for (std::size_t j = above; j > k; --j) {
    const double before = level(j - 1)[0].objective;
    reduce(level(j)[0].mixture, level(j - 1));
    const bool is_new = level(j - 1)[0].objective > before + kSameMaximum;
    for (std::size_t i = j; is_new && i <= above; ++i)
      level(i) = best_of(with_one_more(level(i - 1)[0].mixture), std::move(level(i)));
  }
  ++settled_;
}

void Levels::extend() {
  const std::size_t k = first_ + levels_.size();
  Mixtures starts = seeds(k);
  if (levels_.empty()) {
    starts = moves_.assign(starts);
  } else {
    const Maxima& parents = levels_.back();
    for (std::size_t i = 0; i < std::min(parents.size(), effort_.parents); ++i)
      append(with_one_more(parents[i].mixture), starts);
  }
  if (quick_ && k < last_)
    append(moves_.merge(quick_->settled(k + 1)[0].mixture), starts);
  levels_.push_back(best_of(starts, quick_ ? quick_->settled(k) : Maxima{}));
  if (k > 1) improve(levels_.back());
}

Levels::Mixtures Levels::seeds(std::size_t k) {
  Mixtures result;
  if (is_continued_) return result;
  if (coarse_ != nullptr) {
    for (const Candidate& maximum : coarse_->settled(k))
      result.push_back(maximum.mixture);
  } else {
    result = starts(k);
  }
  if (unrelated_ != nullptr) append(unrelated_->around(k), result);
  return result;
}

const Levels::Mixtures& Levels::starts(std::size_t k) {
  if (quick_) return quick_->starts(k);
  if (!starts_) {
    // The starts depend only on where the data lie.
    Objective coarser = objective_;
    coarser.sample = sample_of(objective_.sample.places);
    outline_.emplace(outline(coarser, kStartRuns).places);
    coarser.sample = sample_of(outline_->view());
    coarser.sample.error = objective_.sample.error;
    starts_.emplace(coarser);
  }
  while (started_.size() < k) {
    started_.push_back(starts_->next());
    for (Mixture& mixture : started_.back())
      mixture = with_noise(mixture, objective_.noise);
  }
  return started_[k - 1];
}

Levels::Mixtures Levels::around(std::size_t k) {
  Mixtures result;
  for (const Candidate& maximum : settled(k)) result.push_back(maximum.mixture);
  if (k > first_) append(with_one_more(settled(k - 1)[0].mixture), result);
  if (k < last_) append(moves_.merge(settled(k + 1)[0].mixture), result);
  return result;
}

Levels::Mixtures Levels::with_one_more(const Mixture& mixture) const {
  Mixtures result = moves_.split(mixture);
  for (const Insertion& insertion : insertions_.best(mixture, effort_.insertions))
    result.push_back(inserted(mixture, insertion));
  for (const Insertion& insertion : insertions_.in_row(mixture))
    result.push_back(inserted(mixture, insertion));
  return result;
}

void Levels::improve(Maxima& best) const {
  const int most = std::min(effort_.rounds, static_cast<int>(best[0].mixture.k()) - 2);
  const int rounds = objective_.constraints.own() > 1 ? kManyRounds : most;
  Maxima tried;
  const auto is_new = [&](const Candidate& maximum) { return !is_among(maximum, tried); };
  for (int round = 0; round < rounds; ++round) {
    const auto last = best.begin() + std::min(best.size(), effort_.improved);
    const auto next = std::find_if(best.begin(), last, is_new);
    if (next == last) break;
    tried.push_back(*next);
    Mixtures candidates = reinsertions(next->mixture);
    append(moves_.exchange(next->mixture), candidates);
    best = best_of(candidates, std::move(best));
  }
}

Levels::Mixtures Levels::reinsertions(const Mixture& mixture) const {
  Mixtures result;
  Maxima swaps;
  const std::vector<Insertion> elsewhere = insertions_.best(mixture, effort_.insertions);
  if (objective_.constraints.relation.is_by_number()) {
    for (std::size_t j = 0; j < mixture.k(); ++j)
      for (const Insertion& insertion : elsewhere)
        result.push_back(replaced(mixture, j, insertion));
    return result;
  }
  for (std::size_t j = objective_.constraints.own(); j < mixture.k(); ++j) {
    const Candidate rest = em_steps(objective_, moves_.without(mixture, j), 0);
    for (const Insertion& insertion :
         insertions_.best(rest.mixture, effort_.reinsertions))
      result.push_back(inserted(rest.mixture, insertion));
    for (const Insertion& insertion : elsewhere)
      swaps.push_back(
          {inserted(rest.mixture, insertion), rest.objective + insertion.gain});
  }
  sort(swaps);
  swaps.resize(std::min(swaps.size(), effort_.swaps));
  for (Candidate& swap : swaps) result.push_back(std::move(swap.mixture));
  return result;
}

void Levels::reduce(const Mixture& mixture, Maxima& best) const {
  Mixtures candidates = moves_.merge(mixture);
  for (std::size_t j = objective_.constraints.own(); j < mixture.k(); ++j)
    candidates.push_back(moves_.without(mixture, j));
  best = best_of(candidates, std::move(best));
}

Maxima Levels::best_of(const Mixtures& candidates, Maxima known) const {
  if (candidates.empty()) return known;
  const std::size_t most = climbs(candidates[0].k());
  std::vector<State> racing(candidates.size());  // ranked in single precision
  for_each(racing.size(), [&](std::size_t i) {
    racing[i] = em_step(rough_, evaluate(rough_, feasible(rough_, candidates[i])));
  });
  keep_best(effort_.followed * most, racing);
  for (int step = 0; step < effort_.steps; ++step) {
    for_each(racing.size(),
             [&](std::size_t i) { racing[i] = accelerated_step(rough_, racing[i]); });
    racing = leading(std::move(racing), known);
    const double kept = std::round(kKept * static_cast<double>(racing.size()));
    keep_best(std::max(static_cast<std::size_t>(kept), kSpare * most), racing);
  }
  Maxima climbing;
  for (State& state : racing)
    climbing.push_back({std::move(state.mixture), state.objective});
  // Of two that are the same the one known before stays, so that it is concluded once.
  for (Candidate& maximum : climbed(std::move(climbing), known, most)) {
    if (!is_among(maximum, known)) known.push_back(std::move(maximum));
  }
  sort(known);
  known.resize(std::min(known.size(), effort_.maxima));
  return known;
}

std::vector<State> Levels::leading(std::vector<State> racing, const Maxima& known) const {
  sort(racing);
  Maxima seen = known;
  std::vector<State> result;
  for (State& state : racing) {
    Candidate candidate = {ordered(state.mixture, objective_.constraints.own()),
                           state.objective};
    if (is_behind(candidate, seen, objective_.sample)) continue;
    seen.push_back(std::move(candidate));
    result.push_back(std::move(state));
  }
  return result;
}

Maxima Levels::climbed(Maxima candidates, const Maxima& known, std::size_t most) const {
  sort(candidates);
  const std::size_t own = objective_.constraints.own();
  Maxima seen = known, starts;
  for (Candidate& candidate : candidates) {
    if (starts.size() == most) break;
    candidate.mixture = ordered(candidate.mixture, own);
    if (is_behind(candidate, seen, objective_.sample)) continue;
    seen.push_back(candidate);
    starts.push_back(std::move(candidate));
  }
  Maxima result(starts.size());
  const Objective& climbed_on = is_rough_ ? rough_ : objective_;
  const auto climb_from = [&](std::size_t i, const Check& check) {
    Climb climb = climb_;
    climb.check_interrupt = check;
    // A candidate that cannot become one of the maxima kept is not climbed to the end.
    if (known.size() == effort_.maxima) climb.give_up_below = known.back().objective;
    const EmResult maximum = em(climbed_on, starts[i].mixture, climb);
    result[i] = {ordered(maximum.mixture, own), maximum.objective};
  };
  team_.for_each(starts.size(), climb_from, climb_.check_interrupt);
  return result;
}

void Levels::for_each(std::size_t n, const std::function<void(std::size_t)>& f) const {
  team_.for_each(n, [&](std::size_t i, const Check&) { f(i); });
}

}  // namespace gmm1d
