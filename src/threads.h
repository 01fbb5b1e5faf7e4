#pragma once

#include <cstddef>
#include <functional>

namespace gmm1d {

/// How many threads may run at once: as many as asked for, but no more than there are
/// processors and than OpenMP's limit allows, which a machine's owner may have set.
int threads_allowed(int asked);

/// What long work calls now and then: it throws if the work shall end.
using Check = std::function<void()>;

/// Calls f(0, check), ..., f(n - 1, check) by so many threads at most, each as soon as
/// one is free; by fewer if the system gives no more. In the calling thread `check` is
/// check_interrupt. An exception cannot leave another thread: the first that is thrown
/// ends the calls, and is thrown again.
void parallel_for(
    std::size_t n, int threads, const std::function<void(std::size_t, const Check&)>& f,
    const Check& check_interrupt = [] {});

}  // namespace gmm1d
