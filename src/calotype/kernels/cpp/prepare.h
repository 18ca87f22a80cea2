// Lay projected Gaussians out for drawing: nearest first, one cache line each, in powers of two.
#pragma once

#include "raster_cells.h"

namespace calotype::CALOTYPE_LEVEL {

inline void prepare(const PrepareArguments& a, int64_t begin, int64_t end) {
  const ProjectedArrays& p = a.projected;
  for (int64_t first = begin; first < end; first += W) {
    const int count = int(end - first < W ? end - first : W);
    alignas(64) float opacity[W], log2_opacity[W];
    for (int k = 0; k < W; ++k) opacity[k] = p.opacity[a.order[first + (k < count ? k : 0)]];
    store(log2_opacity, log2(load(opacity)));
    for (int k = 0; k < count; ++k) {
      const int64_t i = a.order[first + k];
      const float ca = p.conic[3 * i], cb = p.conic[3 * i + 1], cc = p.conic[3 * i + 2];
      // A little beyond the cut-off, so that rounding in the cell test never hides a pixel that would be drawn.
      const float limit = (a.log2_alpha_min - log2_opacity[k]) * 1.0001f - 1e-3f;
      a.drawn[first + k] = {p.xy[2 * i], p.xy[2 * i + 1], -0.5f * kLog2E * ca, -kLog2E * cb, -0.5f * kLog2E * cc,
                            log2_opacity[k], limit, -cb / ca, -cb / cc, p.rgb[3 * i], p.rgb[3 * i + 1], p.rgb[3 * i + 2],
                            p.depth[i], uint32_t(i), {0.0f, 0.0f}};
    }
  }
}

}  // namespace calotype::CALOTYPE_LEVEL
