// The portable level: four lanes as vectors of the compiler's own (GCC and Clang, any processor; NEON on ARM), no intrinsics.
#pragma once

#include <cmath>
#include <cstdint>

namespace calotype::CALOTYPE_LEVEL {

constexpr int W = 4;

typedef float Floats4 __attribute__((vector_size(16)));
typedef int32_t Ints4 __attribute__((vector_size(16)));
typedef Floats4 UnalignedFloats4 __attribute__((aligned(4)));

struct F {
  Floats4 v;
};
struct M {
  Ints4 v;  // all bits or none per lane
};

inline F splat(float a) { return {Floats4{a, a, a, a}}; }
inline F load(const float* p) { return {*reinterpret_cast<const Floats4*>(p)}; }
inline F load_unaligned(const float* p) { return {*reinterpret_cast<const UnalignedFloats4*>(p)}; }
inline void store(float* p, F a) { *reinterpret_cast<Floats4*>(p) = a.v; }
inline void store_unaligned(float* p, F a) { *reinterpret_cast<UnalignedFloats4*>(p) = a.v; }

inline F operator+(F a, F b) { return {a.v + b.v}; }
inline F operator-(F a, F b) { return {a.v - b.v}; }
inline F operator*(F a, F b) { return {a.v * b.v}; }
inline F operator/(F a, F b) { return {a.v / b.v}; }
inline F fma(F a, F b, F c) { return {a.v * b.v + c.v}; }
inline F fnma(F a, F b, F c) { return {c.v - a.v * b.v}; }

inline M operator<(F a, F b) { return {a.v < b.v}; }
inline M operator>(F a, F b) { return {a.v > b.v}; }
inline M operator<=(F a, F b) { return {a.v <= b.v}; }
inline M operator>=(F a, F b) { return {a.v >= b.v}; }
inline M operator&(M a, M b) { return {a.v & b.v}; }
inline F keep(M m, F a) { return {Floats4(m.v & Ints4(a.v))}; }
inline F select(M m, F a, F b) { return {Floats4((m.v & Ints4(a.v)) | (~m.v & Ints4(b.v)))}; }
inline uint32_t bits(M m) {
  const Ints4 bit = m.v & Ints4{1, 2, 4, 8};
  return uint32_t((bit[0] | bit[1]) | (bit[2] | bit[3]));
}
inline bool any(M m) {
  typedef int64_t Longs2 __attribute__((vector_size(16)));
  const Longs2 halves = Longs2(m.v);
  return (halves[0] | halves[1]) != 0;
}

// Where an argument is NaN both return b, as the x86 instructions do.
inline F min(F a, F b) { return select(a < b, a, b); }
inline F max(F a, F b) { return select(a > b, a, b); }
inline F sqrt(F a) { return {Floats4{::sqrtf(a.v[0]), ::sqrtf(a.v[1]), ::sqrtf(a.v[2]), ::sqrtf(a.v[3])}}; }
inline F abs(F a) { return {Floats4(Ints4(a.v) & 0x7fffffff)}; }
inline F reciprocal(F a) { return splat(1.0f) / a; }
inline F rough_sqrt(F a) { return sqrt(a); }

inline F scale_by_low_bits(F a, F shifted) {
  typedef uint32_t Words4 __attribute__((vector_size(16)));
  return {Floats4(Words4(a.v) + (Words4(shifted.v) << 23))};
}

inline F split_exponent(F a, F& exponent) {
  const Ints4 x = Ints4(a.v), e = (x - 0x3f3504f3) >> 23;
  exponent.v = __builtin_convertvector(e, Floats4);
  return {Floats4(x - e * (1 << 23))};
}

// Lane i is p[min(i, count - 1) * stride]: the tail repeats its last element instead of reading past the end.
inline F gather(const float* p, int stride, int count) {
  const int last = count - 1;
  return {Floats4{p[0], p[(last < 1 ? last : 1) * stride], p[(last < 2 ? last : 2) * stride],
                  p[(last < 3 ? last : 3) * stride]}};
}

// out[j] = sum over the lanes of a[j], for 12 vectors.
inline void horizontal_sums(const F (&a)[12], float* out) {
  for (int j = 0; j < 12; ++j) out[j] = (a[j].v[0] + a[j].v[1]) + (a[j].v[2] + a[j].v[3]);
}

}  // namespace calotype::CALOTYPE_LEVEL
