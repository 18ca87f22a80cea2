#include "launch.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "binning.h"
#include "dispatch.h"
#include "thread_pool.h"

namespace calotype {

namespace {

constexpr int64_t kGaussiansPerTask = 512;

int64_t tiles_along(int pixels) { return (pixels + kTile - 1) / kTile; }

RasterArguments raster_arguments(Workspace& w, float* rgb, float* alpha, float* depth) {
  RasterArguments a{};
  a.width = w.width;
  a.height = w.height;
  a.tiles_x = int(tiles_along(w.width));
  a.tiles_y = int(tiles_along(w.height));
  a.log2_alpha_min = w.log2_alpha_min;
  std::copy(w.background, w.background + 3, a.background);
  a.drawn = w.bins.gaussians.data();
  a.tile_begin = w.bins.tile_begin.data();
  a.entries = w.bins.entries.data();
  a.states = w.states.data();
  a.rgb = rgb;
  a.alpha = alpha;
  a.depth = depth;
  return a;
}

void zero(float* values, int64_t count) {
  if (values && count > 0) std::memset(values, 0, size_t(count) * sizeof(float));
}

// Adds the slots of one Gaussian in their fixed order.
TileGradient sum_slots(const TileGradient* slots, uint32_t begin, uint32_t end) {
  TileGradient sum{};
  for (uint32_t k = begin; k < end; ++k) {
    const TileGradient& s = slots[k];
    sum.dp += s.dp, sum.dp_dx += s.dp_dx, sum.dp_dy += s.dp_dy;
    sum.dp_dxx += s.dp_dxx, sum.dp_dxy += s.dp_dxy, sum.dp_dyy += s.dp_dyy;
    sum.r += s.r, sum.g += s.g, sum.b += s.b, sum.z += s.z;
    sum.absolute_xy += s.absolute_xy;
  }
  return sum;
}

// From moments of d(log alpha) to the gradients of what the Gaussian is given by.
void write_gradient(const RasterizeBackwardRequest& r, int64_t i, const TileGradient& s) {
  const float a = r.projected.conic[3 * i], b = r.projected.conic[3 * i + 1], c = r.projected.conic[3 * i + 2];
  r.d_xy[2 * i] = a * s.dp_dx + b * s.dp_dy;
  r.d_xy[2 * i + 1] = b * s.dp_dx + c * s.dp_dy;
  r.d_conic[3 * i] = -0.5f * s.dp_dxx;
  r.d_conic[3 * i + 1] = -s.dp_dxy;  // b is the off-diagonal once
  r.d_conic[3 * i + 2] = -0.5f * s.dp_dyy;
  r.d_opacity[i] = s.dp / r.projected.opacity[i];
  r.d_colour[3 * i] = s.r, r.d_colour[3 * i + 1] = s.g, r.d_colour[3 * i + 2] = s.b;
  r.d_z[i] = s.z;
  if (r.absolute_xy) r.absolute_xy[i] = kLn2 * s.absolute_xy;  // slopes were those of log2 alpha
}

}  // namespace

void project(const ProjectArguments& a, int threads) {
  const KernelTable& level = kernels();
  parallel_ranges(threads, a.n, kGaussiansPerTask, [&](int64_t begin, int64_t end) { level.project(a, begin, end); });
}

void project_backward(const ProjectBackwardArguments& a, int threads) {
  const KernelTable& level = kernels();
  parallel_ranges(threads, a.forward.n, kGaussiansPerTask,
                  [&](int64_t begin, int64_t end) { level.project_backward(a, begin, end); });
}

void rasterize(const RasterizeRequest& r, Workspace& w) {
  const int64_t tiles_x = tiles_along(r.width), tiles_y = tiles_along(r.height);
  ++w.generation;  // from here on an older result is gone, even if this call fails
  w.level = &kernels();
  w.width = r.width;
  w.height = r.height;
  w.n = r.projected.n;
  w.log2_alpha_min = float(std::log2(double(r.alpha_min)));
  std::copy(r.background, r.background + 3, w.background);
  bin(*w.level, {r.projected, int(tiles_x), int(tiles_y), w.log2_alpha_min, r.alpha_min, r.memory_limit_bytes, r.threads},
      w.bins);
  w.states.reserve(size_t(tiles_x * tiles_y * kTileState));
  const RasterArguments a = raster_arguments(w, r.rgb, r.alpha, r.depth);
  parallel_for(r.threads, tiles_x * tiles_y, [&](int64_t tile) { w.level->raster_tile(a, int(tile)); });
}

void rasterize_backward(const RasterizeBackwardRequest& r, Workspace& w) {
  const int64_t n = w.n;
  zero(r.d_xy, 2 * n);
  zero(r.d_conic, 3 * n);
  zero(r.d_opacity, n);
  zero(r.d_colour, 3 * n);
  zero(r.d_z, n);
  zero(r.absolute_xy, n);
  TileGradient* slots = w.gradients.reserve(size_t(w.bins.pairs));
  const RasterBackwardArguments b{raster_arguments(w, nullptr, nullptr, nullptr), r.d_rgb, r.d_alpha, r.d_depth,
                                  r.absolute_xy != nullptr, slots};
  parallel_for(r.threads, int64_t(b.forward.tiles_x) * b.forward.tiles_y,
               [&](int64_t tile) { w.level->raster_backward_tile(b, int(tile)); });
  const uint32_t* first = w.bins.first_pair.data();
  parallel_ranges(r.threads, w.bins.drawn, 4 * kGaussiansPerTask, [&](int64_t begin, int64_t end) {
    for (int64_t rank = begin; rank < end; ++rank) {
      write_gradient(r, w.bins.order.data()[rank], sum_slots(slots, first[rank], first[rank + 1]));
    }
  });
}

void contributions(const ContributionsRequest& r, Workspace& w) {
  zero(r.weight_sum, r.n);
  zero(r.error_sum, r.n);
  zero(r.max_weight, r.n);
  TileContribution* slots = w.contributions.reserve(size_t(w.bins.pairs));
  const ContributionArguments c{raster_arguments(w, nullptr, nullptr, nullptr), r.error, slots};
  parallel_for(r.threads, int64_t(c.forward.tiles_x) * c.forward.tiles_y,
               [&](int64_t tile) { w.level->contributions_tile(c, int(tile)); });
  const uint32_t* first = w.bins.first_pair.data();
  for (int64_t rank = 0; rank < w.bins.drawn; ++rank) {
    const int64_t i = w.bins.order.data()[rank];
    for (uint32_t k = first[rank]; k < first[rank + 1]; ++k) {
      r.weight_sum[i] += slots[k].weight;
      r.error_sum[i] += slots[k].error;
      r.max_weight[i] = std::max(r.max_weight[i], slots[k].max_weight);
    }
  }
}

LossValue l1_ssim(LossArguments a, Workspace& w, int threads) {
  a.stride = (a.width + 15) / 16 * 16;
  const int64_t pixels = int64_t(a.width) * a.height, plane = int64_t(a.stride) * a.height * 3;
  double weight_sum = double(pixels);
  if (a.weights) {
    weight_sum = 0.0;
    for (int64_t k = 0; k < pixels; ++k) weight_sum += double(a.weights[k]);
  }
  if (!(weight_sum > 0.0)) {
    zero(a.d_image, 3 * pixels);
    return {0.0, 0.0, 1.0, {}};
  }
  const double normalise = 1.0 / (3.0 * weight_sum);
  a.scale = float(normalise);
  float* planes = w.loss_planes.reserve(size_t(5 * plane));
  a.image_planes = planes;
  a.target_planes = planes + plane;
  a.d_mean = planes + 2 * plane;
  a.d_square = planes + 3 * plane;
  a.d_product = planes + 4 * plane;
  a.row_l1 = w.loss_rows.reserve(size_t(14 * a.height));
  a.row_ssim = a.row_l1 + a.height;
  a.row_colour = a.row_ssim + a.height;

  const KernelTable& level = kernels();
  for (const auto pass : {level.loss_split_row, level.loss_moments_row, level.loss_gradient_row}) {
    parallel_ranges(threads, a.height, 4, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) pass(a, int(row));
    });
  }
  LossValue loss{};
  for (int row = 0; row < a.height; ++row) {
    loss.l1 += a.row_l1[row];
    loss.ssim += a.row_ssim[row];
    for (int k = 0; a.colour && k < 12; ++k) loss.d_colour[k] += a.row_colour[12 * row + k];
  }
  loss.l1 *= normalise;
  loss.ssim *= normalise;
  const double share = double(a.ssim_weight);
  loss.value = (1.0 - share) * loss.l1 + share * (1.0 - loss.ssim);
  return loss;
}

void adam(const AdamArguments& a, int threads) {
  const KernelTable& level = kernels();
  const int64_t rows = std::max<int64_t>(1, 16384 / a.columns);
  parallel_ranges(threads, a.n, rows, [&](int64_t begin, int64_t end) { level.adam(a, begin, end); });
}

}  // namespace calotype
