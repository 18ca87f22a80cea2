// Run each kernel over a whole picture or array: cut the work into tasks, keep the buffers, add up in a fixed order.
#pragma once

#include "workspace.h"

namespace calotype {

void project(const ProjectArguments& a, int threads);
void project_backward(const ProjectBackwardArguments& a, int threads);

struct RasterizeRequest {
  ProjectedArrays projected;
  int width, height;
  float alpha_min;
  float background[3];
  int64_t memory_limit_bytes;
  int threads;
  float *rgb, *alpha;
  float* depth;  // null when not wanted
};
void rasterize(const RasterizeRequest& request, Workspace& workspace);

struct RasterizeBackwardRequest {
  ProjectedArrays projected;
  const float *d_rgb, *d_alpha, *d_depth;  // the last two may be null
  float *d_xy, *d_conic, *d_opacity, *d_colour, *d_z;
  float* absolute_xy;                      // null when not wanted
  int threads;
};
void rasterize_backward(const RasterizeBackwardRequest& request, Workspace& workspace);

struct ContributionsRequest {
  const float* error;
  float *weight_sum, *error_sum, *max_weight;
  int64_t n;
  int threads;
};
void contributions(const ContributionsRequest& request, Workspace& workspace);

struct LossValue {
  double value, l1, ssim;
  double d_colour[12];  // of the value, by the picture's colour transform; zeros without one
};
// Fills the planes and scale of `a` itself.
LossValue l1_ssim(LossArguments a, Workspace& workspace, int threads);

void adam(const AdamArguments& a, int threads);

}  // namespace calotype
