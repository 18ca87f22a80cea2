// How one Gaussian is laid over one tile: shared by forward, backward and contribution passes, which must agree bit for bit.
//
// A tile of 16x16 pixels is cut into cells of W pixels, 4 wide and W / 4 high, stored one after the other, so that a cell
// is one vector. W cells, four to a row, make a strip, and one vector test finds the cells of a strip that the ellipse
// meets. Within a cell log2 alpha is quadratic in the lane's offset: a vector per Gaussian plus three scalars per cell.
#pragma once

#include "arguments.h"
#include "simd.h"

namespace calotype::CALOTYPE_LEVEL {

constexpr int kCellHeight = W / 4;
constexpr int kCells = kTilePixels / W;
constexpr int kStrips = kCells / W;
constexpr int kStripHeight = kTile / kStrips;
constexpr float kHalfWidth = 1.5f, kHalfHeight = 0.5f * float(kCellHeight - 1);  // from the middle to the outer pixel centres

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

// Scalars of the cells of one strip. x, y: middle of the cell minus the Gaussian's centre; the rest: log2 alpha and its
// slopes there.
struct StripCells {
  alignas(64) float value[W], slope_x[W], slope_y[W];
  alignas(64) float x[W], y[W];
};

struct Footprint {
  F A, B, C, log2_opacity, limit, minus_b_over_a, minus_b_over_c;
  F x, y;       // centre, from the tile's corner
  F quadratic;  // the lane's own part of log2 alpha
};

inline Footprint footprint(const DrawnGaussian& g, float tile_x, float tile_y, const LaneConstants& lanes) {
  Footprint f{splat(g.A), splat(g.B), splat(g.C), splat(g.log2_opacity), splat(g.limit), splat(g.minus_b_over_a),
              splat(g.minus_b_over_c), splat(g.x - tile_x), splat(g.y - tile_y), F{}};
  f.quadratic = fma(fma(f.A, lanes.x, f.B * lanes.y), lanes.x, f.C * lanes.y * lanes.y);
  return f;
}

inline F form(const Footprint& f, F dx, F dy) { return fma(fma(f.A, dx, f.B * dy), dx, f.C * dy * dy); }

// Fills `cells` for strip `strip` and returns one bit per cell that the ellipse meets. The least Mahalanobis distance
// over a rectangle lies on the side facing the centre: clamp the centre into the rectangle along one axis, minimise along
// the other, and take the better of the two.
template <bool kPositions>
inline uint32_t place_strip(const Footprint& f, int strip, const LaneConstants& lanes, StripCells& cells) {
  const F zero = splat(0.0f);
  const F x = lanes.cell_x - f.x, y = lanes.cell_y + float(strip * kStripHeight) - f.y;
  const F x0 = x - kHalfWidth, x1 = x + kHalfWidth, y0 = y - kHalfHeight, y1 = y + kHalfHeight;
  const F near_x = clamp(zero, x0, x1), near_y = clamp(zero, y0, y1);
  const F along_y = clamp(f.minus_b_over_c * near_x, y0, y1), along_x = clamp(f.minus_b_over_a * near_y, x0, x1);
  const F best = max(form(f, near_x, along_y), form(f, along_x, near_y));
  const F slope_x = fma(f.A + f.A, x, f.B * y), slope_y = fma(f.C + f.C, y, f.B * x);
  store(cells.value, form(f, x, y) + f.log2_opacity);
  store(cells.slope_x, slope_x);
  store(cells.slope_y, slope_y);
  if (kPositions) {
    store(cells.x, x);
    store(cells.y, y);
  }
  return bits(best >= f.limit);
}

struct CellAlpha {
  F alpha;   // capped, zero where nothing is drawn
  M drawn;   // above the cut-off, and the pixel not yet opaque
  M free;    // drawn, and the cap not active
};

inline CellAlpha cell_alpha(const Footprint& f, const StripCells& cells, int cell, F T, F log2_alpha_min,
                            const LaneConstants& lanes) {
  const F power = fma(splat(cells.slope_x[cell]), lanes.x,
                      fma(splat(cells.slope_y[cell]), lanes.y, f.quadratic + cells.value[cell]));
  const M drawn = (power >= log2_alpha_min) & (T > splat(kTransmittanceMin));
  const F raw = exp2(max(power, splat(-126.0f)));
  return {keep(drawn, min(raw, splat(kAlphaMax))), drawn, drawn & (raw < splat(kAlphaMax))};
}

// Calls body(cell index in the tile, cells of its strip, index in the strip) for each cell that is met and still alive.
// A body returns whether its cell is alive afterwards.
template <bool kPositions, class Body>
inline void for_each_cell(const Footprint& f, const LaneConstants& lanes, uint64_t& alive, Body&& body) {
  for (int strip = 0; strip < kStrips; ++strip) {
    const uint64_t strip_mask = ((uint64_t(1) << W) - 1) << (strip * W);
    if ((alive & strip_mask) == 0) continue;
    StripCells cells;
    uint32_t met = place_strip<kPositions>(f, strip, lanes, cells) & uint32_t((alive & strip_mask) >> (strip * W));
    while (met != 0) {
      const int cell = __builtin_ctz(met);
      met &= met - 1;
      if (!body(strip * W + cell, cells, cell)) alive &= ~(uint64_t(1) << (strip * W + cell));
    }
  }
}

constexpr uint64_t kAllCells = kCells == 64 ? ~uint64_t(0) : (uint64_t(1) << (kCells % 64)) - 1;

// Position of a tile's pixel in the planes.
inline int plane_index(int x, int y) {
  return ((y / kCellHeight) * 4 + x / 4) * W + (y % kCellHeight) * 4 + x % 4;
}

struct TileArea {
  int x, y, width, height;  // corner in the image; the part inside it
};
inline TileArea tile_area(const RasterArguments& a, int tile) {
  const int x = (tile % a.tiles_x) * kTile, y = (tile / a.tiles_x) * kTile;
  return {x, y, a.width - x < kTile ? a.width - x : kTile, a.height - y < kTile ? a.height - y : kTile};
}

// Transmittance one inside the image and zero outside: pixels that do not exist count as opaque and take nothing.
inline void start_transmittance(const TileArea& area, float* plane) {
  for (int y = 0; y < kTile; ++y) {
    for (int x = 0; x < kTile; ++x) plane[plane_index(x, y)] = x < area.width && y < area.height ? 1.0f : 0.0f;
  }
}

}  // namespace calotype::CALOTYPE_LEVEL
