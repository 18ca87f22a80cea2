// Draw one tile: blend its Gaussians front to back into colour, accumulated depth and transmittance.
#pragma once

#include "raster_cells.h"

namespace calotype::CALOTYPE_LEVEL {

// The state of a tile: per cell, one vector for each of these.
enum Channel { kRed, kGreen, kBlue, kDepth, kTransmittance, kChannels };
constexpr int kCellState = kChannels * W;
static_assert(kCells * kCellState == kTileState);

inline void write_picture(const RasterArguments& a, const TileArea& area, const float* state) {
  const F background[3] = {splat(a.background[0]), splat(a.background[1]), splat(a.background[2])};
  for (int cell = 0; cell < kCells; ++cell) {
    const float* in = state + cell * kCellState;
    alignas(64) float out[4][W];
    const F T = load(in + kTransmittance * W);
    for (int c = 0; c < 3; ++c) store(out[c], fma(background[c], T, load(in + c * W)));
    store(out[3], splat(1.0f) - T);
    for_each_run(area, cell, [&](int lane, int x, int y, int count) {
      const int64_t pixel = int64_t(area.y + y) * a.width + area.x + x;
      interleave(out[0] + lane, out[1] + lane, out[2] + lane, count, a.rgb + 3 * pixel);
      copy_run(out[3] + lane, count, a.alpha + pixel);
      if (a.depth) copy_run(in + kDepth * W + lane, count, a.depth + pixel);
    });
  }
}

template <bool kWithDepth>
inline void forward_tile(const RasterArguments& a, int tile) {
  const TileArea area = tile_area(a, tile);
  const LaneConstants lanes = lane_constants();
  const F log2_alpha_min = splat(a.log2_alpha_min), opaque = splat(kTransmittanceMin);
  float* state = a.states + int64_t(tile) * kTileState;
  for (int cell = 0; cell < kCells; ++cell) {
    float* s = state + cell * kCellState;
    for (int c = 0; c < kTransmittance; ++c) store(s + c * W, splat(0.0f));
    store(s + kTransmittance * W, in_image(area, cell, lanes));
  }

  for_each_gaussian<false>(a, tile, float(area.x), float(area.y), lanes, [&](const PlacedGaussian& p, uint64_t& alive) {
    const F red = splat(p.gaussian->r), green = splat(p.gaussian->g), blue = splat(p.gaussian->b), z = splat(p.gaussian->z);
    const F quadratic = load(p.quadratic);
    for_each_cell(p, alive, [&](int cell) {
      float* s = state + cell * kCellState;
      const F T = load(s + kTransmittance * W);
      const M open = T > opaque;
      if (!any(open)) return false;
      const F w = cell_alpha(p, quadratic, cell, open, log2_alpha_min, lanes).alpha * T;
      store(s + kRed * W, fma(w, red, load(s + kRed * W)));
      store(s + kGreen * W, fma(w, green, load(s + kGreen * W)));
      store(s + kBlue * W, fma(w, blue, load(s + kBlue * W)));
      if (kWithDepth) store(s + kDepth * W, fma(w, z, load(s + kDepth * W)));
      store(s + kTransmittance * W, T - w);
      return true;
    });
  });
  write_picture(a, area, state);
}

inline void raster_tile(const RasterArguments& a, int tile) {
  a.depth ? forward_tile<true>(a, tile) : forward_tile<false>(a, tile);
}

}  // namespace calotype::CALOTYPE_LEVEL
