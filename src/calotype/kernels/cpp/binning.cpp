#include "binning.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "thread_pool.h"

namespace calotype {

namespace {

constexpr int64_t kBytesPerPair = sizeof(TileEntry) + sizeof(TileGradient) + sizeof(uint32_t);
constexpr float kSlack = 0.01f;  // pixels, as in prepare.h: lists may hold too much, never too little

// What the rasterizer can draw. Everything else stops here: no test for it is repeated later.
bool is_drawable(const ProjectedArrays& p, int64_t i, float alpha_min) {
  if (!p.visible[i]) return false;
  const float *xy = p.xy + 2 * i, *conic = p.conic + 3 * i, *rgb = p.rgb + 3 * i;
  const float nothing = (xy[0] + xy[1]) * 0.0f + (conic[0] + conic[1] + conic[2]) * 0.0f + (rgb[0] + rgb[1] + rgb[2]) * 0.0f +
                        (p.depth[i] + p.opacity[i]) * 0.0f;
  if (!(nothing == 0.0f)) return false;  // NaN: something was not finite
  const double a = conic[0], b = conic[1], c = conic[2];
  return p.opacity[i] > alpha_min && a > 0.0 && c > 0.0 && a * c - b * b > 0.0;
}

uint32_t sortable(float value) {  // unsigned order of the result is the order of the floats
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits ^ ((bits & 0x80000000u) ? 0xffffffffu : 0x80000000u);
}

// Depth and index of what can be drawn, in the order of the arrays. Ranges are filled side by side, then closed up.
int64_t collect_keys(const BinArguments& a, uint64_t* keys) {
  constexpr int64_t kRange = 8192;
  const int64_t n = a.projected.n;
  std::vector<int64_t> counts(static_cast<size_t>((n + kRange - 1) / kRange));
  parallel_ranges(a.threads, n, kRange, [&](int64_t begin, int64_t end) {
    int64_t count = 0;
    for (int64_t i = begin; i < end; ++i) {
      if (!is_drawable(a.projected, i, a.alpha_min)) continue;
      keys[begin + count++] = (uint64_t(sortable(a.projected.depth[i])) << 32) | uint64_t(i);
    }
    counts[size_t(begin / kRange)] = count;
  });
  int64_t total = 0;
  for (size_t k = 0; k < counts.size(); ++k) {
    const uint64_t* filled = keys + int64_t(k) * kRange;
    if (keys + total != filled) std::copy(filled, filled + counts[k], keys + total);
    total += counts[k];
  }
  return total;
}

// Stable radix sort by depth, 11 bits at a time; equal depths keep the order of the caller's arrays. Returns where the
// sorted keys are: in one of the two buffers.
const uint64_t* sorted_by_depth(uint64_t* keys, uint64_t* spare, int64_t count) {
  constexpr int kDigits = 3, kBits = 11, kBuckets = 1 << kBits;
  std::vector<uint32_t> starts(kDigits * kBuckets, 0);
  for (int64_t i = 0; i < count; ++i) {
    const uint32_t depth = uint32_t(keys[i] >> 32);
    for (int d = 0; d < kDigits; ++d) ++starts[size_t(d * kBuckets) + ((depth >> (d * kBits)) & (kBuckets - 1))];
  }
  for (int d = 0; d < kDigits; ++d) {
    uint32_t sum = 0;
    for (int b = 0; b < kBuckets; ++b) sum += std::exchange(starts[size_t(d * kBuckets + b)], sum);
  }
  for (int d = 0; d < kDigits; ++d) {
    for (int64_t i = 0; i < count; ++i) {
      const uint32_t digit = (uint32_t(keys[i] >> 32) >> (d * kBits)) & (kBuckets - 1);
      spare[starts[size_t(d * kBuckets) + digit]++] = keys[i];
    }
    std::swap(keys, spare);
  }
  return keys;
}

struct TileSpan {
  int first, last;
};

// floor(value), held to -1 .. limit.
int held_floor(float value, int limit) { return int(std::min(std::max(value, -1.0f), float(limit)) + 1.0f) - 1; }

// The tiles along one axis whose pixel centres reach into [low, high].
TileSpan tiles_between(float low, float high, int tiles) {
  constexpr float kPerPixel = 1.0f / kTile;
  return {held_floor((low - (kTile - 0.5f)) * kPerPixel, tiles) + 1, held_floor((high - 0.5f) * kPerPixel, tiles - 1)};
}

// Calls emit(tile) for each tile that the Gaussian's visible ellipse meets. The ellipse's extent within a row of tiles is known
// exactly from its extreme points (as SnugBox and AccuTile do, Hanson et al. 2024), widened by the slack.
template <class Emit>
void for_each_tile(const DrawnGaussian& g, int tiles_x, int tiles_y, Emit&& emit) {
  if (!(g.half_width > 0.0f)) return;
  const TileSpan rows = tiles_between(g.y - g.half_height, g.y + g.half_height, tiles_y);
  const TileSpan box = tiles_between(g.x - g.half_width, g.x + g.half_width, tiles_x);
  if (rows.first >= rows.last || box.first >= box.last) {  // one row or one column: the box is the answer
    for (int ty = rows.first; ty <= rows.last; ++ty) {
      for (int tx = box.first; tx <= box.last; ++tx) emit(uint32_t(ty * tiles_x + tx));
    }
    return;
  }
  const double det = 4.0 * double(g.A) * double(g.C) - double(g.B) * double(g.B);
  const float slope = g.minus_b_over_a, constant = g.limit / g.A, quadratic = float(-det / (4.0 * double(g.A) * double(g.A)));
  const float rightmost_dy = g.minus_b_over_c * g.half_width;
  const auto extent = [&](float dy) { return std::sqrt(std::max(0.0f, constant + quadratic * dy * dy)) * 1.001f + kSlack; };
  for (int ty = rows.first; ty <= rows.last; ++ty) {
    const float top = float(ty * kTile) + 0.5f - g.y, bottom = top + float(kTile - 1);
    const float right_dy = std::clamp(rightmost_dy, top, bottom), left_dy = std::clamp(-rightmost_dy, top, bottom);
    const TileSpan columns = tiles_between(g.x + slope * left_dy - extent(left_dy), g.x + slope * right_dy + extent(right_dy),
                                           tiles_x);
    for (int tx = columns.first; tx <= columns.last; ++tx) emit(uint32_t(ty * tiles_x + tx));
  }
}

[[noreturn]] void refuse(int64_t pairs, int64_t limit) {
  throw MemoryLimit("drawing needs more than " + std::to_string(pairs) + " (tile, Gaussian) pairs, " +
                    std::to_string(pairs * kBytesPerPair >> 20) + " MiB; the limit is " + std::to_string(limit >> 20) +
                    " MiB. Use fewer or smaller Gaussians, a smaller image, or a higher memory_limit_bytes.");
}

struct Chunk {
  int64_t begin, end;            // ranks
  std::vector<uint32_t> tiles;   // of its pairs, in order
  int64_t first_pair = 0;
};

// Pairs of each chunk of ranks, and per chunk and tile how many there are.
void find_pairs(const BinArguments& a, Bins& bins, std::vector<Chunk>& chunks, int64_t tiles) {
  const int64_t most = std::min<int64_t>(a.memory_limit_bytes / kBytesPerPair, UINT32_MAX);
  uint32_t* counts = bins.chunk_tile_counts.data();
  uint32_t* first_pair = bins.first_pair.data();
  parallel_for(a.threads, int64_t(chunks.size()), [&](int64_t k) {
    Chunk& chunk = chunks[size_t(k)];
    uint32_t* tile_counts = counts + k * tiles;
    std::fill(tile_counts, tile_counts + tiles, 0u);
    chunk.tiles.reserve(size_t(chunk.end - chunk.begin) * 4);
    for (int64_t rank = chunk.begin; rank < chunk.end; ++rank) {
      first_pair[rank] = uint32_t(chunk.tiles.size());  // within the chunk, for now
      for_each_tile(bins.gaussians.data()[rank], a.tiles_x, a.tiles_y, [&](uint32_t tile) {
        chunk.tiles.push_back(tile);
        ++tile_counts[tile];
      });
      if (int64_t(chunk.tiles.size()) > most) refuse(int64_t(chunk.tiles.size()), a.memory_limit_bytes);
    }
  });
  bins.pairs = 0;
  for (Chunk& chunk : chunks) {
    chunk.first_pair = bins.pairs;
    bins.pairs += int64_t(chunk.tiles.size());
  }
  if (bins.pairs > most) refuse(bins.pairs, a.memory_limit_bytes);
}

// Counts become positions: tile by tile, and within a tile chunk by chunk, which keeps every list in depth order.
void place_counts(Bins& bins, int64_t chunks, int64_t tiles) {
  uint32_t* counts = bins.chunk_tile_counts.data();
  uint32_t* begin = bins.tile_begin.reserve(size_t(tiles) + 1);
  uint32_t sum = 0;
  for (int64_t tile = 0; tile < tiles; ++tile) {
    begin[tile] = sum;
    for (int64_t k = 0; k < chunks; ++k) sum += std::exchange(counts[k * tiles + tile], sum);
  }
  begin[tiles] = sum;
}

}  // namespace

void bin(const KernelTable& level, const BinArguments& a, Bins& bins) {
  const int64_t n = a.projected.n, tiles = int64_t(a.tiles_x) * a.tiles_y;
  uint64_t* keys = bins.keys.reserve(size_t(n));
  bins.drawn = collect_keys(a, keys);
  const uint64_t* sorted = sorted_by_depth(keys, bins.keys_spare.reserve(size_t(n)), bins.drawn);
  uint32_t* order = bins.order.reserve(size_t(n));
  for (int64_t rank = 0; rank < bins.drawn; ++rank) order[rank] = uint32_t(sorted[rank]);

  const PrepareArguments prepare{a.projected, order, a.log2_alpha_min, bins.gaussians.reserve(size_t(bins.drawn))};
  parallel_ranges(a.threads, bins.drawn, 4096, [&](int64_t begin, int64_t end) { level.prepare(prepare, begin, end); });

  const int64_t cores = a.threads > 0 ? a.threads : usable_cores();
  const int64_t chunk_count = std::clamp<int64_t>(bins.drawn / 1024, 1, 4 * cores);
  std::vector<Chunk> chunks(static_cast<size_t>(chunk_count));
  for (int64_t k = 0; k < chunk_count; ++k) {
    chunks[size_t(k)].begin = bins.drawn * k / chunk_count;
    chunks[size_t(k)].end = bins.drawn * (k + 1) / chunk_count;
  }
  bins.chunk_tile_counts.reserve(size_t(chunk_count * tiles));
  uint32_t* first_pair = bins.first_pair.reserve(size_t(bins.drawn) + 1);
  find_pairs(a, bins, chunks, tiles);
  place_counts(bins, chunk_count, tiles);

  TileEntry* entries = bins.entries.reserve(size_t(bins.pairs));
  parallel_for(a.threads, chunk_count, [&](int64_t k) {
    const Chunk& chunk = chunks[size_t(k)];
    uint32_t* cursor = bins.chunk_tile_counts.data() + k * tiles;
    for (int64_t rank = chunk.begin; rank < chunk.end; ++rank) {
      const size_t first = first_pair[rank];
      const size_t last = rank + 1 < chunk.end ? first_pair[rank + 1] : chunk.tiles.size();
      for (size_t j = first; j < last; ++j) {
        entries[cursor[chunk.tiles[j]]++] = {uint32_t(rank), uint32_t(chunk.first_pair + int64_t(j))};
      }
    }
  });
  for (const Chunk& chunk : chunks) {
    for (int64_t rank = chunk.begin; rank < chunk.end; ++rank) first_pair[rank] += uint32_t(chunk.first_pair);
  }
  first_pair[bins.drawn] = uint32_t(bins.pairs);
}

}  // namespace calotype
