#include "descend.h"

#include <atomic>
#include <cmath>
#include <cstring>
#include <vector>

#include "dispatch.h"
#include "thread_pool.h"

namespace calotype {

namespace {

constexpr int64_t kGaussiansPerTask = 512;  // their gradients, 120 KiB, stay in the second-level cache

// Gradients of a range of Gaussians, parameter by parameter.
struct Gradients {
  int columns[kParameters];
  float* of[kParameters];
  std::vector<uint8_t> finite;
};

thread_local std::vector<float> scratch;

Gradients gradients_for(int64_t count, int coefficients) {
  Gradients g{{3, 4, 3, 1, 3 * coefficients}, {}, {}};
  int64_t total = 0;
  for (const int columns : g.columns) total += columns * count;
  if (int64_t(scratch.size()) < total) scratch.resize(size_t(total));
  float* next = scratch.data();
  for (int k = 0; k < kParameters; ++k) {
    g.of[k] = next;
    next += g.columns[k] * count;
  }
  return g;
}

// The arguments for the Gaussians from `begin` on, which write to `g`.
ProjectBackwardArguments from(const ProjectBackwardArguments& whole, int64_t begin, int64_t count, const Gradients& g) {
  ProjectBackwardArguments b = whole;
  ProjectArguments& a = b.forward;
  a.n = count;
  a.means += 3 * begin, a.quats += 4 * begin, a.log_scales += 3 * begin, a.logit_opacities += begin;
  a.sh += 3 * int64_t(a.coefficients) * begin;
  a.rgb += 3 * begin, a.visible += begin;
  b.d_xy += 2 * begin, b.d_conic += 3 * begin, b.d_opacity += begin, b.d_rgb += 3 * begin, b.d_depth += begin;
  b.d_means = g.of[0], b.d_quats = g.of[1], b.d_log_scales = g.of[2], b.d_logit_opacities = g.of[3], b.d_sh = g.of[4];
  return b;
}

void add_penalties(const DescendRequest& r, const ProjectArguments& a, int64_t count, const Gradients& g) {
  for (int64_t i = 0; r.opacity_penalty > 0.0f && i < count; ++i) {
    const float opacity = 1.0f / (1.0f + std::exp(-a.logit_opacities[i]));
    g.of[3][i] += r.opacity_penalty * opacity * (1.0f - opacity);
  }
  for (int64_t i = 0; r.scale_penalty > 0.0f && i < 3 * count; ++i) g.of[2][i] += r.scale_penalty * std::exp(a.log_scales[i]);
}

bool all_finite(const float* values, int64_t count) {
  uint32_t worst = 0;
  for (int64_t i = 0; i < count; ++i) {
    uint32_t bits;
    std::memcpy(&bits, values + i, sizeof bits);
    worst |= uint32_t((bits & 0x7f800000u) == 0x7f800000u);  // infinite or NaN
  }
  return worst == 0;
}

// How many rows hold a number that is not finite; marks the others in `finite`, which stays empty when all are.
int64_t mark_finite(Gradients& g, int64_t count) {
  bool clean = true;
  for (int k = 0; k < kParameters; ++k) clean = clean && all_finite(g.of[k], g.columns[k] * count);
  if (clean) return 0;
  g.finite.assign(size_t(count), 1);
  int64_t broken = 0;
  for (int64_t i = 0; i < count; ++i) {
    bool good = true;
    for (int k = 0; k < kParameters; ++k) good = good && all_finite(g.of[k] + i * g.columns[k], g.columns[k]);
    g.finite[size_t(i)] = good;
    broken += !good;
  }
  return broken;
}

}  // namespace

int64_t descend(const DescendRequest& r) {
  const KernelTable& level = kernels();
  std::atomic<int64_t> skipped{0};
  parallel_ranges(r.threads, r.backward.forward.n, kGaussiansPerTask, [&](int64_t begin, int64_t end) {
    const int64_t count = end - begin;
    Gradients g = gradients_for(count, r.backward.forward.coefficients);
    const ProjectBackwardArguments b = from(r.backward, begin, count, g);
    level.project_backward(b, 0, count);
    add_penalties(r, b.forward, count, g);
    skipped += mark_finite(g, count);
    for (int k = 0; k < kParameters; ++k) {
      AdamArguments a = r.steps[k];
      const int64_t first = begin * g.columns[k];
      a.n = count;
      a.params += first, a.m += first, a.v += first;
      a.grads = g.of[k];
      a.mask = g.finite.empty() ? nullptr : g.finite.data();
      level.adam(a, 0, count);
    }
  });
  return skipped;
}

}  // namespace calotype
