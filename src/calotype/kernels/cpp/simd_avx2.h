// Eight lanes: AVX2 with fused multiply-add (Intel since 2013, AMD since 2015).
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace calotype::CALOTYPE_LEVEL {

constexpr int W = 8;

struct F {
  __m256 v;
};
struct M {
  __m256 v;
};

inline F splat(float a) { return {_mm256_set1_ps(a)}; }
inline F load(const float* p) { return {_mm256_load_ps(p)}; }
inline F load_unaligned(const float* p) { return {_mm256_loadu_ps(p)}; }
inline void store(float* p, F a) { _mm256_store_ps(p, a.v); }
inline void store_unaligned(float* p, F a) { _mm256_storeu_ps(p, a.v); }

inline F operator+(F a, F b) { return {_mm256_add_ps(a.v, b.v)}; }
inline F operator-(F a, F b) { return {_mm256_sub_ps(a.v, b.v)}; }
inline F operator*(F a, F b) { return {_mm256_mul_ps(a.v, b.v)}; }
inline F operator/(F a, F b) { return {_mm256_div_ps(a.v, b.v)}; }
inline F fma(F a, F b, F c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
inline F fnma(F a, F b, F c) { return {_mm256_fnmadd_ps(a.v, b.v, c.v)}; }
inline F min(F a, F b) { return {_mm256_min_ps(a.v, b.v)}; }
inline F max(F a, F b) { return {_mm256_max_ps(a.v, b.v)}; }
inline F sqrt(F a) { return {_mm256_sqrt_ps(a.v)}; }
inline F abs(F a) { return {_mm256_andnot_ps(_mm256_set1_ps(-0.0f), a.v)}; }
inline F reciprocal(F a) {
  const F r{_mm256_rcp_ps(a.v)};
  return fma(r, fnma(a, r, splat(1.0f)), r);
}
inline F rough_sqrt(F a) { return a * F{_mm256_rsqrt_ps(_mm256_max_ps(a.v, _mm256_set1_ps(1e-30f)))}; }

inline M operator<(F a, F b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ)}; }
inline M operator>(F a, F b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_GT_OQ)}; }
inline M operator<=(F a, F b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LE_OQ)}; }
inline M operator>=(F a, F b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_GE_OQ)}; }
inline M operator&(M a, M b) { return {_mm256_and_ps(a.v, b.v)}; }
inline F select(M m, F a, F b) { return {_mm256_blendv_ps(b.v, a.v, m.v)}; }
inline F keep(M m, F a) { return {_mm256_and_ps(m.v, a.v)}; }
inline uint32_t bits(M m) { return uint32_t(_mm256_movemask_ps(m.v)); }
inline bool any(M m) { return bits(m) != 0; }

inline F scale_by_low_bits(F a, F shifted) {
  const __m256i n = _mm256_slli_epi32(_mm256_castps_si256(shifted.v), 23);
  return {_mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(a.v), n))};
}

inline F split_exponent(F a, F& exponent) {
  const __m256i x = _mm256_castps_si256(a.v);
  const __m256i e = _mm256_srai_epi32(_mm256_sub_epi32(x, _mm256_set1_epi32(0x3f3504f3)), 23);
  exponent.v = _mm256_cvtepi32_ps(e);
  return {_mm256_castsi256_ps(_mm256_sub_epi32(x, _mm256_slli_epi32(e, 23)))};
}

// Lane i is p[min(i, count - 1) * stride]: the tail repeats its last element instead of reading past the end.
inline F gather(const float* p, int stride, int count) {
  const __m256i lane = _mm256_min_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_set1_epi32(count - 1));
  const __m256i index = _mm256_mullo_epi32(lane, _mm256_set1_epi32(stride));
  return {_mm256_i32gather_ps(p, index, 4)};
}

// out[j] = sum over the lanes of a[j], for 12 vectors.
inline void horizontal_sums(const F (&a)[12], float* out) {
  for (int j = 0; j < 12; j += 4) {
    const __m256 halves = _mm256_hadd_ps(_mm256_hadd_ps(a[j].v, a[j + 1].v), _mm256_hadd_ps(a[j + 2].v, a[j + 3].v));
    _mm_storeu_ps(out + j, _mm_add_ps(_mm256_castps256_ps128(halves), _mm256_extractf128_ps(halves, 1)));
  }
}

}  // namespace calotype::CALOTYPE_LEVEL
