// How one Gaussian is laid over one tile: shared by forward, backward and contribution passes, which must agree bit for bit.
//
// A tile of 16x16 pixels is cut into cells of W pixels, 4 wide and W / 4 high, so that a cell is one vector. W cells, four to
// a row, make a strip, and one vector test finds the cells of a strip that the ellipse meets. Within a cell log2 alpha is
// quadratic in the lane's offset from the middle: a vector per Gaussian plus three scalars per cell.
//
// Gaussians are placed a batch at a time, before the first of them is drawn: placing has no branches, and its long chain of
// operations would otherwise be waited for at every Gaussian, right after the mispredicted end of the one before.
#pragma once

#include "arguments.h"
#include "pixels.h"

namespace calotype::CALOTYPE_LEVEL {

constexpr int kCellHeight = W / 4;
constexpr int kCells = kTilePixels / W;
constexpr int kStrips = kCells / W;
constexpr int kStripHeight = kTile / kStrips;
constexpr float kHalfWidth = 1.5f, kHalfHeight = 0.5f * float(kCellHeight - 1);  // from the middle to the outer pixel centres
constexpr uint64_t kAllCells = kCells == 64 ? ~uint64_t(0) : (uint64_t(1) << (kCells % 64)) - 1;
constexpr uint32_t kBatch = 8;

struct LaneConstants {
  F x, y;            // offset of each lane's pixel from the middle of its cell
  F cell_x, cell_y;  // middle of each cell, from the corner of the strip
};

inline LaneConstants lane_constants() {
  alignas(64) float values[4][W];
  for (int k = 0; k < W; ++k) {
    values[0][k] = float(k % 4) - kHalfWidth;
    values[1][k] = float(k / 4) - kHalfHeight;
    values[2][k] = float(4 * (k % 4)) + 0.5f + kHalfWidth;
    values[3][k] = float(kCellHeight * (k / 4)) + 0.5f + kHalfHeight;
  }
  return {load(values[0]), load(values[1]), load(values[2]), load(values[3])};
}

// A Gaussian over a tile. Per cell: log2 alpha in the middle and its slopes there; for the backward pass also the middle's
// offset from the Gaussian's centre, and the products of that.
struct PlacedGaussian {
  alignas(64) float value[kCells], slope_x[kCells], slope_y[kCells];
  alignas(64) float x[kCells], y[kCells], xx[kCells], xy[kCells], yy[kCells];
  alignas(64) float quadratic[W];  // the lane's own part of log2 alpha
  uint64_t met;                    // one bit per cell that the ellipse meets
  const DrawnGaussian* gaussian;
  uint32_t slot;
};

struct Form {
  F A, B, C;
  F operator()(F dx, F dy) const { return fma(fma(A, dx, B * dy), dx, C * dy * dy); }
};

// The least Mahalanobis distance over a rectangle lies on the side facing the centre: clamp the centre into the rectangle
// along one axis, minimise along the other, and take the better of the two.
inline M cells_met(const Form& form, const DrawnGaussian& g, F x, F y) {
  const F zero = splat(0.0f);
  const F x0 = x - kHalfWidth, x1 = x + kHalfWidth, y0 = y - kHalfHeight, y1 = y + kHalfHeight;
  const F near_x = clamp(zero, x0, x1), near_y = clamp(zero, y0, y1);
  const F along_y = clamp(g.minus_b_over_c * near_x, y0, y1), along_x = clamp(g.minus_b_over_a * near_y, x0, x1);
  return max(form(near_x, along_y), form(along_x, near_y)) >= splat(g.limit);
}

template <bool kBackward>
inline void place(const DrawnGaussian& g, float tile_x, float tile_y, const LaneConstants& lanes, PlacedGaussian& out) {
  const Form form{splat(g.A), splat(g.B), splat(g.C)};
  const float centre_x = g.x - tile_x, centre_y = g.y - tile_y;
  store(out.quadratic, form(lanes.x, lanes.y));
  out.gaussian = &g;
  out.met = 0;
  // Strips that the ellipse's height cannot reach are left out; one strip more or less is decided by cells_met.
  const float top = (centre_y - g.half_height) * (1.0f / kStripHeight), bottom = (centre_y + g.half_height) * (1.0f / kStripHeight);
  const int first = kStrips == 1 || !(top > 0.0f) ? 0 : int(top);
  const int last = kStrips == 1 || !(bottom < float(kStrips)) ? kStrips - 1 : int(bottom);
  for (int strip = first; strip <= last; ++strip) {
    const F x = lanes.cell_x - centre_x, y = lanes.cell_y - (centre_y - float(strip * kStripHeight));
    const int at = strip * W;
    store(out.value + at, form(x, y) + g.log2_opacity);
    store(out.slope_x + at, fma(form.A + form.A, x, form.B * y));
    store(out.slope_y + at, fma(form.C + form.C, y, form.B * x));
    if (kBackward) {
      store(out.x + at, x);
      store(out.y + at, y);
      store(out.xx + at, x * x);
      store(out.xy + at, x * y);
      store(out.yy + at, y * y);
    }
    out.met |= uint64_t(bits(cells_met(form, g, x, y))) << at;
  }
}

// Places the tile's Gaussians in order and calls draw(placed, alive) for each, until no cell is alive. `alive` has a bit per cell
// that is not opaque yet. Returns the position of the first entry not drawn.
template <bool kBackward, class Draw>
inline uint32_t for_each_gaussian(const RasterArguments& a, int tile, float tile_x, float tile_y, const LaneConstants& lanes,
                                  Draw&& draw) {
  alignas(64) PlacedGaussian batch[kBatch];
  const uint32_t end = a.tile_begin[tile + 1];
  uint64_t alive = kAllCells;
  for (uint32_t first = a.tile_begin[tile]; first < end; first += kBatch) {
    const uint32_t count = end - first < kBatch ? end - first : kBatch;
    for (uint32_t k = 0; k < count; ++k) {
      const TileEntry& entry = a.entries[first + k];
      if (first + k + kBatch < end) __builtin_prefetch(a.drawn + a.entries[first + k + kBatch].rank);
      place<kBackward>(a.drawn[entry.rank], tile_x, tile_y, lanes, batch[k]);
      batch[k].slot = entry.slot;
    }
    for (uint32_t k = 0; k < count; ++k) {
      if (alive == 0) return first + k;
      draw(batch[k], alive);
    }
  }
  return end;
}

// Calls visit(cell) for each cell that is met and alive; a visit returns false once its cell is found opaque.
template <class Visit>
inline void for_each_cell(const PlacedGaussian& p, uint64_t& alive, Visit&& visit) {
  for (uint64_t met = p.met & alive; met != 0; met &= met - 1) {
    const int cell = __builtin_ctzll(met);
    if (!visit(cell)) alive &= ~(uint64_t(1) << cell);
  }
}

struct CellAlpha {
  F alpha;  // capped, zero where nothing is drawn
  M free;   // drawn, and the cap not active
};

// `open`: where the pixel is not opaque yet. Below the cut-off the exponential is not valid; those lanes are dropped.
inline CellAlpha cell_alpha(const PlacedGaussian& p, F quadratic, int cell, M open, F log2_alpha_min,
                            const LaneConstants& lanes) {
  const F power = fma(splat(p.slope_x[cell]), lanes.x,
                      fma(splat(p.slope_y[cell]), lanes.y, quadratic + p.value[cell]));
  const M drawn = open & (power >= log2_alpha_min);
  const F raw = exp2(power);
  return {keep(drawn, min(raw, splat(kAlphaMax))), drawn & (raw < splat(kAlphaMax))};
}

struct TileArea {
  int x, y, width, height;  // corner in the image; the part inside it
};
inline TileArea tile_area(const RasterArguments& a, int tile) {
  const int x = (tile % a.tiles_x) * kTile, y = (tile / a.tiles_x) * kTile;
  return {x, y, a.width - x < kTile ? a.width - x : kTile, a.height - y < kTile ? a.height - y : kTile};
}

// Calls run(lane, x, y, count) for each horizontal run of up to four pixels of a cell that lies in the image: they are the
// lanes from `lane` on, and begin at (x, y) in the tile.
template <class Run>
inline void for_each_run(const TileArea& area, int cell, Run&& run) {
  const int x = (cell % 4) * 4, y = (cell / 4) * kCellHeight;
  const int rows = area.height - y < kCellHeight ? area.height - y : kCellHeight, count = area.width - x;
  for (int row = 0; row < rows; ++row) {
    if (count >= 4) {
      run(row * 4, x, y + row, 4);
    } else if (count > 0) {
      run(row * 4, x, y + row, count);
    }
  }
}

// One in the lanes of a cell that lie in the image and zero outside: as transmittance it makes pixels that do not exist opaque,
// so they take nothing.
inline F in_image(const TileArea& area, int cell, const LaneConstants& lanes) {
  const F x = lanes.x + (float((cell % 4) * 4) + kHalfWidth), y = lanes.y + (float((cell / 4) * kCellHeight) + kHalfHeight);
  return keep((x < splat(float(area.width))) & (y < splat(float(area.height))), splat(1.0f));
}

}  // namespace calotype::CALOTYPE_LEVEL
