#include "threads.h"

#include <algorithm>

#ifdef _OPENMP
#include <omp.h>
#endif
#ifndef _WIN32
#include <pthread.h>
#endif

namespace gmm1d {

namespace {

bool forked = false;

#ifndef _WIN32
const int watching_forks = pthread_atfork(nullptr, nullptr, [] { forked = true; });
#endif

}  // namespace

int threads_allowed(int asked) {
#ifdef _OPENMP
  return forked ? 1 : std::max(1, std::min(asked, omp_get_thread_limit()));
#else
  (void)asked;
  return 1;
#endif
}

}  // namespace gmm1d
