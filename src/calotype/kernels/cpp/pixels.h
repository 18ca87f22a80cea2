// Between pictures, where a pixel's three colours stand together, and planes, where a colour's values do: four pixels at a time.
#pragma once

#include "simd.h"

#if !defined(CALOTYPE_LEVEL_IS_portable) && defined(__SSE2__)
#include <emmintrin.h>
#define CALOTYPE_FOUR_PIXELS_SSE2
#endif

namespace calotype::CALOTYPE_LEVEL {

// out[3 i + c] = plane c [i] for the first `count` of four pixels.
inline void interleave(const float* r, const float* g, const float* b, int count, float* out) {
#if defined(CALOTYPE_FOUR_PIXELS_SSE2)
  if (count == 4) {
    const __m128 R = _mm_loadu_ps(r), G = _mm_loadu_ps(g), B = _mm_loadu_ps(b);
    const __m128 low = _mm_unpacklo_ps(R, G), high = _mm_unpackhi_ps(R, G);  // r0 g0 r1 g1, r2 g2 r3 g3
    const __m128 b0r1 = _mm_shuffle_ps(B, R, _MM_SHUFFLE(1, 1, 0, 0)), g1b1 = _mm_shuffle_ps(G, B, _MM_SHUFFLE(1, 1, 1, 1));
    const __m128 b2r3 = _mm_shuffle_ps(B, R, _MM_SHUFFLE(3, 3, 2, 2)), g3b3 = _mm_shuffle_ps(G, B, _MM_SHUFFLE(3, 3, 3, 3));
    _mm_storeu_ps(out, _mm_shuffle_ps(low, b0r1, _MM_SHUFFLE(2, 0, 1, 0)));
    _mm_storeu_ps(out + 4, _mm_shuffle_ps(g1b1, high, _MM_SHUFFLE(1, 0, 2, 0)));
    _mm_storeu_ps(out + 8, _mm_shuffle_ps(b2r3, g3b3, _MM_SHUFFLE(2, 0, 2, 0)));
    return;
  }
#endif
  for (int i = 0; i < count; ++i) out[3 * i] = r[i], out[3 * i + 1] = g[i], out[3 * i + 2] = b[i];
}

// plane c [i] = in[3 i + c] for the first `count` of four pixels.
inline void deinterleave(const float* in, int count, float* r, float* g, float* b) {
#if defined(CALOTYPE_FOUR_PIXELS_SSE2)
  if (count == 4) {
    const __m128 p = _mm_loadu_ps(in), q = _mm_loadu_ps(in + 4), s = _mm_loadu_ps(in + 8);  // r0g0b0r1 g1b1r2g2 b2r3g3b3
    const __m128 r23 = _mm_shuffle_ps(q, s, _MM_SHUFFLE(1, 1, 2, 2)), b01 = _mm_shuffle_ps(p, q, _MM_SHUFFLE(1, 1, 2, 2));
    const __m128 g01 = _mm_shuffle_ps(p, q, _MM_SHUFFLE(0, 0, 1, 1)), g23 = _mm_shuffle_ps(q, s, _MM_SHUFFLE(2, 2, 3, 3));
    _mm_storeu_ps(r, _mm_shuffle_ps(p, r23, _MM_SHUFFLE(2, 0, 3, 0)));
    _mm_storeu_ps(g, _mm_shuffle_ps(g01, g23, _MM_SHUFFLE(2, 0, 2, 0)));
    _mm_storeu_ps(b, _mm_shuffle_ps(b01, s, _MM_SHUFFLE(3, 0, 2, 0)));
    return;
  }
#endif
  for (int i = 0; i < count; ++i) r[i] = in[3 * i], g[i] = in[3 * i + 1], b[i] = in[3 * i + 2];
}

inline void copy_run(const float* in, int count, float* out) {
  for (int i = 0; i < count; ++i) out[i] = in[i];
}

}  // namespace calotype::CALOTYPE_LEVEL
