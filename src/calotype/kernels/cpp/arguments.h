// What each kernel is given: plain pointers and sizes, shared by the code of every SIMD level and the code that calls it.
#pragma once

#include <cstdint>

namespace calotype {

constexpr int kTile = 16;              // pixels per side of a tile
constexpr int kTilePixels = kTile * kTile;
constexpr float kAlphaMax = 0.99f;     // keeps 1 / (1 - alpha) bounded in the backward pass
constexpr float kTransmittanceMin = 1e-4f;  // a pixel this opaque takes nothing more
constexpr float kDilation = 0.3f;      // pixels^2 added to the projected covariance (3DGS)
constexpr float kLog2E = 1.44269504f;
constexpr float kLn2 = 0.693147181f;

struct ProjectArguments {
  int64_t n;
  int coefficients;  // spherical harmonics stored per Gaussian: 1, 4, 9 or 16
  int degree;        // of those used, 0 to 3
  const float *means, *quats, *log_scales, *logit_opacities, *sh;
  float R[9], t[3], centre[3];  // cam_from_world, and the camera centre in the world
  float fx, fy, cx, cy;
  int width, height;
  float near_z, alpha_min;
  bool antialiased;
  float *xy, *conic, *depth, *opacity, *rgb, *radii;
  uint8_t* visible;
};

struct ProjectBackwardArguments {
  ProjectArguments forward;  // outputs of the forward pass; only rgb and visible are read
  const float *d_xy, *d_conic, *d_opacity, *d_rgb, *d_depth;
  float *d_means, *d_quats, *d_log_scales, *d_logit_opacities, *d_sh;
};

// Projected Gaussians as the rasterizer gets them.
struct ProjectedArrays {
  int64_t n;
  const float *xy, *conic, *depth, *opacity, *rgb;
  const uint8_t* visible;
};

// One Gaussian ready for drawing, one cache line:
// log2 alpha = log2_opacity + A dx^2 + B dx dy + C dy^2, drawn where the quadratic form is at least `limit`.
struct alignas(64) DrawnGaussian {
  float x, y, A, B, C, log2_opacity, limit, minus_b_over_a, minus_b_over_c;
  float r, g, b, z;
  uint32_t index;                 // in the caller's arrays
  float half_width, half_height;  // of the box around the visible ellipse, with some slack
};
static_assert(sizeof(DrawnGaussian) == 64);

struct PrepareArguments {
  ProjectedArrays projected;
  const uint32_t* order;  // indices of the Gaussians to draw, nearest first
  float log2_alpha_min;
  DrawnGaussian* drawn;
};

// An entry of a tile's list: which Gaussian (rank in depth order), and the slot its sums over this tile are written to.
struct TileEntry {
  uint32_t rank, slot;
};

// Sums over one tile for one Gaussian. dp is the gradient of log alpha at a pixel; moments are about the Gaussian's centre.
struct TileGradient {
  float dp, dp_dx, dp_dy, dp_dxx, dp_dxy, dp_dyy;
  float r, g, b, z;
  float absolute_xy;
  float unused;
};
static_assert(sizeof(TileGradient) == 48);

struct TileContribution {
  float weight, error, max_weight;
};

constexpr int kTileState = 5 * kTilePixels;  // floats kept per tile: colour, depth, transmittance, in the level's own order

struct RasterArguments {
  int width, height, tiles_x, tiles_y;
  float log2_alpha_min;
  float background[3];
  const DrawnGaussian* drawn;
  const uint32_t* tile_begin;  // tiles + 1 positions in entries
  const TileEntry* entries;    // per tile, nearest first
  float* states;               // kTileState per tile: written by the forward pass, read by the backward pass
  float *rgb, *alpha, *depth;  // the picture: [h, w, 3], [h, w], [h, w]; depth may be null
};

struct RasterBackwardArguments {
  RasterArguments forward;
  const float *d_rgb, *d_alpha, *d_depth;  // the last two may be null
  bool absolute;                           // whether absolute_xy is wanted
  TileGradient* gradients;                 // one per entry, by slot
};

struct ContributionArguments {
  RasterArguments forward;
  const float* error;  // [h, w]
  TileContribution* contributions;
};

struct LossArguments {
  int width, height, stride;  // stride: floats per plane row, a multiple of 16
  const float* image;         // [h, w, 3]
  const float* target;        // [h, w, 3]; null when target_bytes is given
  const uint8_t* target_bytes;
  const float* weights;       // [h, w] or null
  const float* colour;        // 3 rows of 4: the image is compared as colour * (r, g, b, 1); null when it is as it is
  float ssim_weight;
  float scale;                // 1 / (3 * sum of weights)
  float *image_planes, *target_planes;  // 3 x h x stride
  float *d_mean, *d_square, *d_product; // derivatives of the loss by the windowed moments, 3 x h x stride
  double *row_l1, *row_ssim;            // per row, over channels and columns, weighted
  double* row_colour;                   // 12 per row: derivatives by `colour`
  float* d_image;                       // [h, w, 3]
};

struct AdamArguments {
  int64_t n;  // rows
  int columns;
  float *params, *m, *v;
  const float* grads;
  const float* lr;  // columns + 16 values, repeating with period `columns`, so that any start can be loaded whole
  float beta1, beta2, eps;
  float one_minus_beta1, one_minus_beta2;  // from doubles: 1 - 0.999f is off by 1e-5
  float correction1, correction2;  // 1 / (1 - beta^step)
  const uint8_t* mask;             // per row, or null
};

// The kernels of one SIMD level.
struct KernelTable {
  const char* name;
  void (*project)(const ProjectArguments&, int64_t begin, int64_t end);
  void (*project_backward)(const ProjectBackwardArguments&, int64_t begin, int64_t end);
  void (*prepare)(const PrepareArguments&, int64_t begin, int64_t end);
  void (*raster_tile)(const RasterArguments&, int tile);
  void (*raster_backward_tile)(const RasterBackwardArguments&, int tile);
  void (*contributions_tile)(const ContributionArguments&, int tile);
  void (*loss_split_row)(const LossArguments&, int row);
  void (*loss_moments_row)(const LossArguments&, int row);
  void (*loss_gradient_row)(const LossArguments&, int row);
  void (*adam)(const AdamArguments&, int64_t begin, int64_t end);
};

}  // namespace calotype
