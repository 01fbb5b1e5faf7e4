#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "choice.h"
#include "em.h"
#include "objective.h"

namespace gmm1d {

/// Tells which numbers of components may have a lower criterion than the best so far.
class Contenders {
 public:
  Contenders(const Objective& objective, Criterion criterion,
             std::function<void()> check_interrupt)
      : objective_(objective),
        criterion_(criterion),
        check_interrupt_(std::move(check_interrupt)) {}

  double choice_of(const EmResult& result) const {
    return choice(objective_, criterion_, result);
  }

  /// True if a longer search might find that so many components have a lower criterion
  /// than the best. They have no chance if what a brief search has found is worse by far,
  /// or if it is worse and the ceiling of the likelihood rules them out, except with
  /// components that are much narrower than those of the best.
  bool may_win(const EmResult& brief, const EmResult& best);

  /// The same if they were searched at length, but not yet improved by merging components
  /// of larger numbers.
  bool may_win_ahead(const EmResult& unsettled, const EmResult& best) const;

  /// The bound that rules them out, if there is one.
  std::optional<Limit> limit(const EmResult& brief, const EmResult& best);

 private:
  const Objective& objective_;
  const Criterion criterion_;
  const std::function<void()> check_interrupt_;
  Limit limit_ = {};    ///< the last bound that was found
  Limit reached_ = {};  ///< a log-likelihood that some mixture reaches
};

}  // namespace gmm1d
