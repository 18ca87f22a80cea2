// Carry gradients from projected Gaussians back to their parameters: means, quaternions, scales, opacities, colours.
#pragma once

#include "project.h"

namespace calotype::CALOTYPE_LEVEL {

struct Covariance2 {
  F xx, xy, yy;
};

// From d(conic) to d(covariance): conic = inverse(cov), so d(cov) = -conic G conic with G symmetric.
inline Covariance2 covariance_gradient(const SplatGeometry& s, F d_a, F d_b, F d_c) {
  const F inverse_det = splat(1.0f) / s.det;
  const F a = s.cov_yy * inverse_det, b = -s.cov_xy * inverse_det, c = s.cov_xx * inverse_det;
  const F half = 0.5f * d_b;  // b stands twice in the matrix
  const F ga_x = fma(d_a, a, half * b), ga_y = fma(half, a, d_c * b);  // G times the first column of the conic
  const F gb_x = fma(d_a, b, half * c), gb_y = fma(half, b, d_c * c);
  return {-fma(a, ga_x, b * ga_y), -fma(a, gb_x, b * gb_y), -fma(b, gb_x, c * gb_y)};
}

inline void store_quaternion_gradient(const SplatGeometry& s, const F* dR, M visible, float* out, int count) {
  const F w = s.qw, x = s.qx, y = s.qy, z = s.qz;
  const F dw = 2.0f * (x * (dR[7] - dR[5]) + y * (dR[2] - dR[6]) + z * (dR[3] - dR[1]));
  const F dx = 2.0f * (w * (dR[7] - dR[5]) + y * (dR[1] + dR[3]) + z * (dR[2] + dR[6]) - 2.0f * x * (dR[4] + dR[8]));
  const F dy = 2.0f * (w * (dR[2] - dR[6]) + x * (dR[1] + dR[3]) + z * (dR[5] + dR[7]) - 2.0f * y * (dR[0] + dR[8]));
  const F dz = 2.0f * (w * (dR[3] - dR[1]) + x * (dR[2] + dR[6]) + y * (dR[5] + dR[7]) - 2.0f * z * (dR[0] + dR[4]));
  // The length of the given quaternion does not matter, so its gradient has no part along it.
  const F along = dw * w + dx * x + dy * y + dz * z;
  scatter(out, 4, count, keep(visible, s.inverse_norm * (dw - along * w)));
  scatter(out + 1, 4, count, keep(visible, s.inverse_norm * (dx - along * x)));
  scatter(out + 2, 4, count, keep(visible, s.inverse_norm * (dy - along * y)));
  scatter(out + 3, 4, count, keep(visible, s.inverse_norm * (dz - along * z)));
}

// Gradient of the colours: written for the coefficients, returned for the mean (through the view direction).
inline Vec3 colour_gradient(const ProjectBackwardArguments& b, const SplatGeometry& s, M visible, int64_t i, int count) {
  const ProjectArguments& a = b.forward;
  const F zero = splat(0.0f);
  Vec3 d = gather3(b.d_rgb + 3 * i, count);
  const Vec3 rgb = gather3(a.rgb + 3 * i, count);  // zero where the clamp was active: nothing flows there
  d = {keep((rgb.x > zero) & visible, d.x), keep((rgb.y > zero) & visible, d.y), keep((rgb.z > zero) & visible, d.z)};

  const ViewDirection view = view_direction(a, s);
  const int used = (a.degree + 1) * (a.degree + 1), stride = 3 * a.coefficients;
  F basis[16], along[16];
  sh_basis(a.degree, view.unit, basis);
  const float* sh = a.sh + i * stride;
  alignas(64) float columns[48 * W];
  for (int j = 0; j < used; ++j) {
    const F y = keep(visible, basis[j]);
    along[j] = fma(gather(sh + 3 * j, stride, count), d.x,
                   fma(gather(sh + 3 * j + 1, stride, count), d.y, gather(sh + 3 * j + 2, stride, count) * d.z));
    store(columns + (3 * j) * W, y * d.x);
    store(columns + (3 * j + 1) * W, y * d.y);
    store(columns + (3 * j + 2) * W, y * d.z);
  }
  for (int k = 0; k < count; ++k) {
    float* out = b.d_sh + (i + k) * stride;
    for (int j = 0; j < 3 * used; ++j) out[j] = columns[j * W + k];
    for (int j = 3 * used; j < stride; ++j) out[j] = 0.0f;
  }
  const Vec3 v = sh_gradient(a.degree, view.unit, along);
  const F radial = dot(v, view.unit);
  return view.inverse_length * (v + (-radial) * view.unit);
}

inline void zero_lanes(const ProjectBackwardArguments& b, int64_t i, int count) {
  const int64_t widths[5] = {3, 4, 3, 1, 3 * int64_t(b.forward.coefficients)};
  float* const outputs[5] = {b.d_means, b.d_quats, b.d_log_scales, b.d_logit_opacities, b.d_sh};
  for (int k = 0; k < 5; ++k) {
    for (int64_t j = i * widths[k]; j < (i + count) * widths[k]; ++j) outputs[k][j] = 0.0f;
  }
}

inline M visible_lanes(const uint8_t* visible, int count) {
  alignas(64) float flags[W];
  for (int k = 0; k < W; ++k) flags[k] = k < count && visible[k] ? 1.0f : 0.0f;
  return load(flags) > splat(0.0f);
}

inline void project_backward_lanes(const ProjectBackwardArguments& b, int64_t i, int count) {
  const ProjectArguments& a = b.forward;
  const M visible = visible_lanes(a.visible + i, count);
  if (!any(visible)) return zero_lanes(b, i, count);
  const SplatGeometry s = splat_geometry(a, i, count);

  Covariance2 d_cov = covariance_gradient(s, gather(b.d_conic + 3 * i, 3, count), gather(b.d_conic + 3 * i + 1, 3, count),
                                          gather(b.d_conic + 3 * i + 2, 3, count));
  const F sigma = sigmoid(gather(a.logit_opacities + i, 1, count));
  F d_sigma = gather(b.d_opacity + i, 1, count);
  F d_log_det_sharp = splat(0.0f);
  if (a.antialiased) {
    const F squared = compensation_squared(s), compensation = sqrt(squared);
    const F half_log = keep(squared > splat(kCompensationFloor), 0.5f * d_sigma * sigma * compensation);
    d_sigma *= compensation;
    d_log_det_sharp = half_log;  // compensation^2 = det_sharp / det, and d(log det) = conic : d(cov)
    const F inverse_det = splat(1.0f) / s.det;
    d_cov.xx -= half_log * s.cov_yy * inverse_det;
    d_cov.xy += half_log * s.cov_xy * inverse_det;
    d_cov.yy -= half_log * s.cov_xx * inverse_det;
  }
  scatter(b.d_logit_opacities + i, 1, count, keep(visible, d_sigma * sigma * (splat(1.0f) - sigma)));

  // cov = N N^T + const, det_sharp = |N0 x N1|^2
  Vec3 dN0 = (2.0f * d_cov.xx) * s.N0 + (2.0f * d_cov.xy) * s.N1;
  Vec3 dN1 = (2.0f * d_cov.xy) * s.N0 + (2.0f * d_cov.yy) * s.N1;
  const F k = 2.0f * d_log_det_sharp / max(s.det_sharp, splat(1e-30f));
  dN0 = dN0 + k * cross(s.N1, s.N0xN1);
  dN1 = dN1 + k * cross(s.N0xN1, s.N0);

  scatter(b.d_log_scales + 3 * i, 3, count, keep(visible, dN0.x * s.N0.x + dN1.x * s.N1.x));
  scatter(b.d_log_scales + 3 * i + 1, 3, count, keep(visible, dN0.y * s.N0.y + dN1.y * s.N1.y));
  scatter(b.d_log_scales + 3 * i + 2, 3, count, keep(visible, dN0.z * s.N0.z + dN1.z * s.N1.z));

  // N = T Rq diag(scale)
  const Vec3 dP0{dN0.x * s.scale.x, dN0.y * s.scale.y, dN0.z * s.scale.z};
  const Vec3 dP1{dN1.x * s.scale.x, dN1.y * s.scale.y, dN1.z * s.scale.z};
  const F dRq[9] = {s.T0.x * dP0.x + s.T1.x * dP1.x, s.T0.x * dP0.y + s.T1.x * dP1.y, s.T0.x * dP0.z + s.T1.x * dP1.z,
                    s.T0.y * dP0.x + s.T1.y * dP1.x, s.T0.y * dP0.y + s.T1.y * dP1.y, s.T0.y * dP0.z + s.T1.y * dP1.z,
                    s.T0.z * dP0.x + s.T1.z * dP1.x, s.T0.z * dP0.y + s.T1.z * dP1.y, s.T0.z * dP0.z + s.T1.z * dP1.z};
  store_quaternion_gradient(s, dRq, visible, b.d_quats + 4 * i, count);
  const Vec3 dT0 = matrix_times(s.Rq, dP0), dT1 = matrix_times(s.Rq, dP1);

  // T = J R_cam with J = [fx/z, 0, -u fx/z; 0, fy/z, -v fy/z]
  F R[9];
  camera_rotation(a, R);
  const Vec3 dJ0 = matrix_times(R, dT0), dJ1 = matrix_times(R, dT1);
  const F jx = a.fx * s.inverse_z, jy = a.fy * s.inverse_z;
  const F d_u = keep(s.u_free, -jx * dJ0.z), d_v = keep(s.v_free, -jy * dJ1.z);
  const F d_jx = dJ0.x - s.u * dJ0.z, d_jy = dJ1.y - s.v * dJ1.z;
  const F true_u = s.cam.x * s.inverse_z, true_v = s.cam.y * s.inverse_z;
  const F dx = gather(b.d_xy + 2 * i, 2, count), dy = gather(b.d_xy + 2 * i + 1, 2, count);
  Vec3 d_cam;
  d_cam.x = fma(jx, dx, d_u * s.inverse_z);
  d_cam.y = fma(jy, dy, d_v * s.inverse_z);
  d_cam.z = gather(b.d_depth + i, 1, count) - (d_jx * jx + d_jy * jy) * s.inverse_z - d_cam.x * true_u - d_cam.y * true_v;
  const Vec3 d_mean = times_matrix(d_cam, R) + colour_gradient(b, s, visible, i, count);
  scatter(b.d_means + 3 * i, 3, count, keep(visible, d_mean.x));
  scatter(b.d_means + 3 * i + 1, 3, count, keep(visible, d_mean.y));
  scatter(b.d_means + 3 * i + 2, 3, count, keep(visible, d_mean.z));
}

inline void project_backward(const ProjectBackwardArguments& b, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; i += W) project_backward_lanes(b, i, int(end - i < W ? end - i : W));
}

}  // namespace calotype::CALOTYPE_LEVEL
