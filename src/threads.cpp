#include "threads.h"

#include <algorithm>
#include <chrono>
#include <exception>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace gmm1d {

namespace {

/// How often a thread looks for a change before it sleeps. The next loop of a search
/// mostly begins within microseconds, and waking up takes longer.
constexpr int kLooks = 500;
/// How long the calling thread sleeps at a time while others end a loop.
constexpr std::chrono::milliseconds kNap(50);

/// Waits a while. Returns true as soon as something is ready.
template <class Ready>
bool is_soon(const Ready& ready) {
  for (int look = 0; look < kLooks; ++look) {
    if (ready()) return true;
    std::this_thread::yield();
  }
  return false;
}

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

/// The tasks of a loop, each of which one thread takes.
class Team::Loop {
 public:
  Loop(std::size_t n, const Work& f) : n_(n), f_(f) {}

  void work(const Check& check) {
    try {
      for (std::size_t i = next_++; i < n_ && !failure_.is_known(); i = next_++)
        f_(i, check);
    } catch (...) {
      failure_.keep();
    }
  }

  void work() {
    work([this] { check_failure(); });
  }

  /// Calls check, which may end the loop.
  void look_up(const Check& check) {
    try {
      check();
    } catch (...) {
      failure_.keep();
    }
  }

  void check_failure() const {
    if (failure_.is_known()) throw Ended();
  }

  void rethrow() const { failure_.rethrow(); }

 private:
  const std::size_t n_;
  const Work& f_;
  std::atomic<std::size_t> next_{0};
  Failure failure_;
};

Team::Team(int threads) {
  try {
    while (static_cast<int>(others_.size()) + 1 < threads)
      others_.emplace_back([this] { work_on_loops(); });
  } catch (const std::exception&) {
    // The system cannot start another thread.
  }
}

Team::~Team() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_over_ = true;
  }
  begun_.notify_all();
  for (std::thread& other : others_) other.join();
}

void Team::for_each(std::size_t n, const Work& f, const Check& check_interrupt) {
  Loop loop(n, f);
  const Check check = [&] {
    loop.check_failure();
    check_interrupt();
  };
  const bool is_alone = n < 2 || others_.empty();
  if (!is_alone) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      loop_ = &loop;
      ++loops_;
    }
    begun_.notify_all();
  }
  loop.work(check);
  if (!is_alone) {
    const auto have_left = [this] { return inside_ == 0; };
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      loop_ = nullptr;
    }
    if (!is_soon(have_left)) {
      std::unique_lock<std::mutex> lock(mutex_);
      while (!left_.wait_for(lock, kNap, have_left)) loop.look_up(check_interrupt);
    }
  }
  loop.rethrow();
}

void Team::work_on_loops() {
  unsigned known = 0;
  const auto is_new = [&] { return is_over_ || loops_ != known; };
  for (;;) {
    const bool is_awake = is_soon(is_new);
    std::unique_lock<std::mutex> lock(mutex_);
    if (!is_awake) begun_.wait(lock, is_new);
    if (is_over_) return;
    known = loops_;
    Loop* const loop = loop_;
    if (loop == nullptr) continue;
    ++inside_;
    lock.unlock();
    loop->work();
    lock.lock();
    if (--inside_ == 0) left_.notify_one();
  }
}

void parallel_for(std::size_t n, int threads, const Team::Work& f,
                  const Check& check_interrupt) {
  Team team(static_cast<int>(std::min(n, static_cast<std::size_t>(threads))));
  team.for_each(n, f, check_interrupt);
}

}  // namespace gmm1d
