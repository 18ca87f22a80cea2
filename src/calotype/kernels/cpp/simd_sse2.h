// The x86-64 baseline: four lanes, SSE2 only.
#pragma once

#include <emmintrin.h>

#include <cstdint>

namespace calotype::CALOTYPE_LEVEL {

constexpr int W = 4;

struct F {
  __m128 v;
};
struct M {
  __m128 v;
};

inline F splat(float a) { return {_mm_set1_ps(a)}; }
inline F load(const float* p) { return {_mm_load_ps(p)}; }
inline F load_unaligned(const float* p) { return {_mm_loadu_ps(p)}; }
inline void store(float* p, F a) { _mm_store_ps(p, a.v); }
inline void store_unaligned(float* p, F a) { _mm_storeu_ps(p, a.v); }

inline F operator+(F a, F b) { return {_mm_add_ps(a.v, b.v)}; }
inline F operator-(F a, F b) { return {_mm_sub_ps(a.v, b.v)}; }
inline F operator*(F a, F b) { return {_mm_mul_ps(a.v, b.v)}; }
inline F operator/(F a, F b) { return {_mm_div_ps(a.v, b.v)}; }
inline F fma(F a, F b, F c) { return a * b + c; }
inline F fnma(F a, F b, F c) { return c - a * b; }
inline F min(F a, F b) { return {_mm_min_ps(a.v, b.v)}; }
inline F max(F a, F b) { return {_mm_max_ps(a.v, b.v)}; }
inline F sqrt(F a) { return {_mm_sqrt_ps(a.v)}; }
inline F abs(F a) { return {_mm_andnot_ps(_mm_set1_ps(-0.0f), a.v)}; }
inline F reciprocal(F a) {
  const F r{_mm_rcp_ps(a.v)};
  return fma(r, fnma(a, r, splat(1.0f)), r);
}
inline F rough_sqrt(F a) { return a * F{_mm_rsqrt_ps(_mm_max_ps(a.v, _mm_set1_ps(1e-30f)))}; }

inline M operator<(F a, F b) { return {_mm_cmplt_ps(a.v, b.v)}; }
inline M operator>(F a, F b) { return {_mm_cmpgt_ps(a.v, b.v)}; }
inline M operator<=(F a, F b) { return {_mm_cmple_ps(a.v, b.v)}; }
inline M operator>=(F a, F b) { return {_mm_cmpge_ps(a.v, b.v)}; }
inline M operator&(M a, M b) { return {_mm_and_ps(a.v, b.v)}; }
inline F select(M m, F a, F b) { return {_mm_or_ps(_mm_and_ps(m.v, a.v), _mm_andnot_ps(m.v, b.v))}; }
inline F keep(M m, F a) { return {_mm_and_ps(m.v, a.v)}; }
inline uint32_t bits(M m) { return uint32_t(_mm_movemask_ps(m.v)); }
inline bool any(M m) { return bits(m) != 0; }

inline F scale_by_low_bits(F a, F shifted) {
  const __m128i n = _mm_slli_epi32(_mm_castps_si128(shifted.v), 23);
  return {_mm_castsi128_ps(_mm_add_epi32(_mm_castps_si128(a.v), n))};
}

inline F split_exponent(F a, F& exponent) {
  const __m128i x = _mm_castps_si128(a.v);
  const __m128i e = _mm_srai_epi32(_mm_sub_epi32(x, _mm_set1_epi32(0x3f3504f3)), 23);
  exponent.v = _mm_cvtepi32_ps(e);
  return {_mm_castsi128_ps(_mm_sub_epi32(x, _mm_slli_epi32(e, 23)))};
}

// Lane i is p[min(i, count - 1) * stride]: the tail repeats its last element instead of reading past the end.
inline F gather(const float* p, int stride, int count) {
  const int last = count - 1;
  return {_mm_setr_ps(p[0], p[(last < 1 ? last : 1) * stride], p[(last < 2 ? last : 2) * stride],
                      p[(last < 3 ? last : 3) * stride])};
}

// out[j] = sum over the lanes of a[j], for 12 vectors.
inline void horizontal_sums(const F (&a)[12], float* out) {
  for (int j = 0; j < 12; j += 4) {
    __m128 r0 = a[j].v, r1 = a[j + 1].v, r2 = a[j + 2].v, r3 = a[j + 3].v;
    _MM_TRANSPOSE4_PS(r0, r1, r2, r3);
    _mm_storeu_ps(out + j, _mm_add_ps(_mm_add_ps(r0, r1), _mm_add_ps(r2, r3)));
  }
}

}  // namespace calotype::CALOTYPE_LEVEL
