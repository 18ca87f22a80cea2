// Lay projected Gaussians out for drawing: nearest first, one cache line each, in powers of two.
#pragma once

#include "arguments.h"
#include "simd.h"

namespace calotype::CALOTYPE_LEVEL {

inline void prepare_lanes(const PrepareArguments& a, int64_t first, int count) {
  const ProjectedArrays& p = a.projected;
  alignas(64) float opacity[W], A[W], B[W], C[W], inverse_det[W];  // the tail repeats the first of the group
  for (int k = 0; k < W; ++k) {
    const int64_t i = a.order[first + (k < count ? k : 0)];
    opacity[k] = p.opacity[i];
    A[k] = -0.5f * kLog2E * p.conic[3 * i], B[k] = -kLog2E * p.conic[3 * i + 1], C[k] = -0.5f * kLog2E * p.conic[3 * i + 2];
    // In double, of the rounded numbers that are drawn: a thin slanted ellipse loses all of its determinant in floats.
    const double det = 4.0 * double(A[k]) * double(C[k]) - double(B[k]) * double(B[k]);
    inverse_det[k] = det > 0.0 ? float(1.0 / det) : 0.0f;  // zero: rounding opened the ellipse, nothing is drawn
  }
  const F log2_opacity = log2(load(opacity)), inverse = load(inverse_det);
  // A little beyond the cut-off, so that rounding in the tests of tiles and cells never hides a pixel that would be drawn.
  const F limit = (splat(a.log2_alpha_min) - log2_opacity) * 1.0001f - 1e-3f;
  const F reach = 4.0f * limit * inverse;
  alignas(64) float log2_opacities[W], limits[W], half_widths[W], half_heights[W];
  store(log2_opacities, log2_opacity);
  store(limits, limit);
  store(half_widths, fma(sqrt(reach * load(C)), splat(1.001f), splat(0.01f)));
  store(half_heights, fma(sqrt(reach * load(A)), splat(1.001f), splat(0.01f)));
  for (int k = 0; k < count; ++k) {
    const int64_t i = a.order[first + k];
    a.drawn[first + k] = {p.xy[2 * i],
                          p.xy[2 * i + 1],
                          A[k],
                          B[k],
                          C[k],
                          log2_opacities[k],
                          limits[k],
                          -0.5f * B[k] / A[k],
                          -0.5f * B[k] / C[k],
                          p.rgb[3 * i],
                          p.rgb[3 * i + 1],
                          p.rgb[3 * i + 2],
                          p.depth[i],
                          uint32_t(i),
                          inverse_det[k] > 0.0f ? half_widths[k] : -1.0f,
                          half_heights[k]};
  }
}

inline void prepare(const PrepareArguments& a, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; i += W) prepare_lanes(a, i, int(end - i < W ? end - i : W));
}

}  // namespace calotype::CALOTYPE_LEVEL
