#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace gmm1d {

/// The number of threads that may run at once: as many as asked for, but at most the
/// number of processors and OpenMP's thread limit, which the owner of the machine may
/// have set.
int threads_allowed(int asked);

/// Long-running work calls this now and then. It throws if the work is to end.
using Check = std::function<void()>;

/// The calling thread and others, which work together on one loop after another. Fewer if
/// the system provides no more.
class Team {
 public:
  /// A task of a loop, given its number.
  using Work = std::function<void(std::size_t, const Check&)>;

  explicit Team(int threads = 1);
  Team(const Team&) = delete;
  ~Team();

  /// Calls f(0, check), ..., f(n - 1, check), each as soon as a thread is free. In the
  /// calling thread, `check` calls check_interrupt. An exception cannot leave another
  /// thread, so the first exception ends the loop and is thrown again here. Loops cannot
  /// be nested.
  void for_each(
      std::size_t n, const Work& f, const Check& check_interrupt = [] {});

 private:
  class Loop;

  void work_on_loops();

  std::mutex mutex_;
  std::condition_variable begun_, left_;
  Loop* loop_ = nullptr;            ///< which threads may still join
  std::atomic<unsigned> loops_{0};  ///< that have begun
  std::atomic<int> inside_{0};      ///< other threads that work on one
  std::atomic<bool> is_over_{false};
  std::vector<std::thread> others_;
};

/// One loop by a team of at most `threads` threads.
void parallel_for(
    std::size_t n, int threads, const Team::Work& f,
    const Check& check_interrupt = [] {});

}  // namespace gmm1d
