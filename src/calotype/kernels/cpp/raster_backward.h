// Gradients of one tile: walk it front to back a second time, carrying what colour is still to come.
//
// With v the gradient of the loss by the pixel, r = v . (colour still to come) starts as v . (final colour) and loses w (v . c)
// at each Gaussian; dL/dalpha = T (v . c) - r / (1 - alpha). No per-pixel list is kept. Depth and alpha are further channels;
// the background counts in the final colour. Geometry gradients are six moments of alpha dL/dalpha over the tile.
#pragma once

#include "raster_forward.h"

namespace calotype::CALOTYPE_LEVEL {

// Per cell: the gradients by the pixel, and the two numbers that change from Gaussian to Gaussian.
enum BackwardChannel { kByRed, kByGreen, kByBlue, kByDepth, kByAlpha, kLeft, kToCome, kBackwardChannels };
constexpr int kBackwardCell = kBackwardChannels * W;
constexpr int kBackwardState = kCells * kBackwardCell;

inline void start_backward(const RasterBackwardArguments& b, const TileArea& area, const LaneConstants& lanes,
                           const float* forward, float* state) {
  const RasterArguments& a = b.forward;
  const F background[3] = {splat(a.background[0]), splat(a.background[1]), splat(a.background[2])};
  for (int cell = 0; cell < kCells; ++cell) {
    const float* in = forward + cell * kCellState;
    float* out = state + cell * kBackwardCell;
    for (int c = 0; c < kLeft; ++c) store(out + c * W, splat(0.0f));
    for_each_run(area, cell, [&](int lane, int x, int y, int count) {
      const int64_t pixel = int64_t(area.y + y) * a.width + area.x + x;
      deinterleave(b.d_rgb + 3 * pixel, count, out + kByRed * W + lane, out + kByGreen * W + lane, out + kByBlue * W + lane);
      if (b.d_alpha) copy_run(b.d_alpha + pixel, count, out + kByAlpha * W + lane);
      if (b.d_depth) copy_run(b.d_depth + pixel, count, out + kByDepth * W + lane);
    });
    store(out + kLeft * W, in_image(area, cell, lanes));
    const F T = load(in + kTransmittance * W);
    F to_come = load(out + kByAlpha * W) * (splat(1.0f) - T);
    to_come = fma(load(out + kByDepth * W), load(in + kDepth * W), to_come);
    for (int c = 0; c < 3; ++c) to_come = fma(load(out + c * W), fma(background[c], T, load(in + c * W)), to_come);
    store(out + kToCome * W, to_come);
  }
}

// Sums over the cells that one Gaussian meets, still a vector each. Moments are those of the cells' middles; the lanes' own
// offsets are added once at the end.
struct Sums {
  F dp, x, y, xx, xy, yy, r, g, b, z, absolute;
};

inline void write_gradient(const Sums& s, const LaneConstants& lanes, TileGradient* out) {
  const F lx = lanes.x, ly = lanes.y;
  const F mx = fma(lx, s.dp, s.x), my = fma(ly, s.dp, s.y);
  const F mxx = fma(lx, s.x + mx, s.xx);  // (X + l)^2 = X^2 + l (X + (X + l))
  const F mxy = fma(lx, my, fma(ly, s.x, s.xy));
  const F myy = fma(ly, s.y + my, s.yy);
  const F all[12] = {s.dp, mx, my, mxx, mxy, myy, s.r, s.g, s.b, s.z, s.absolute, splat(0.0f)};
  horizontal_sums(all, reinterpret_cast<float*>(out));
}

// `kColourOnly`: nothing depends on depth and alpha, so their gradients are zeros that need not be carried.
template <bool kAbsolute, bool kColourOnly>
inline void backward_tile(const RasterBackwardArguments& b, int tile) {
  const RasterArguments& a = b.forward;
  const TileArea area = tile_area(a, tile);
  const LaneConstants lanes = lane_constants();
  const F log2_alpha_min = splat(a.log2_alpha_min), opaque = splat(kTransmittanceMin), zero = splat(0.0f);
  alignas(64) float state[kBackwardState];
  start_backward(b, area, lanes, a.states + int64_t(tile) * kTileState, state);

  const auto draw = [&](const PlacedGaussian& p, uint64_t& alive) {
    const DrawnGaussian& g = *p.gaussian;
    const F quadratic = load(p.quadratic), red = splat(g.r), green = splat(g.g), blue = splat(g.b), z = splat(g.z);
    const F lane_slope_x = fma(splat(2.0f * g.A), lanes.x, g.B * lanes.y);
    const F lane_slope_y = fma(splat(2.0f * g.C), lanes.y, g.B * lanes.x);
    Sums sums{zero, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero};
    for_each_cell(p, alive, [&](int cell) {
      float* s = state + cell * kBackwardCell;
      const F T = load(s + kLeft * W);
      const M open = T > opaque;
      if (!any(open)) return false;
      const CellAlpha c = cell_alpha(p, quadratic, cell, open, log2_alpha_min, lanes);
      const F vr = load(s + kByRed * W), vg = load(s + kByGreen * W), vb = load(s + kByBlue * W);
      const F vz = kColourOnly ? zero : load(s + kByDepth * W);
      const F w = c.alpha * T;
      store(s + kLeft * W, T - w);
      const F others = kColourOnly ? vb * blue : fma(vb, blue, fma(vz, z, load(s + kByAlpha * W)));
      const F along = fma(vr, red, fma(vg, green, others));
      const F behind = fnma(w, along, load(s + kToCome * W));
      store(s + kToCome * W, behind);
      const F d_alpha = fnma(behind, reciprocal(splat(1.0f) - c.alpha), T * along);
      const F dp = keep(c.free, c.alpha * d_alpha);
      sums.r = fma(w, vr, sums.r);
      sums.g = fma(w, vg, sums.g);
      sums.b = fma(w, vb, sums.b);
      if (!kColourOnly) sums.z = fma(w, vz, sums.z);
      sums.dp += dp;
      sums.x = fma(dp, splat(p.x[cell]), sums.x);
      sums.y = fma(dp, splat(p.y[cell]), sums.y);
      sums.xx = fma(dp, splat(p.xx[cell]), sums.xx);
      sums.xy = fma(dp, splat(p.xy[cell]), sums.xy);
      sums.yy = fma(dp, splat(p.yy[cell]), sums.yy);
      if (kAbsolute) {
        const F gx = lane_slope_x + p.slope_x[cell], gy = lane_slope_y + p.slope_y[cell];
        sums.absolute = fma(abs(dp), rough_sqrt(fma(gx, gx, gy * gy)), sums.absolute);
      }
      return true;
    });
    write_gradient(sums, lanes, b.gradients + p.slot);
  };
  uint32_t rest = for_each_gaussian<true>(a, tile, float(area.x), float(area.y), lanes, draw);
  for (; rest < a.tile_begin[tile + 1]; ++rest) b.gradients[a.entries[rest].slot] = TileGradient{};
}

inline void raster_backward_tile(const RasterBackwardArguments& b, int tile) {
  const bool colour_only = !b.d_alpha && !b.d_depth;
  if (b.absolute) {
    colour_only ? backward_tile<true, true>(b, tile) : backward_tile<true, false>(b, tile);
  } else {
    colour_only ? backward_tile<false, true>(b, tile) : backward_tile<false, false>(b, tile);
  }
}

}  // namespace calotype::CALOTYPE_LEVEL
