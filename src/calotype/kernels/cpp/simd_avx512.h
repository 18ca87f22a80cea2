// Sixteen lanes: AVX-512 F, BW, DQ and VL (Intel servers since 2017, AMD since Zen 4).
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace calotype::CALOTYPE_LEVEL {

constexpr int W = 16;

struct F {
  __m512 v;
};
struct M {
  __mmask16 v;
};

inline F splat(float a) { return {_mm512_set1_ps(a)}; }
inline F load(const float* p) { return {_mm512_load_ps(p)}; }
inline F load_unaligned(const float* p) { return {_mm512_loadu_ps(p)}; }
inline void store(float* p, F a) { _mm512_store_ps(p, a.v); }
inline void store_unaligned(float* p, F a) { _mm512_storeu_ps(p, a.v); }

inline F operator+(F a, F b) { return {_mm512_add_ps(a.v, b.v)}; }
inline F operator-(F a, F b) { return {_mm512_sub_ps(a.v, b.v)}; }
inline F operator*(F a, F b) { return {_mm512_mul_ps(a.v, b.v)}; }
inline F operator/(F a, F b) { return {_mm512_div_ps(a.v, b.v)}; }
inline F fma(F a, F b, F c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
inline F fnma(F a, F b, F c) { return {_mm512_fnmadd_ps(a.v, b.v, c.v)}; }
inline F min(F a, F b) { return {_mm512_min_ps(a.v, b.v)}; }
inline F max(F a, F b) { return {_mm512_max_ps(a.v, b.v)}; }
inline F sqrt(F a) { return {_mm512_sqrt_ps(a.v)}; }
inline F abs(F a) { return {_mm512_andnot_ps(_mm512_set1_ps(-0.0f), a.v)}; }
inline F reciprocal(F a) {
  const F r{_mm512_rcp14_ps(a.v)};
  return fma(r, fnma(a, r, splat(1.0f)), r);
}
inline F rough_sqrt(F a) { return a * F{_mm512_rsqrt14_ps(max(a, splat(1e-30f)).v)}; }

inline M operator<(F a, F b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ)}; }
inline M operator>(F a, F b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_GT_OQ)}; }
inline M operator<=(F a, F b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LE_OQ)}; }
inline M operator>=(F a, F b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_GE_OQ)}; }
inline M operator&(M a, M b) { return {__mmask16(a.v & b.v)}; }
inline F select(M m, F a, F b) { return {_mm512_mask_blend_ps(m.v, b.v, a.v)}; }
inline F keep(M m, F a) { return {_mm512_maskz_mov_ps(m.v, a.v)}; }
inline uint32_t bits(M m) { return m.v; }
inline bool any(M m) { return m.v != 0; }

inline F scale_by_low_bits(F a, F shifted) {
  const __m512i n = _mm512_slli_epi32(_mm512_castps_si512(shifted.v), 23);
  return {_mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a.v), n))};
}

inline F split_exponent(F a, F& exponent) {
  const __m512i x = _mm512_castps_si512(a.v);
  const __m512i e = _mm512_srai_epi32(_mm512_sub_epi32(x, _mm512_set1_epi32(0x3f3504f3)), 23);
  exponent.v = _mm512_cvtepi32_ps(e);
  return {_mm512_castsi512_ps(_mm512_sub_epi32(x, _mm512_slli_epi32(e, 23)))};
}

// Lane i is p[min(i, count - 1) * stride]: the tail repeats its last element instead of reading past the end.
inline F gather(const float* p, int stride, int count) {
  const __m512i iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m512i lane = _mm512_min_epi32(iota, _mm512_set1_epi32(count - 1));
  const __m512i index = _mm512_mullo_epi32(lane, _mm512_set1_epi32(stride));
  return {_mm512_i32gather_ps(index, p, 4)};
}

// out[j] = sum over the lanes of a[j], for 12 vectors: four at a time, transposed within their quarters while added.
inline void horizontal_sums(const F (&a)[12], float* out) {
  for (int j = 0; j < 12; j += 4) {
    const __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a[j].v, a[j + 1].v), _mm512_unpackhi_ps(a[j].v, a[j + 1].v));
    const __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(a[j + 2].v, a[j + 3].v), _mm512_unpackhi_ps(a[j + 2].v, a[j + 3].v));
    const __m512d ab2 = _mm512_castps_pd(ab), cd2 = _mm512_castps_pd(cd);
    const __m512 quarters = _mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(ab2, cd2)),
                                          _mm512_castpd_ps(_mm512_unpackhi_pd(ab2, cd2)));
    const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(quarters), _mm512_extractf32x8_ps(quarters, 1));
    _mm_storeu_ps(out + j, _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1)));
  }
}

}  // namespace calotype::CALOTYPE_LEVEL
