// A small persistent thread pool: created at first use, made anew after a fork, never joined.
#pragma once

#include <cstdint>
#include <functional>

namespace calotype {

int usable_cores();  // cores this process may run on

// Runs body(0) .. body(tasks - 1) on up to `threads` threads (0: all usable cores), the caller's among them, and returns when
// all are done. Tasks are handed out one by one, in order; which thread runs which is left open, so a body must write to places
// that depend on the task alone. A caller that finds the pool busy with another caller's work does its own alone.
void parallel_for(int threads, int64_t tasks, const std::function<void(int64_t)>& body);

// The same over [0, n) cut into ranges of `grain`.
void parallel_ranges(int threads, int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& body);

}  // namespace calotype
