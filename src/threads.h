#pragma once

#include <atomic>
#include <cstddef>
#include <exception>

namespace gmm1d {

/// How many threads a parallel region may have: as many as asked for and OpenMP allows,
/// and one in a forked process, where the threads of OpenMP's pool do not exist.
int threads_allowed(int asked);

/// Calls f(0), ..., f(n - 1) by threads, each as soon as one is free. An exception may
/// not leave a parallel region: the first that is thrown ends the calls, and is thrown
/// again.
template <class F>
void parallel_for(std::size_t n, int threads, const F& f) {
  (void)threads;  // without OpenMP
  std::exception_ptr thrown;
  std::atomic<bool> failed = false;
#pragma omp parallel for schedule(dynamic) num_threads(threads) if (threads > 1)
  for (std::size_t i = 0; i < n; ++i) {
    if (failed) continue;
    try {
      f(i);
    } catch (...) {
#pragma omp critical(gmm1d_thrown)
      thrown = std::current_exception();
      failed = true;
    }
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace gmm1d
