#pragma once

#include "em.h"
#include "mixture.h"
#include "objective.h"

namespace gmm1d {

/// The EM-test of k components against more than k (Chen & Li 2009; Chen, Li & Fu 2012).
struct EmTest {
  Mixture null;         ///< with k components
  Mixture alternative;  ///< component j of the null becomes 2 j and 2 j + 1
  double weight;        ///< of the penalty on the sigmas of the alternative: a_n
  double statistic;
};

/// The EM-test for exact values, starting from the mixture that a search with k
/// components found. For each component, either both mean and sigma are known or both are
/// free. Several threads climb the alternatives in parallel; the result does not depend
/// on their number.
EmTest em_test(const Objective& objective, const Mixture& found, const Climb& climb,
               int threads = 1);

}  // namespace gmm1d
