#include "threads.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace gmm1d {

namespace {

/// Thrown to end a task because another one threw.
struct Ended {};

/// The first exception thrown in one of several threads.
class Failure {
 public:
  bool is_known() const { return known_; }

  /// Stores the exception that is being handled, if it is the first.
  void keep() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!known_) thrown_ = std::current_exception();
    known_ = true;
  }

  void rethrow() const {
    if (known_) std::rethrow_exception(thrown_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr thrown_;
  std::atomic<bool> known_ = false;
};

}  // namespace

int threads_allowed(int asked) {
#ifdef _OPENMP
  const int most = std::min(omp_get_num_procs(), omp_get_thread_limit());
#else
  const int most = static_cast<int>(std::thread::hardware_concurrency());
#endif
  return std::max(1, std::min(asked, most));
}

void parallel_for(std::size_t n, int threads,
                  const std::function<void(std::size_t, const Check&)>& f,
                  const Check& check_interrupt) {
  std::atomic<std::size_t> next = 0;
  Failure failure;
  const auto work = [&](const Check& check) {
    try {
      for (std::size_t i = next++; i < n && !failure.is_known(); i = next++) f(i, check);
    } catch (...) {
      failure.keep();
    }
  };
  const Check check_failure = [&] {
    if (failure.is_known()) throw Ended();
  };
  std::vector<std::thread> others;
  const std::size_t most = std::min(n, static_cast<std::size_t>(threads));
  others.reserve(most);
  try {
    while (others.size() + 1 < most) others.emplace_back(work, check_failure);
  } catch (const std::exception&) {
    // The system cannot start another thread.
  }
  work([&] {
    check_failure();
    check_interrupt();
  });
  for (std::thread& other : others) other.join();
  failure.rethrow();
}

}  // namespace gmm1d
