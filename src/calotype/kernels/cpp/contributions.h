// What each Gaussian gives to one tile: the sum of its blending weights, of weight times error, and its largest weight.
#pragma once

#include "raster_cells.h"

namespace calotype::CALOTYPE_LEVEL {

inline void contributions_tile(const ContributionArguments& c, int tile) {
  const RasterArguments& a = c.forward;
  const TileArea area = tile_area(a, tile);
  const LaneConstants lanes = lane_constants();
  const F log2_alpha_min = splat(a.log2_alpha_min), opaque = splat(kTransmittanceMin), zero = splat(0.0f);
  alignas(64) float left[kTilePixels], error[kTilePixels];  // cell by cell
  for (int cell = 0; cell < kCells; ++cell) {
    store(left + cell * W, in_image(area, cell, lanes));
    store(error + cell * W, zero);
    for_each_run(area, cell, [&](int lane, int x, int y, int count) {
      copy_run(c.error + int64_t(area.y + y) * a.width + area.x + x, count, error + cell * W + lane);
    });
  }

  const auto draw = [&](const PlacedGaussian& p, uint64_t& alive) {
    const F quadratic = load(p.quadratic);
    F weight = zero, weighted_error = zero, largest = zero;
    for_each_cell(p, alive, [&](int cell) {
      const F T = load(left + cell * W);
      const M open = T > opaque;
      if (!any(open)) return false;
      const F w = cell_alpha(p, quadratic, cell, open, log2_alpha_min, lanes).alpha * T;
      weight += w;
      weighted_error = fma(w, load(error + cell * W), weighted_error);
      largest = max(largest, w);
      store(left + cell * W, T - w);
      return true;
    });
    const F all[12] = {weight, weighted_error, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero};
    float sums[12];
    horizontal_sums(all, sums);
    alignas(64) float lane[W];
    store(lane, largest);
    float max_weight = 0.0f;
    for (int k = 0; k < W; ++k) max_weight = lane[k] > max_weight ? lane[k] : max_weight;
    c.contributions[p.slot] = {sums[0], sums[1], max_weight};
  };
  uint32_t rest = for_each_gaussian<false>(a, tile, float(area.x), float(area.y), lanes, draw);
  for (; rest < a.tile_begin[tile + 1]; ++rest) c.contributions[a.entries[rest].slot] = {0.0f, 0.0f, 0.0f};
}

}  // namespace calotype::CALOTYPE_LEVEL
