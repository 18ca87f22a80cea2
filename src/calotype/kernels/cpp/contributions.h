// What each Gaussian gives to one tile: the sum of its blending weights, of weight times error, and its largest weight.
#pragma once

#include "raster_cells.h"

namespace calotype::CALOTYPE_LEVEL {

inline void contributions_tile(const ContributionArguments& c, int tile) {
  const RasterArguments& a = c.forward;
  const TileArea area = tile_area(a, tile);
  const LaneConstants lanes = lane_constants();
  const F log2_alpha_min = splat(a.log2_alpha_min), opaque = splat(kTransmittanceMin), zero = splat(0.0f);
  alignas(64) float transmittance[kTilePixels], error[kTilePixels];
  start_transmittance(area, transmittance);
  for (int k = 0; k < kTilePixels; ++k) error[k] = 0.0f;
  for (int y = 0; y < area.height; ++y) {
    const float* row = c.error + int64_t(area.y + y) * a.width + area.x;
    for (int x = 0; x < area.width; ++x) error[plane_index(x, y)] = row[x];
  }

  uint64_t alive = kAllCells;
  const uint32_t end = a.tile_begin[tile + 1];
  uint32_t e = a.tile_begin[tile];
  for (; e < end && alive != 0; ++e) {
    const Footprint f = footprint(a.drawn[a.entries[e].rank], float(area.x), float(area.y), lanes);
    F weight = zero, weighted_error = zero, largest = zero;
    for_each_cell<false>(f, lanes, alive, [&](int cell, const StripCells& cells, int k) {
      const int at = cell * W;
      const F T = load(transmittance + at);
      const F w = cell_alpha(f, cells, k, T, log2_alpha_min, lanes).alpha * T;
      weight += w;
      weighted_error = fma(w, load(error + at), weighted_error);
      largest = max(largest, w);
      store(transmittance + at, T - w);
      return any(T - w > opaque);
    });
    const F all[12] = {weight, weighted_error, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero};
    float sums[12];
    horizontal_sums(all, sums);
    alignas(64) float lane[W];
    store(lane, largest);
    float max_weight = 0.0f;
    for (int k = 0; k < W; ++k) max_weight = lane[k] > max_weight ? lane[k] : max_weight;
    c.contributions[a.entries[e].slot] = {sums[0], sums[1], max_weight};
  }
  for (; e < end; ++e) c.contributions[a.entries[e].slot] = {0.0f, 0.0f, 0.0f};
}

}  // namespace calotype::CALOTYPE_LEVEL
