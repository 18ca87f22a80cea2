// Draw one tile: blend its Gaussians front to back into colour, accumulated depth and transmittance.
#pragma once

#include "raster_cells.h"

namespace calotype::CALOTYPE_LEVEL {

inline void write_picture(const RasterArguments& a, const TileArea& area, const TilePlanes& p) {
  for (int y = 0; y < area.height; ++y) {
    const int64_t row = int64_t(area.y + y) * a.width + area.x;
    for (int x = 0; x < area.width; ++x) {
      const int k = plane_index(x, y);
      const float T = p.transmittance[k];
      a.rgb[3 * (row + x)] = p.r[k] + a.background[0] * T;
      a.rgb[3 * (row + x) + 1] = p.g[k] + a.background[1] * T;
      a.rgb[3 * (row + x) + 2] = p.b[k] + a.background[2] * T;
      a.alpha[row + x] = 1.0f - T;
      a.depth[row + x] = p.z[k];
    }
  }
}

inline void raster_tile(const RasterArguments& a, int tile) {
  const TileArea area = tile_area(a, tile);
  const LaneConstants lanes = lane_constants();
  const F log2_alpha_min = splat(a.log2_alpha_min), opaque = splat(kTransmittanceMin);
  TilePlanes& p = a.planes[tile];
  for (int k = 0; k < kTilePixels; ++k) p.r[k] = p.g[k] = p.b[k] = p.z[k] = 0.0f;
  start_transmittance(area, p.transmittance);

  uint64_t alive = kAllCells;
  for (uint32_t e = a.tile_begin[tile]; e < a.tile_begin[tile + 1] && alive != 0; ++e) {
    const DrawnGaussian& g = a.drawn[a.entries[e].rank];
    const Footprint f = footprint(g, float(area.x), float(area.y), lanes);
    const F red = splat(g.r), green = splat(g.g), blue = splat(g.b), z = splat(g.z);
    for_each_cell<false>(f, lanes, alive, [&](int cell, const StripCells& cells, int k) {
      const int at = cell * W;
      const F T = load(p.transmittance + at);
      const F w = cell_alpha(f, cells, k, T, log2_alpha_min, lanes).alpha * T;
      store(p.r + at, fma(w, red, load(p.r + at)));
      store(p.g + at, fma(w, green, load(p.g + at)));
      store(p.b + at, fma(w, blue, load(p.b + at)));
      store(p.z + at, fma(w, z, load(p.z + at)));
      const F left = T - w;
      store(p.transmittance + at, left);
      return any(left > opaque);
    });
  }
  write_picture(a, area, p);
}

}  // namespace calotype::CALOTYPE_LEVEL
