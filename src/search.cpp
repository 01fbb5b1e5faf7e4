#include "search.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "conclude.h"
#include "contenders.h"
#include "levels.h"

namespace gmm1d {

namespace {

/// The effort on all points, if there are few observations or few cells, and if there are
/// more.
constexpr Effort kFast = {3, 1, 10, 4, 4, 16, 2, 8, 1, 1, 2};
constexpr Effort kFastMore = {4, 1, 12, 8, 6, 20, 2, 16, 2, 1, 2};
constexpr double kFew = 768;
/// For a first look at all numbers of components.
constexpr Effort kBrief = {3, 1, 2, 1, 1, 3, 0, 0, 0, 0, 0};
constexpr Effort kThorough = {100, 8, 24, 8, 6, 30, 10, 60, 20, 3, 2};

/// With many points, the search starts on runs of points, and continues on all points
/// from the maxima found.
struct Stages {
  double observations;  ///< the largest number that this applies to
  std::size_t runs;     ///< of equal weight, with up to three points each
  Effort coarse, fine;
};
/// The more observations there are, the less a few of them matter.
constexpr Stages kStages[] = {
    {3e4, 256, {4, 4, 12, 6, 3, 10, 2, 20, 2, 1, 1}, {4, 2, 6, 4, 2, 24, 2, 30, 2, 1, 2}},
    {1e6, 256, {2, 2, 6, 4, 2, 8, 1, 0, 0, 1, 1}, {3, 2, 4, 4, 2, 24, 1, 30, 1, 1, 1}},
    {std::numeric_limits<double>::infinity(),
     128,
     {2, 1, 4, 2, 1, 4, 1, 0, 0, 1, 1},
     {2, 1, 2, 1, 1, 2, 1, 0, 0, 1, 0}}};
constexpr Effort kThoroughFine = {100, 4, 12, 4, 4, 60, 4, 60, 5, 2, 2};
/// For intervals that were searched as values first.
constexpr Effort kFineOfIntervals = {2, 2, 4, 3, 1, 4, 1, 4, 1, 1, 1};

/// Concludes the best maximum of each k once.
class Conclusions {
 public:
  /// `earlier` are those of a less extensive search, if there was one.
  Conclusions(const Objective& objective, const Search& how, Levels& levels, Team& team,
              const Conclusions* earlier = nullptr)
      : objective_(objective),
        single_(of_one_component(objective)),
        how_(how),
        levels_(levels),
        team_(team),
        earlier_(earlier) {}

  /// Concludes the settled maxima of several numbers of components at once, the largest
  /// first, as it takes longest.
  void prepare(const std::vector<std::size_t>& ks) {
    std::vector<Conclusion> some;
    for (const std::size_t k : ks) some.push_back({levels_.settled(k)[0].mixture, {}});
    const auto conclude_one = [&](std::size_t i, const Check& check) {
      Conclusion& one = some[some.size() - 1 - i];
      one.result = concluded_from(one.start, check);
    };
    team_.for_each(some.size(), conclude_one, how_.climb.check_interrupt);
    for (std::size_t i = 0; i < ks.size(); ++i)
      known_.insert_or_assign(ks[i], std::move(some[i]));
  }

  /// The result for k components, settled or not (see Levels).
  EmResult settled(std::size_t k) { return with_fewer(k, levels_.settled(k)); }
  EmResult unsettled(std::size_t k) { return with_fewer(k, levels_.unsettled(k)); }

 private:
  struct Conclusion {
    Mixture start;
    EmResult result;
  };

  /// If one of the components is redundant (a ridge), the objective is that of k - 1
  /// components: a component with proportion 0 and sigma s costs nothing.
  EmResult with_fewer(std::size_t k, const Maxima& maxima) {
    EmResult result = concluded(k, maxima[0].mixture);
    const Constraints& constraints = objective_.constraints;
    if (k > 1 && k > constraints.own() && result.status != Status::converged &&
        !constraints.relation.equal_lambda)
      result.objective = std::max(result.objective, settled(k - 1).objective);
    return result;
  }

