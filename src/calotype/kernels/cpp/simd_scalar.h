// The portable level: four floats in an array and plain loops, for any compiler and any processor.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace calotype::CALOTYPE_LEVEL {

constexpr int W = 4;

struct F {
  float v[W];
};
struct M {
  bool v[W];
};

#define CALOTYPE_LANES for (int i = 0; i < W; ++i)

inline F splat(float a) { return F{{a, a, a, a}}; }
inline F load(const float* p) { return F{{p[0], p[1], p[2], p[3]}}; }
inline F load_unaligned(const float* p) { return load(p); }
inline void store(float* p, F a) { CALOTYPE_LANES p[i] = a.v[i]; }
inline void store_unaligned(float* p, F a) { store(p, a); }

inline F operator+(F a, F b) { F r; CALOTYPE_LANES r.v[i] = a.v[i] + b.v[i]; return r; }
inline F operator-(F a, F b) { F r; CALOTYPE_LANES r.v[i] = a.v[i] - b.v[i]; return r; }
inline F operator*(F a, F b) { F r; CALOTYPE_LANES r.v[i] = a.v[i] * b.v[i]; return r; }
inline F operator/(F a, F b) { F r; CALOTYPE_LANES r.v[i] = a.v[i] / b.v[i]; return r; }
inline F fma(F a, F b, F c) { F r; CALOTYPE_LANES r.v[i] = a.v[i] * b.v[i] + c.v[i]; return r; }
inline F fnma(F a, F b, F c) { F r; CALOTYPE_LANES r.v[i] = c.v[i] - a.v[i] * b.v[i]; return r; }
// Where an argument is NaN both return b, as the x86 instructions do.
inline F min(F a, F b) { F r; CALOTYPE_LANES r.v[i] = a.v[i] < b.v[i] ? a.v[i] : b.v[i]; return r; }
inline F max(F a, F b) { F r; CALOTYPE_LANES r.v[i] = a.v[i] > b.v[i] ? a.v[i] : b.v[i]; return r; }
inline F sqrt(F a) { F r; CALOTYPE_LANES r.v[i] = ::sqrtf(a.v[i]); return r; }
inline F abs(F a) { F r; CALOTYPE_LANES r.v[i] = ::fabsf(a.v[i]); return r; }
inline F reciprocal(F a) { F r; CALOTYPE_LANES r.v[i] = 1.0f / a.v[i]; return r; }
inline F rough_sqrt(F a) { return sqrt(a); }

inline M operator<(F a, F b) { M r; CALOTYPE_LANES r.v[i] = a.v[i] < b.v[i]; return r; }
inline M operator>(F a, F b) { M r; CALOTYPE_LANES r.v[i] = a.v[i] > b.v[i]; return r; }
inline M operator<=(F a, F b) { M r; CALOTYPE_LANES r.v[i] = a.v[i] <= b.v[i]; return r; }
inline M operator>=(F a, F b) { M r; CALOTYPE_LANES r.v[i] = a.v[i] >= b.v[i]; return r; }
inline M operator&(M a, M b) { M r; CALOTYPE_LANES r.v[i] = a.v[i] && b.v[i]; return r; }
inline F select(M m, F a, F b) { F r; CALOTYPE_LANES r.v[i] = m.v[i] ? a.v[i] : b.v[i]; return r; }
inline F keep(M m, F a) { F r; CALOTYPE_LANES r.v[i] = m.v[i] ? a.v[i] : 0.0f; return r; }
inline uint32_t bits(M m) { uint32_t r = 0; CALOTYPE_LANES r |= uint32_t(m.v[i]) << i; return r; }
inline bool any(M m) { return bits(m) != 0; }

inline F scale_by_low_bits(F a, F shifted) {
  uint32_t x[W], n[W];
  ::memcpy(x, a.v, sizeof x);
  ::memcpy(n, shifted.v, sizeof n);
  CALOTYPE_LANES x[i] += n[i] << 23;
  F r;
  ::memcpy(r.v, x, sizeof x);
  return r;
}

inline F split_exponent(F a, F& exponent) {
  uint32_t x[W];
  ::memcpy(x, a.v, sizeof x);
  CALOTYPE_LANES {
    const int32_t e = int32_t(x[i] - 0x3f3504f3u) >> 23;
    exponent.v[i] = float(e);
    x[i] -= uint32_t(e) << 23;
  }
  F r;
  ::memcpy(r.v, x, sizeof x);
  return r;
}

// Lane i is p[min(i, count - 1) * stride]: the tail repeats its last element instead of reading past the end.
inline F gather(const float* p, int stride, int count) {
  F r;
  CALOTYPE_LANES r.v[i] = p[(i < count ? i : count - 1) * stride];
  return r;
}

// out[j] = sum over the lanes of a[j], for 12 vectors.
inline void horizontal_sums(const F (&a)[12], float* out) {
  for (int j = 0; j < 12; ++j) out[j] = (a[j].v[0] + a[j].v[1]) + (a[j].v[2] + a[j].v[3]);
}

#undef CALOTYPE_LANES

}  // namespace calotype::CALOTYPE_LEVEL
