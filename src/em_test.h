#pragma once

#include "em.h"
#include "mixture.h"
#include "objective.h"

namespace gmm1d {

/// The EM-test of k components against more (Chen & Li 2009; Chen, Li & Fu 2012).
struct EmTest {
  Mixture null;         ///< with k components
  Mixture alternative;  ///< component j of the null is split into 2 j and 2 j + 1
  double weight;        ///< of the penalty on the sigmas of the alternative, a_n
  double statistic;
};

/// The test of exact values, from the mixture that a search with k components has found.
/// Components are known, mean and sigma, or free. With several threads, the alternatives
/// are climbed in parallel; the result does not depend on their number.
EmTest em_test(const Objective& objective, const Mixture& found, const Climb& climb,
               int threads = 1);

}  // namespace gmm1d
