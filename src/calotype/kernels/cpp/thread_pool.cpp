#include "thread_pool.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

namespace calotype {

namespace {

constexpr int kMaxThreads = 256;

struct Job {
  const std::function<void(int64_t)>* body;
  int64_t tasks;
  std::atomic<int64_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr error;  // of whoever failed first; read after all have left

  void work() {
    for (int64_t task; !failed.load(std::memory_order_relaxed) && (task = next.fetch_add(1)) < tasks;) {
      try {
        (*body)(task);
      } catch (...) {
        if (!failed.exchange(true)) error = std::current_exception();
      }
    }
  }
};

class Pool {
 public:
  explicit Pool(pid_t owner) : owner_(owner) {}
  pid_t owner() const { return owner_; }

  // False when another caller is using the pool.
  bool run(Job& job, int helpers) {
    std::unique_lock<std::mutex> in_use(in_use_, std::try_to_lock);
    if (!in_use.owns_lock()) return false;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      try {
        while (int(helpers_) < helpers) {
          std::thread([this] { serve(); }).detach();
          ++helpers_;
        }
      } catch (const std::system_error&) {
        // The system gives no more threads: go on with those there are.
      }
      job_ = &job;
      seats_ = std::min(helpers, helpers_);
    }
    wake_.notify_all();
    job.work();
    std::unique_lock<std::mutex> lock(mutex_);
    seats_ = 0;  // whoever has not woken yet is not needed any more
    idle_.wait(lock, [this] { return busy_ == 0; });
    job_ = nullptr;
    return true;
  }

 private:
  void serve() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return seats_ > 0; });
      --seats_;
      ++busy_;
      Job* job = job_;
      lock.unlock();
      job->work();
      lock.lock();
      if (--busy_ == 0) idle_.notify_one();
    }
  }

  const pid_t owner_;
  std::mutex in_use_, mutex_;
  std::condition_variable wake_, idle_;
  Job* job_ = nullptr;
  int helpers_ = 0, seats_ = 0, busy_ = 0;
};

// Threads do not survive a fork, and a lock may have been held at that moment: the child leaves the parent's pool where it is
// and makes its own.
Pool& pool() {
  static std::atomic<Pool*> current{nullptr};
  const pid_t here = getpid();
  Pool* seen = current.load();
  if (seen && seen->owner() == here) return *seen;
  Pool* fresh = new Pool(here);
  if (current.compare_exchange_strong(seen, fresh)) return *fresh;
  delete fresh;
  return *current.load();
}

}  // namespace

int usable_cores() {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
#endif
  return std::max(1, int(std::thread::hardware_concurrency()));
}

void parallel_for(int threads, int64_t tasks, const std::function<void(int64_t)>& body) {
  const int wanted = std::min(threads > 0 ? threads : usable_cores(), kMaxThreads);
  const int helpers = int(std::min<int64_t>(wanted, tasks)) - 1;
  Job job;
  job.body = &body;
  job.tasks = tasks;
  if (helpers <= 0 || !pool().run(job, helpers)) job.work();
  if (job.error) std::rethrow_exception(job.error);
}

void parallel_ranges(int threads, int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& body) {
  parallel_for(threads, (n + grain - 1) / grain, [&](int64_t k) { body(k * grain, std::min(n, (k + 1) * grain)); });
}

}  // namespace calotype