  const EmResult& concluded(std::size_t k, const Mixture& start) {
    if (const Conclusion* known = from(k, start)) return known->result;
    EmResult result = concluded_from(start, how_.climb.check_interrupt);
    return known_.insert_or_assign(k, Conclusion{start, std::move(result)})
        .first->second.result;
  }

  EmResult concluded_from(const Mixture& start, const Check& check) const {
    const Conclusion* same = earlier_ ? earlier_->from(start.k(), start) : nullptr;
    if (same) return same->result;
    Climb climb = how_.climb;
    climb.check_interrupt = check;
    return conclude(start.k() == 1 ? single_ : objective_, start, climb);
  }

  /// The conclusion from this start, or null.
  const Conclusion* from(std::size_t k, const Mixture& start) const {
    const auto known = known_.find(k);
    const bool is_same = known != known_.end() &&
                         known->second.start.components == start.components &&
                         known->second.start.noise.lambda == start.noise.lambda;
    return is_same ? &known->second : nullptr;
  }

  const Objective& objective_;
  Objective single_;
  const Search& how_;
  Levels& levels_;
  Team& team_;
  const Conclusions* const earlier_;
  std::map<std::size_t, Conclusion> known_;
};

/// The sample on which a search starts.
struct Beginning {
  SampleSet sample;
  bool is_other;  ///< not the sample of all data
};

/// A search on a smaller sample, if there is one, and on all data. `quick` is a less
/// extensive search.
struct TwoSearches {
  TwoSearches(const Objective& objective, const Beginning& beginning, const Climb& climb,
              Team& team, const Effort& coarse_effort, const Effort& fine_effort,
              TwoSearches* quick = nullptr, TwoSearches* unrelated = nullptr) {
    Levels* const others = unrelated ? unrelated->fine.get() : nullptr;
    if (beginning.is_other) {
      Objective coarser = objective;
      coarser.sample = beginning.sample.view();
      coarse = std::make_unique<Levels>(coarser, climb, coarse_effort, team, nullptr,
                                        quick ? quick->coarse.get() : nullptr, others);
    }
    fine = std::make_unique<Levels>(objective, climb, fine_effort, team, coarse.get(),
                                    quick ? quick->fine.get() : nullptr, others);
  }

