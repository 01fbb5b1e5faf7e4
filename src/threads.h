#pragma once

#include <cstddef>
#include <functional>

namespace gmm1d {

/// The number of threads that may run at once: as many as asked for, but at most the
/// number of processors and OpenMP's thread limit, which the owner of the machine may
/// have set.
int threads_allowed(int asked);

/// Long-running work calls this now and then. It throws if the work is to end.
using Check = std::function<void()>;

/// Calls f(0, check), ..., f(n - 1, check) on at most `threads` threads, each as soon as
/// one is free; on fewer if the system provides no more. In the calling thread, `check`
/// calls check_interrupt. An exception cannot leave another thread, so the first
/// exception ends the calls and is thrown again here.
void parallel_for(
    std::size_t n, int threads, const std::function<void(std::size_t, const Check&)>& f,
    const Check& check_interrupt = [] {});

}  // namespace gmm1d
