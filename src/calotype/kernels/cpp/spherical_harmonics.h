// Real spherical harmonics to degree 3 and their gradients, in the order and signs of 3D Gaussian Splatting.
#pragma once

#include "simd.h"

namespace calotype::CALOTYPE_LEVEL {

struct Vec3 {
  F x, y, z;
};
inline Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec3 operator*(F s, Vec3 a) { return {s * a.x, s * a.y, s * a.z}; }
inline F dot(Vec3 a, Vec3 b) { return fma(a.x, b.x, fma(a.y, b.y, a.z * b.z)); }
inline Vec3 cross(Vec3 a, Vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

constexpr float kSh0 = 0.28209479177387814f;
constexpr float kSh1 = 0.4886025119029199f;
constexpr float kSh2[5] = {1.0925484305920792f, -1.0925484305920792f, 0.31539156525252005f, -1.0925484305920792f,
                           0.5462742152960396f};
constexpr float kSh3[7] = {-0.5900435899266435f, 2.890611442640554f, -0.4570457994644658f, 0.3731763325901154f,
                           -0.4570457994644658f, 1.445305721320277f, -0.5900435899266435f};

// The (degree + 1)^2 basis functions at a unit direction.
inline void sh_basis(int degree, Vec3 d, F* basis) {
  basis[0] = splat(kSh0);
  if (degree < 1) return;
  basis[1] = -kSh1 * d.y;
  basis[2] = kSh1 * d.z;
  basis[3] = -kSh1 * d.x;
  if (degree < 2) return;
  const F xx = d.x * d.x, yy = d.y * d.y, zz = d.z * d.z;
  const F xy = d.x * d.y, yz = d.y * d.z, xz = d.x * d.z;
  basis[4] = kSh2[0] * xy;
  basis[5] = kSh2[1] * yz;
  basis[6] = kSh2[2] * (2.0f * zz - xx - yy);
  basis[7] = kSh2[3] * xz;
  basis[8] = kSh2[4] * (xx - yy);
  if (degree < 3) return;
  basis[9] = kSh3[0] * d.y * (3.0f * xx - yy);
  basis[10] = kSh3[1] * xy * d.z;
  basis[11] = kSh3[2] * d.y * (4.0f * zz - xx - yy);
  basis[12] = kSh3[3] * d.z * (2.0f * zz - 3.0f * xx - 3.0f * yy);
  basis[13] = kSh3[4] * d.x * (4.0f * zz - xx - yy);
  basis[14] = kSh3[5] * d.z * (xx - yy);
  basis[15] = kSh3[6] * d.x * (xx - 3.0f * yy);
}

// sum over j of s[j] * gradient of basis function j, as polynomials (not yet tangent to the sphere).
inline Vec3 sh_gradient(int degree, Vec3 d, const F* s) {
  Vec3 v{splat(0.0f), splat(0.0f), splat(0.0f)};
  if (degree < 1) return v;
  v = {-kSh1 * s[3], -kSh1 * s[1], kSh1 * s[2]};
  if (degree < 2) return v;
  v.x += kSh2[0] * s[4] * d.y - 2.0f * kSh2[2] * s[6] * d.x + kSh2[3] * s[7] * d.z + 2.0f * kSh2[4] * s[8] * d.x;
  v.y += kSh2[0] * s[4] * d.x + kSh2[1] * s[5] * d.z - 2.0f * kSh2[2] * s[6] * d.y - 2.0f * kSh2[4] * s[8] * d.y;
  v.z += kSh2[1] * s[5] * d.y + 4.0f * kSh2[2] * s[6] * d.z + kSh2[3] * s[7] * d.x;
  if (degree < 3) return v;
  const F xx = d.x * d.x, yy = d.y * d.y, zz = d.z * d.z;
  const F xy = d.x * d.y, yz = d.y * d.z, xz = d.x * d.z;
  v.x += 6.0f * kSh3[0] * s[9] * xy + kSh3[1] * s[10] * yz - 2.0f * kSh3[2] * s[11] * xy -
         6.0f * kSh3[3] * s[12] * xz + kSh3[4] * s[13] * (4.0f * zz - 3.0f * xx - yy) +
         2.0f * kSh3[5] * s[14] * xz + 3.0f * kSh3[6] * s[15] * (xx - yy);
  v.y += 3.0f * kSh3[0] * s[9] * (xx - yy) + kSh3[1] * s[10] * xz + kSh3[2] * s[11] * (4.0f * zz - xx - 3.0f * yy) -
         6.0f * kSh3[3] * s[12] * yz - 2.0f * kSh3[4] * s[13] * xy - 2.0f * kSh3[5] * s[14] * yz -
         6.0f * kSh3[6] * s[15] * xy;
  v.z += kSh3[1] * s[10] * xy + 8.0f * kSh3[2] * s[11] * yz +
         3.0f * kSh3[3] * s[12] * (2.0f * zz - xx - yy) + 8.0f * kSh3[4] * s[13] * xz +
         kSh3[5] * s[14] * (xx - yy);
  return v;
}

}  // namespace calotype::CALOTYPE_LEVEL
