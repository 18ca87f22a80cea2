// Project 3D Gaussians to 2D ones: centre, inverse covariance, depth, opacity and colour as seen from one camera.
#pragma once

#include "splat_geometry.h"

namespace calotype::CALOTYPE_LEVEL {

inline void scatter(float* p, int stride, int count, F value) {
  alignas(64) float lanes[W];
  store(lanes, value);
  for (int i = 0; i < count; ++i) p[int64_t(i) * stride] = lanes[i];
}

inline Vec3 view_colour(const ProjectArguments& a, const SplatGeometry& s, int64_t i, int count) {
  F basis[16];
  sh_basis(a.degree, view_direction(a, s).unit, basis);
  const int used = (a.degree + 1) * (a.degree + 1), stride = 3 * a.coefficients;
  const float* sh = a.sh + i * stride;
  Vec3 colour{splat(0.5f), splat(0.5f), splat(0.5f)};
  for (int j = 0; j < used; ++j) {
    colour.x = fma(basis[j], gather(sh + 3 * j, stride, count), colour.x);
    colour.y = fma(basis[j], gather(sh + 3 * j + 1, stride, count), colour.y);
    colour.z = fma(basis[j], gather(sh + 3 * j + 2, stride, count), colour.z);
  }
  const F zero = splat(0.0f);
  return {max(colour.x, zero), max(colour.y, zero), max(colour.z, zero)};
}

inline M is_finite(F a) { return a - a <= splat(0.0f); }

inline void project_lanes(const ProjectArguments& a, int64_t i, int count) {
  const SplatGeometry s = splat_geometry(a, i, count);
  F opacity = sigmoid(gather(a.logit_opacities + i, 1, count));
  if (a.antialiased) opacity *= sqrt(compensation_squared(s));
  const F x = fma(splat(a.fx) * s.cam.x, s.inverse_z, splat(a.cx));
  const F y = fma(splat(a.fy) * s.cam.y, s.inverse_z, splat(a.cy));
  const F inverse_det = splat(1.0f) / s.det;
  const F ca = s.cov_yy * inverse_det, cb = -s.cov_xy * inverse_det, cc = s.cov_xx * inverse_det;
  const Vec3 colour = view_colour(a, s, i, count);

  // Squared Mahalanobis radius at which alpha falls to alpha_min; a faint Gaussian is a small ellipse.
  const F reach = 2.0f * kLn2 * log2(max(opacity, splat(1e-30f)) / splat(a.alpha_min));
  const F rx = sqrt(max(reach, splat(0.0f)) * s.cov_xx), ry = sqrt(max(reach, splat(0.0f)) * s.cov_yy);
  const F sum = (x + y) + (ca + cb) + (cc + s.cam.z) + (colour.x + colour.y) + (colour.z + rx + ry);
  const F width = splat(float(a.width)), height = splat(float(a.height)), zero = splat(0.0f);
  const M in_image = (x + rx > zero) & (x - rx < width) & (y + ry > zero) & (y - ry < height);
  const M drawable = (s.cam.z > splat(a.near_z)) & (reach > zero) & (inverse_det > zero) & is_finite(sum);
  const M visible = in_image & drawable;

  const uint32_t visible_bits = bits(visible);
  for (int k = 0; k < count; ++k) a.visible[i + k] = uint8_t((visible_bits >> k) & 1);
  scatter(a.xy + 2 * i, 2, count, keep(visible, x));
  scatter(a.xy + 2 * i + 1, 2, count, keep(visible, y));
  scatter(a.conic + 3 * i, 3, count, keep(visible, ca));
  scatter(a.conic + 3 * i + 1, 3, count, keep(visible, cb));
  scatter(a.conic + 3 * i + 2, 3, count, keep(visible, cc));
  scatter(a.depth + i, 1, count, keep(visible, s.cam.z));
  scatter(a.opacity + i, 1, count, keep(visible, opacity));
  scatter(a.rgb + 3 * i, 3, count, keep(visible, colour.x));
  scatter(a.rgb + 3 * i + 1, 3, count, keep(visible, colour.y));
  scatter(a.rgb + 3 * i + 2, 3, count, keep(visible, colour.z));
  scatter(a.radii + i, 1, count, keep(visible, max(rx, ry)));
}

inline void project(const ProjectArguments& a, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; i += W) project_lanes(a, i, int(end - i < W ? end - i : W));
}

}  // namespace calotype::CALOTYPE_LEVEL
