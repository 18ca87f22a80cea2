// Gradients of one tile: walk it front to back a second time, carrying what colour is still to come.
//
// With v the gradient of the loss by the pixel, r = v . (colour still to come) starts as v . (final colour) and loses w (v . c)
// at each Gaussian; dL/dalpha = T (v . c) - r / (1 - alpha). No per-pixel list is kept. Depth and alpha are further channels;
// the background counts in the final colour. Geometry gradients are six moments of alpha dL/dalpha over the tile.
#pragma once

#include "raster_cells.h"

namespace calotype::CALOTYPE_LEVEL {

struct BackwardPlanes {
  alignas(64) float r[kTilePixels], g[kTilePixels], b[kTilePixels], z[kTilePixels], alpha[kTilePixels];
  alignas(64) float transmittance[kTilePixels], to_come[kTilePixels];
};

inline void start_backward(const RasterBackwardArguments& b, const TileArea& area, const TilePlanes& p, BackwardPlanes& v) {
  const RasterArguments& a = b.forward;
  start_transmittance(area, v.transmittance);
  for (int k = 0; k < kTilePixels; ++k) v.r[k] = v.g[k] = v.b[k] = v.z[k] = v.alpha[k] = v.to_come[k] = 0.0f;
  for (int y = 0; y < area.height; ++y) {
    const int64_t row = int64_t(area.y + y) * a.width + area.x;
    for (int x = 0; x < area.width; ++x) {
      const int k = plane_index(x, y);
      v.r[k] = b.d_rgb[3 * (row + x)];
      v.g[k] = b.d_rgb[3 * (row + x) + 1];
      v.b[k] = b.d_rgb[3 * (row + x) + 2];
      if (b.d_alpha) v.alpha[k] = b.d_alpha[row + x];
      if (b.d_depth) v.z[k] = b.d_depth[row + x];
      const float T = p.transmittance[k];
      v.to_come[k] = v.r[k] * (p.r[k] + a.background[0] * T) + v.g[k] * (p.g[k] + a.background[1] * T) +
                     v.b[k] * (p.b[k] + a.background[2] * T) + v.z[k] * p.z[k] + v.alpha[k] * (1.0f - T);
    }
  }
}

// Sums over the cells that one Gaussian meets, still a vector each. Moments are those of the cells' middles; the
// lanes' own offsets are added once at the end.
struct Sums {
  F dp, x, y, xx, xy, yy, r, g, b, z, absolute;
};

inline void write_gradient(const Sums& s, const LaneConstants& lanes, TileGradient* out) {
  const F lx = lanes.x, ly = lanes.y;
  const F mx = fma(lx, s.dp, s.x), my = fma(ly, s.dp, s.y);
  const F mxx = fma(lx, s.x + mx, s.xx);                    // (X + l)^2 = X^2 + l (X + (X + l))
  const F mxy = fma(lx, my, fma(ly, s.x, s.xy));
  const F myy = fma(ly, s.y + my, s.yy);
  const F all[12] = {s.dp, mx, my, mxx, mxy, myy, s.r, s.g, s.b, s.z, s.absolute, splat(0.0f)};
  horizontal_sums(all, reinterpret_cast<float*>(out));
}

template <bool kAbsolute>
inline void backward_cell(const Footprint& f, const StripCells& cells, int k, int at, const LaneConstants& lanes,
                          F log2_alpha_min, const F (&colour)[4], F slope_lane_x, F slope_lane_y, BackwardPlanes& v,
                          Sums& sums, F& left) {
  const F T = load(v.transmittance + at);
  const CellAlpha c = cell_alpha(f, cells, k, T, log2_alpha_min, lanes);
  const F vr = load(v.r + at), vg = load(v.g + at), vb = load(v.b + at), vz = load(v.z + at);
  const F w = c.alpha * T;
  const F along = fma(vr, colour[0], fma(vg, colour[1], fma(vb, colour[2], fma(vz, colour[3], load(v.alpha + at)))));
  sums.r = fma(w, vr, sums.r);
  sums.g = fma(w, vg, sums.g);
  sums.b = fma(w, vb, sums.b);
  sums.z = fma(w, vz, sums.z);
  const F behind = fnma(w, along, load(v.to_come + at));
  store(v.to_come + at, behind);
  left = T - w;
  store(v.transmittance + at, left);
  const F d_alpha = fnma(behind, reciprocal(splat(1.0f) - c.alpha), T * along);
  const F dp = keep(c.free, c.alpha * d_alpha);

  const F x = splat(cells.x[k]), y = splat(cells.y[k]);
  const F dp_x = dp * x, dp_y = dp * y;
  sums.dp += dp;
  sums.x += dp_x;
  sums.y += dp_y;
  sums.xx = fma(dp_x, x, sums.xx);
  sums.xy = fma(dp_x, y, sums.xy);
  sums.yy = fma(dp_y, y, sums.yy);
  if (kAbsolute) {
    const F gx = slope_lane_x + cells.slope_x[k], gy = slope_lane_y + cells.slope_y[k];
    sums.absolute = fma(abs(dp), rough_sqrt(fma(gx, gx, gy * gy)), sums.absolute);
  }
}

template <bool kAbsolute>
inline void backward_tile(const RasterBackwardArguments& b, int tile) {
  const RasterArguments& a = b.forward;
  const TileArea area = tile_area(a, tile);
  const LaneConstants lanes = lane_constants();
  const F log2_alpha_min = splat(a.log2_alpha_min), opaque = splat(kTransmittanceMin), zero = splat(0.0f);
  BackwardPlanes v;
  start_backward(b, area, a.planes[tile], v);

  uint64_t alive = kAllCells;
  const uint32_t end = a.tile_begin[tile + 1];
  uint32_t e = a.tile_begin[tile];
  for (; e < end && alive != 0; ++e) {
    const DrawnGaussian& g = a.drawn[a.entries[e].rank];
    const Footprint f = footprint(g, float(area.x), float(area.y), lanes);
    const F colour[4] = {splat(g.r), splat(g.g), splat(g.b), splat(g.z)};
    const F slope_lane_x = fma(f.A + f.A, lanes.x, f.B * lanes.y), slope_lane_y = fma(f.C + f.C, lanes.y, f.B * lanes.x);
    Sums sums{zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero};
    for_each_cell<true>(f, lanes, alive, [&](int cell, const StripCells& cells, int k) {
      F left;
      backward_cell<kAbsolute>(f, cells, k, cell * W, lanes, log2_alpha_min, colour, slope_lane_x, slope_lane_y, v, sums,
                               left);
      return any(left > opaque);
    });
    write_gradient(sums, lanes, b.gradients + a.entries[e].slot);
  }
  for (; e < end; ++e) b.gradients[a.entries[e].slot] = TileGradient{};
}

inline void raster_backward_tile(const RasterBackwardArguments& b, int tile) {
  b.absolute ? backward_tile<true>(b, tile) : backward_tile<false>(b, tile);
}

}  // namespace calotype::CALOTYPE_LEVEL
