// The elliptical footprint of a 3D Gaussian in a camera, with every intermediate that its derivative needs.
//
// EWA splatting (Zwicker et al. 2001) as in 3D Gaussian Splatting (Kerbl et al. 2023). The 2D covariance is kept factored,
// cov = N N^T + 0.3 I with N = J R_cam R(q) diag(s) a 2x3 matrix: both determinants below are then sums of squares,
// so no cancellation can make them negative.
#pragma once

#include "arguments.h"
#include "spherical_harmonics.h"

namespace calotype::CALOTYPE_LEVEL {

struct SplatGeometry {
  Vec3 world, cam;
  F inverse_z;
  F u, v;                          // x / z and y / z, held within reach of the image so that J stays bounded
  M u_free, v_free;                // where they are not held
  F qw, qx, qy, qz, inverse_norm;  // unit quaternion
  F Rq[9];
  Vec3 scale;
  Vec3 T0, T1;                     // rows of J R_cam
  Vec3 N0, N1;                     // rows of N
  Vec3 N0xN1;
  F det_sharp, det;                // of N N^T, and of the dilated covariance
  F cov_xx, cov_xy, cov_yy;
};

inline Vec3 gather3(const float* p, int count) {
  return {gather(p, 3, count), gather(p + 1, 3, count), gather(p + 2, 3, count)};
}

inline Vec3 times_matrix(Vec3 row, const F* R) {  // row^T R
  return {fma(row.x, R[0], fma(row.y, R[3], row.z * R[6])), fma(row.x, R[1], fma(row.y, R[4], row.z * R[7])),
          fma(row.x, R[2], fma(row.y, R[5], row.z * R[8]))};
}

inline Vec3 matrix_times(const F* R, Vec3 v) {
  return {fma(R[0], v.x, fma(R[1], v.y, R[2] * v.z)), fma(R[3], v.x, fma(R[4], v.y, R[5] * v.z)),
          fma(R[6], v.x, fma(R[7], v.y, R[8] * v.z))};
}

inline void camera_rotation(const ProjectArguments& a, F* R) {
  for (int k = 0; k < 9; ++k) R[k] = splat(a.R[k]);
}

inline void rotation_from_quaternion(SplatGeometry& s, const float* quats, int count) {
  const F w = gather(quats, 4, count), x = gather(quats + 1, 4, count);
  const F y = gather(quats + 2, 4, count), z = gather(quats + 3, 4, count);
  const F squared = fma(w, w, fma(x, x, fma(y, y, z * z)));
  s.inverse_norm = splat(1.0f) / sqrt(squared);
  s.qw = w * s.inverse_norm, s.qx = x * s.inverse_norm, s.qy = y * s.inverse_norm, s.qz = z * s.inverse_norm;
  const F two_x = s.qx + s.qx, two_y = s.qy + s.qy, two_z = s.qz + s.qz, one = splat(1.0f);
  s.Rq[0] = one - (s.qy * two_y + s.qz * two_z);
  s.Rq[1] = s.qx * two_y - s.qw * two_z;
  s.Rq[2] = s.qx * two_z + s.qw * two_y;
  s.Rq[3] = s.qx * two_y + s.qw * two_z;
  s.Rq[4] = one - (s.qx * two_x + s.qz * two_z);
  s.Rq[5] = s.qy * two_z - s.qw * two_x;
  s.Rq[6] = s.qx * two_z - s.qw * two_y;
  s.Rq[7] = s.qy * two_z + s.qw * two_x;
  s.Rq[8] = one - (s.qx * two_x + s.qy * two_y);
}

// J is evaluated at most 30 % of the half width beyond the image, as in 3DGS: the linearisation blows up out there.
inline void hold_near_image(const ProjectArguments& a, SplatGeometry& s) {
  const float reach_x = 0.15f * float(a.width) / a.fx, reach_y = 0.15f * float(a.height) / a.fy;
  const F low_u = splat(-a.cx / a.fx - reach_x), high_u = splat((float(a.width) - a.cx) / a.fx + reach_x);
  const F low_v = splat(-a.cy / a.fy - reach_y), high_v = splat((float(a.height) - a.cy) / a.fy + reach_y);
  const F u = s.cam.x * s.inverse_z, v = s.cam.y * s.inverse_z;
  s.u_free = (u >= low_u) & (u <= high_u);
  s.v_free = (v >= low_v) & (v <= high_v);
  s.u = clamp(u, low_u, high_u);
  s.v = clamp(v, low_v, high_v);
}

// Footprints of the Gaussians i .. i + count - 1; lanes behind the camera hold values that mean nothing.
inline SplatGeometry splat_geometry(const ProjectArguments& a, int64_t i, int count) {
  SplatGeometry s;
  F R[9];
  camera_rotation(a, R);
  s.world = gather3(a.means + 3 * i, count);
  s.cam = matrix_times(R, s.world) + Vec3{splat(a.t[0]), splat(a.t[1]), splat(a.t[2])};
  s.inverse_z = splat(1.0f) / s.cam.z;
  hold_near_image(a, s);
  rotation_from_quaternion(s, a.quats + 4 * i, count);
  const Vec3 log_scale = gather3(a.log_scales + 3 * i, count);
  s.scale = {exp(log_scale.x), exp(log_scale.y), exp(log_scale.z)};

  const F jx = a.fx * s.inverse_z, jy = a.fy * s.inverse_z;
  s.T0 = {jx * fnma(s.u, R[6], R[0]), jx * fnma(s.u, R[7], R[1]), jx * fnma(s.u, R[8], R[2])};
  s.T1 = {jy * fnma(s.v, R[6], R[3]), jy * fnma(s.v, R[7], R[4]), jy * fnma(s.v, R[8], R[5])};
  const Vec3 P0 = times_matrix(s.T0, s.Rq), P1 = times_matrix(s.T1, s.Rq);
  s.N0 = {P0.x * s.scale.x, P0.y * s.scale.y, P0.z * s.scale.z};
  s.N1 = {P1.x * s.scale.x, P1.y * s.scale.y, P1.z * s.scale.z};
  s.N0xN1 = cross(s.N0, s.N1);

  const F sharp_xx = dot(s.N0, s.N0), sharp_yy = dot(s.N1, s.N1);
  s.cov_xx = sharp_xx + kDilation;
  s.cov_xy = dot(s.N0, s.N1);
  s.cov_yy = sharp_yy + kDilation;
  s.det_sharp = dot(s.N0xN1, s.N0xN1);
  s.det = fma(splat(kDilation), sharp_xx + sharp_yy, s.det_sharp + kDilation * kDilation);
  return s;
}

// How much the dilation must dim a Gaussian to keep its energy (Mip-Splatting, Yu et al. 2024), squared; never below 2.5e-5.
constexpr float kCompensationFloor = 2.5e-5f;
inline F compensation_squared(const SplatGeometry& s) { return max(s.det_sharp / s.det, splat(kCompensationFloor)); }

inline F sigmoid(F x) { return splat(1.0f) / (exp(-x) + 1.0f); }

struct ViewDirection {
  Vec3 unit;
  F inverse_length;
};
inline ViewDirection view_direction(const ProjectArguments& a, const SplatGeometry& s) {
  const Vec3 d{s.world.x - splat(a.centre[0]), s.world.y - splat(a.centre[1]), s.world.z - splat(a.centre[2])};
  const F inverse_length = splat(1.0f) / sqrt(dot(d, d));
  return {inverse_length * d, inverse_length};
}

}  // namespace calotype::CALOTYPE_LEVEL
