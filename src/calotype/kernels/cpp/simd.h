// Vectors of W floats: one small set of operations per SIMD level, so that each kernel is written once.
//
// Included only by level.cpp, which is compiled once per level. Everything lives in the level's namespace and nothing
// here may instantiate a std template: the linker would keep one copy for all levels, possibly the AVX-512 one.
#pragma once

#if defined(CALOTYPE_LEVEL_IS_avx512)
#include "simd_avx512.h"
#elif defined(CALOTYPE_LEVEL_IS_avx2)
#include "simd_avx2.h"
#elif defined(CALOTYPE_LEVEL_IS_sse2)
#include "simd_sse2.h"
#else
#include "simd_portable.h"
#endif

namespace calotype::CALOTYPE_LEVEL {

inline F operator-(F a) { return splat(0.0f) - a; }
inline F& operator+=(F& a, F b) { return a = a + b; }
inline F& operator-=(F& a, F b) { return a = a - b; }
inline F& operator*=(F& a, F b) { return a = a * b; }
inline F operator*(float a, F b) { return splat(a) * b; }
inline F operator*(F a, float b) { return a * splat(b); }
inline F operator+(F a, float b) { return a + splat(b); }
inline F operator-(F a, float b) { return a - splat(b); }
inline F square(F a) { return a * a; }
inline F clamp(F value, F low, F high) { return max(low, min(high, value)); }

// 2^f on [-1/2, 1/2], degree 5, minimax: relative error 9.2e-8.
inline F exp2_fraction(F f) {
  F p = splat(1.32647269e-3f);
  p = fma(p, f, splat(9.67151266e-3f));
  p = fma(p, f, splat(5.55073374e-2f));
  p = fma(p, f, splat(2.40222421e-1f));
  p = fma(p, f, splat(6.93146978e-1f));
  return fma(p, f, splat(1.0f));
}

constexpr float kRoundingShift = 12582912.0f;  // 1.5 * 2^23: adding it leaves the nearest integer in the low bits

// 2^x for -126 <= x <= 127.
inline F exp2(F x) {
  const F shifted = x + kRoundingShift;
  return scale_by_low_bits(exp2_fraction(x - (shifted - kRoundingShift)), shifted);
}

// e^x; arguments are clamped to what a float can hold.
inline F exp(F x) {
  const F bounded = clamp(x, splat(-87.0f), splat(88.0f));
  const F shifted = fma(bounded, splat(1.44269504f), splat(kRoundingShift));
  const F n = shifted - kRoundingShift;
  const F fraction = fma(bounded, splat(1.92596299e-8f), fma(bounded, splat(1.44269502f), -n));
  return scale_by_low_bits(exp2_fraction(fraction), shifted);
}

// log2(x) for normal x > 0: atanh series on the mantissa in [sqrt(1/2), sqrt(2)).
inline F log2(F x) {
  F exponent;
  const F m = split_exponent(x, exponent);
  const F s = (m - 1.0f) / (m + 1.0f);
  const F s2 = square(s);
  F p = splat(0.3205989f);
  p = fma(p, s2, splat(0.4121986f));
  p = fma(p, s2, splat(0.5770780f));
  p = fma(p, s2, splat(0.9617967f));
  p = fma(p, s2, splat(2.8853901f));
  return fma(p, s, exponent);
}

}  // namespace calotype::CALOTYPE_LEVEL