  // Not on the stack, which may be small in a thread.
  std::unique_ptr<Levels> coarse, fine;
};

/// With more points than this, a search takes as long as with the most observations.
/// Points other than exact values take several times as long, so their limit is lower.
constexpr std::size_t kManyPoints = 1 << 14, kOtherPoints = 1 << 12;

const Stages& stages_for(const Sample& sample) {
  const Points& points = sample.places;
  if (points.size > (is_exact(sample) ? kManyPoints : kOtherPoints))
    return *std::prev(std::end(kStages));
  return *std::find_if(std::begin(kStages), std::end(kStages), [&](const Stages& stages) {
    return points.n <= stages.observations;
  });
}

/// Intervals carry less information than as many values, so their number counts, not that
/// of observations.
const Effort& effort_for(const Sample& sample) {
  const Points& points = sample.places;
  const double size = points.width == nullptr && is_exact(sample)
                          ? points.n
                          : static_cast<double>(points.size);
  return size <= kFew ? kFast : kFastMore;
}

/// The intervals as values with cells of the same width. This is about six times as fast.
SampleSet as_cells(const Sample& sample) {
  const Points& places = sample.places;
  const auto& seen = std::get<Interval>(sample.groups[0].seen);
  SampleSet result(sample_of(places));
  for (std::size_t i = 0; i < places.size; ++i) {
    const double width = seen.upper[i] - seen.lower[i];
    result.places.add(places.x[i], places.w[i], std::isfinite(width) ? width : 0);
    result.add(0, {places.x[i]}, places.w[i]);
  }
  return result;
}

/// The number of components that have labels among the observations.
std::size_t labelled(const Sample& sample) {
  std::size_t count = 0;
  for (const Group& group : sample.groups)
    if (group.label != Label::none) count = std::max(count, group.component + 1);
  return count;
}

/// The objective without relations between parameters: its maxima are near those with
/// relations. Components that only a relation distinguishes have no constraints then.
Objective without_relation(Objective objective) {
  Constraints& constraints = objective.constraints;
  constraints.relation = Relation();
  const auto are_free = [](const std::vector<double>& fixed) {
    return std::all_of(fixed.begin(), fixed.end(), is_free);
  };
  if (are_free(constraints.lambda) && are_free(constraints.mu) &&
      are_free(constraints.sigma)) {
    const std::size_t own = std::min(constraints.own(), labelled(objective.sample));
    for (auto* fixed : {&constraints.lambda, &constraints.mu, &constraints.sigma})
      fixed->resize(own);
  }
  return objective;
}

/// A brief search was too brief if it ends lower than one for fewer components, by more
/// than this.
constexpr double kPoor = 1e-3;

/// Marks the results from the first `settled` on as brief, and gives those that were not
/// searched at length the bound that rules them out, if there is one.
void mark_brief(Contenders& contenders, const EmResult& best, std::size_t settled,
                std::size_t searched, std::vector<EmResult>& results) {
  for (std::size_t i = settled; i < results.size(); ++i) {
    results[i].is_brief = true;
    results[i].objective = std::max(results[i].objective, results[i - 1].objective);
    if (i == searched)
      results[i].limit = contenders.limit(results[i], best);
    else if (i > searched)
      results[i].limit = results[searched].limit;
  }
}

/// The results for numbers of components among which a criterion chooses: all are
/// searched briefly, and those that may win at length, with all smaller ones. The largest
/// of these is settled only if it may still win then. If all that leads higher than the
/// brief search for more components, it is continued from there.
std::vector<EmResult> choose(const Objective& objective, const std::vector<int>& ks,
                             const Search& how, Team& team, Levels& brief, Levels& full) {
  Contenders contenders(objective, *how.criterion, how.climb.check_interrupt);
  Conclusions of_brief(objective, how, brief, team);
  Conclusions of_full(objective, how, full, team, &of_brief);
  const auto k = [&](std::size_t i) { return static_cast<std::size_t>(ks[i]); };
  std::vector<EmResult> results;
  of_brief.prepare({ks.begin(), ks.end()});
  for (std::size_t i = 0; i < ks.size(); ++i) results.push_back(of_brief.settled(k(i)));
  // The first `settled` are settled, the first `searched` have been searched at length,
  // and the others have been continued from the first `continued`.
  std::size_t best = 0, settled = 0, searched = 0, continued = 0;
  for (;;) {
    for (std::size_t i = 0; i < ks.size(); ++i)
      if (contenders.choice_of(results[i]) < contenders.choice_of(results[best]))
        best = i;
    std::size_t end = std::max(best + 1, settled);
    for (std::size_t i = end; i < ks.size(); ++i)
      if (i < searched ? contenders.may_win_ahead(results[i], results[best])
                       : contenders.may_win(results[i], results[best]))
        end = i + 1;
    if (end > settled) {
      const std::size_t last = end - 1;
      for (; settled < last; ++settled) results[settled] = of_full.settled(k(settled));
      if (last > best && last >= searched && full.looks_ahead(k(last)))
        results[last] = of_full.unsettled(k(last));
      else
        results[settled++] = of_full.settled(k(last));
      searched = std::max(searched, end);
      continue;
    }
    const double reached = results[searched - 1].objective;
    const bool is_poor = std::any_of(
        results.begin() + static_cast<std::ptrdiff_t>(searched), results.end(),
        [&](const EmResult& one) { return one.objective < reached - kPoor; });
    if (!is_poor || continued == searched) break;
    Levels higher(full, k(searched - 1), kBrief, &brief);
    Conclusions of_higher(objective, how, higher, team, &of_brief);
    of_higher.prepare({ks.begin() + static_cast<std::ptrdiff_t>(searched), ks.end()});
    for (std::size_t i = searched; i < ks.size(); ++i)
      results[i] = of_higher.settled(k(i));
    continued = searched;
  }
  mark_brief(contenders, results[best], settled, searched, results);
  return results;
}

/// The best maxima for data that are not skewed to the left.
std::vector<EmResult> search_oriented(const Objective& objective,
                                      const std::vector<int>& ks, const Search& how,
                                      Team& team) {
  const Sample& sample = objective.sample;
  const Stages& stages = stages_for(sample);
  SampleSet condensed = outline(objective, stages.runs);
  const bool are_few = condensed.places.x.size() == sample.places.size;
  const bool are_intervals = are_few && sample.groups.size() == 1 &&
                             std::holds_alternative<Interval>(sample.groups[0].seen);
  const Beginning beginning = {are_intervals ? as_cells(sample) : std::move(condensed),
                               are_intervals || !are_few};
  const Effort& coarse = are_intervals ? effort_for(sample) : stages.coarse;
  const Effort& fine = are_intervals ? kFineOfIntervals
                       : are_few     ? effort_for(sample)
                                     : stages.fine;
  const bool related = is_related(objective.constraints);
  std::optional<TwoSearches> unrelated, unrelated_brief, thorough;
  if (related) {
    unrelated_brief.emplace(without_relation(objective), beginning, how.climb, team,
                            kBrief, kBrief);
    unrelated.emplace(without_relation(objective), beginning, how.climb, team, coarse,
                      fine, &*unrelated_brief);
  }
  TwoSearches brief(objective, beginning, how.climb, team, kBrief, kBrief, nullptr,
                    related ? &*unrelated_brief : nullptr);
  TwoSearches* const others = related ? &*unrelated : nullptr;
  TwoSearches full(objective, beginning, how.climb, team, coarse, fine, &brief, others);
  if (how.thorough)
    thorough.emplace(objective, beginning, how.climb, team, kThorough,
                     are_few ? kThorough : kThoroughFine, &full, others);
  if (how.criterion && ks.size() > 1 && !how.thorough)
    return choose(objective, ks, how, team, *brief.fine, *full.fine);
  Conclusions conclusions(objective, how, thorough ? *thorough->fine : *full.fine, team);
  conclusions.prepare({ks.begin(), ks.end()});
  std::vector<EmResult> results;
  for (const int k : ks)
    results.push_back(conclusions.settled(static_cast<std::size_t>(k)));
  return results;
}

}  // namespace

/// Data and their mirror image have the same maxima. Both are searched in the orientation
/// that is skewed to the right. Components without constraints of their own stay in
/// order.
std::vector<EmResult> search(const Objective& objective, const std::vector<int>& ks,
                             const Search& how, Team& team) {
  if (skewness(objective.sample.places) >= 0)
    return search_oriented(objective, ks, how, team);
  const SampleSet mirrored = reflected(objective.sample);
  std::vector<EmResult> results =
      search_oriented(reflected(objective, mirrored.view()), ks, how, team);
  const std::size_t own = objective.constraints.own();
  const auto turn_round = [&](auto& some) {
    if (some.size() > own) std::reverse(some.begin() + own, some.end());
  };
  for (EmResult& result : results) {
    result.mixture = reflected(std::move(result.mixture));
    result.narrow = reflected(std::move(result.narrow));
    turn_round(result.mixture.components);
    turn_round(result.narrow.components);
    turn_round(result.held);
  }
  return results;
}

}  // namespace gmm1d
