// L1 and structural dissimilarity (SSIM, Wang et al. 2004) of two pictures, and the exact gradient by the first.
//
// Three passes over rows, each parallel: split into padded planes; windowed moments, SSIM and its derivatives by the moments;
// the same windows over those derivatives. Windows are 11 x 11 Gaussian, sigma 1.5, separable, zero outside the picture.
#pragma once

#include "arguments.h"
#include "pixels.h"

namespace calotype::CALOTYPE_LEVEL {

constexpr int kRadius = 5;
constexpr float kWindow[11] = {0.00102838f, 0.00759876f, 0.03600077f, 0.10936069f, 0.21300554f, 0.26601172f,
                               0.21300554f, 0.10936069f, 0.03600077f, 0.00759876f, 0.00102838f};
constexpr float kC1 = 0.01f * 0.01f, kC2 = 0.03f * 0.03f;
constexpr int kMargin = 16;      // floats of zero before and after each row that is convolved
constexpr int kSpan = 512;       // columns convolved at a time

// One row of a picture into three plane rows, and zeros up to the stride.
inline void split_row(const float* pixels, int width, int stride, float* r, float* g, float* b) {
  for (int x = 0; x < width; x += 4) {
    deinterleave(pixels + 3 * x, width - x < 4 ? width - x : 4, r + x, g + x, b + x);
  }
  for (int x = width; x < stride; ++x) r[x] = g[x] = b[x] = 0.0f;
}

// Three plane rows in place: colour * (r, g, b, 1), and zeros beyond the width.
inline void colour_row(const float* colour, int width, int stride, float* r, float* g, float* b) {
  for (int x = 0; x < stride; x += W) {
    const F red = load(r + x), green = load(g + x), blue = load(b + x);
    float* planes[3] = {r + x, g + x, b + x};
    for (int c = 0; c < 3; ++c) {
      const float* m = colour + 4 * c;
      store(planes[c], fma(splat(m[0]), red, fma(splat(m[1]), green, fma(splat(m[2]), blue, splat(m[3])))));
    }
  }
  for (int x = width; x < stride; ++x) r[x] = g[x] = b[x] = 0.0f;
}

inline void loss_split_row(const LossArguments& a, int row) {
  const int64_t plane = int64_t(a.height) * a.stride, start = int64_t(row) * a.stride;
  const int64_t pixel = int64_t(row) * a.width * 3;
  float *image = a.image_planes + start, *target = a.target_planes + start;
  split_row(a.image + pixel, a.width, a.stride, image, image + plane, image + 2 * plane);
  if (a.colour) colour_row(a.colour, a.width, a.stride, image, image + plane, image + 2 * plane);
  if (a.target) return split_row(a.target + pixel, a.width, a.stride, target, target + plane, target + 2 * plane);
  float floats[3 * kSpan];
  for (int x = 0; x < a.width; x += kSpan) {
    const int count = a.width - x < kSpan ? a.width - x : kSpan;
    for (int k = 0; k < 3 * count; ++k) floats[k] = float(a.target_bytes[pixel + 3 * x + k]) * (1.0f / 255.0f);
    const int padded = x + count == a.width ? a.stride - x : count;
    split_row(floats, count, padded, target + x, target + plane + x, target + 2 * plane + x);
  }
}

struct RowRange {
  int first, last;  // rows of the window that exist
};
inline RowRange window_rows(int row, int height) {
  return {row < kRadius ? -row : -kRadius, row + kRadius < height ? kRadius : height - 1 - row};
}

inline F convolve_row(const float* values) {  // values points at the output column
  F sum = splat(kWindow[0]) * load_unaligned(values - kRadius);
  for (int k = 1; k < 11; ++k) sum = fma(splat(kWindow[k]), load_unaligned(values + k - kRadius), sum);
  return sum;
}

struct SsimTerms {
  F ssim, d_mean, d_square, d_product;
};

// SSIM of one window and its derivatives by the image's mean, mean square, and mean product with the target.
inline SsimTerms ssim_terms(F mean_x, F mean_y, F square_x, F square_y, F product) {
  const F xy = mean_x * mean_y, xx = mean_x * mean_x, yy = mean_y * mean_y;
  const F a1 = fma(splat(2.0f), xy, splat(kC1)), a2 = fma(splat(2.0f), product - xy, splat(kC2));
  const F b1 = xx + yy + kC1, b2 = (square_x - xx) + (square_y - yy) + kC2;
  const F inverse = splat(1.0f) / (b1 * b2);
  const F ssim = a1 * a2 * inverse;
  const F d_product = 2.0f * a1 * inverse;
  const F d_square = -ssim * b1 * inverse;  // -ssim / b2
  const F d_mean = 2.0f * mean_y * a2 * inverse - 2.0f * mean_x * (ssim * b2 * inverse + d_square) - mean_y * d_product;
  return {ssim, d_mean, d_square, d_product};
}

inline double lane_sum(F v) {
  alignas(64) float lanes[W];
  store(lanes, v);
  double sum = 0.0;
  for (int k = 0; k < W; ++k) sum += double(lanes[k]);
  return sum;
}

// Windowed moments down the columns x0 - margin .. x1 + margin of one channel.
struct ColumnMoments {
  alignas(64) float rows[5][kSpan + 2 * kMargin];
};

inline void column_moments(const LossArguments& a, const float* image, const float* target, int row, int x0, int x1,
                           ColumnMoments& m) {
  const RowRange range = window_rows(row, a.height);
  for (int x = x0 - kMargin; x < x1 + kMargin; x += W) {
    F mx = splat(0.0f), my = mx, xx = mx, yy = mx, xy = mx;
    if (x >= 0 && x < a.stride) {
      for (int k = range.first; k <= range.last; ++k) {
        const int64_t at = int64_t(row + k) * a.stride + x;
        const F w = splat(kWindow[k + kRadius]), i = load(image + at), t = load(target + at);
        const F wi = w * i, wt = w * t;
        mx += wi;
        my += wt;
        xx = fma(wi, i, xx);
        yy = fma(wt, t, yy);
        xy = fma(wi, t, xy);
      }
    }
    const int out = x - (x0 - kMargin);
    store(m.rows[0] + out, mx);
    store(m.rows[1] + out, my);
    store(m.rows[2] + out, xx);
    store(m.rows[3] + out, yy);
    store(m.rows[4] + out, xy);
  }
}

// Weights of the pixels from x on; zero beyond the row.
inline F row_weights(const LossArguments& a, int row, int x) {
  const int count = a.width - x;
  if (count >= W) return a.weights ? load_unaligned(a.weights + int64_t(row) * a.width + x) : splat(1.0f);
  alignas(64) float lanes[W] = {};
  for (int k = 0; k < count; ++k) lanes[k] = a.weights ? a.weights[int64_t(row) * a.width + x + k] : 1.0f;
  return load(lanes);
}

inline void loss_moments_row(const LossArguments& a, int row) {
  const int64_t plane = int64_t(a.height) * a.stride;
  const F gradient_scale = splat(-a.ssim_weight * a.scale);
  F l1 = splat(0.0f), ssim = splat(0.0f);
  ColumnMoments m;
  for (int c = 0; c < 3; ++c) {
    const float *image = a.image_planes + c * plane, *target = a.target_planes + c * plane;
    for (int x0 = 0; x0 < a.stride; x0 += kSpan) {
      const int x1 = x0 + kSpan < a.stride ? x0 + kSpan : a.stride;
      column_moments(a, image, target, row, x0, x1, m);
      for (int x = x0; x < x1; x += W) {
        const int in = x - x0 + kMargin;
        const int64_t here = int64_t(row) * a.stride + x, at = c * plane + here;
        const SsimTerms t = ssim_terms(convolve_row(m.rows[0] + in), convolve_row(m.rows[1] + in),
                                       convolve_row(m.rows[2] + in), convolve_row(m.rows[3] + in),
                                       convolve_row(m.rows[4] + in));
        const F w = row_weights(a, row, x), scaled = gradient_scale * w;
        store(a.d_mean + at, scaled * t.d_mean);
        store(a.d_square + at, scaled * t.d_square);
        store(a.d_product + at, scaled * t.d_product);
        l1 = fma(w, abs(load(image + here) - load(target + here)), l1);
        ssim = fma(w, t.ssim, ssim);
      }
    }
  }
  a.row_l1[row] = lane_sum(l1);
  a.row_ssim[row] = lane_sum(ssim);
}

inline void column_derivatives(const LossArguments& a, int64_t plane_start, int row, int x0, int x1, ColumnMoments& m) {
  const RowRange range = window_rows(row, a.height);
  const float* sources[3] = {a.d_mean + plane_start, a.d_square + plane_start, a.d_product + plane_start};
  for (int x = x0 - kMargin; x < x1 + kMargin; x += W) {
    F sum[3] = {splat(0.0f), splat(0.0f), splat(0.0f)};
    if (x >= 0 && x < a.stride) {
      for (int k = range.first; k <= range.last; ++k) {
        const F w = splat(kWindow[k + kRadius]);
        const int64_t at = int64_t(row + k) * a.stride + x;
        for (int s = 0; s < 3; ++s) sum[s] = fma(w, load(sources[s] + at), sum[s]);
      }
    }
    for (int s = 0; s < 3; ++s) store(m.rows[s] + (x - (x0 - kMargin)), sum[s]);
  }
}

// Derivatives by `colour` of some columns are added to `sums`, and the gradient becomes one by the picture before `colour`.
inline void colour_gradient(const LossArguments& a, int row, int x0, int columns, float (*gradient)[kSpan], F (*sums)[4]) {
  alignas(64) float before[3][kSpan];
  const int padded = (columns + W - 1) / W * W;
  split_row(a.image + (int64_t(row) * a.width + x0) * 3, columns, padded, before[0], before[1], before[2]);
  for (int x = columns; x < padded; ++x) gradient[0][x] = gradient[1][x] = gradient[2][x] = 0.0f;
  for (int x = 0; x < padded; x += W) {
    const F red = load(before[0] + x), green = load(before[1] + x), blue = load(before[2] + x);
    F back[3] = {splat(0.0f), splat(0.0f), splat(0.0f)};
    for (int c = 0; c < 3; ++c) {
      const F g = load(gradient[c] + x);
      sums[c][0] = fma(g, red, sums[c][0]);
      sums[c][1] = fma(g, green, sums[c][1]);
      sums[c][2] = fma(g, blue, sums[c][2]);
      sums[c][3] = sums[c][3] + g;
      for (int k = 0; k < 3; ++k) back[k] = fma(splat(a.colour[4 * c + k]), g, back[k]);
    }
    for (int k = 0; k < 3; ++k) store(gradient[k] + x, back[k]);
  }
}

inline void loss_gradient_row(const LossArguments& a, int row) {
  const int64_t plane = int64_t(a.height) * a.stride;
  const F zero = splat(0.0f), l1_scale = splat((1.0f - a.ssim_weight) * a.scale);
  ColumnMoments m;
  alignas(64) float gradient[3][kSpan];
  F colour_sums[3][4];
  for (auto& sums : colour_sums) {
    for (F& sum : sums) sum = zero;
  }
  for (int x0 = 0; x0 < a.stride; x0 += kSpan) {
    const int x1 = x0 + kSpan < a.stride ? x0 + kSpan : a.stride;
    for (int c = 0; c < 3; ++c) {
      column_derivatives(a, c * plane, row, x0, x1, m);
      for (int x = x0; x < x1; x += W) {
        const int in = x - x0 + kMargin;
        const int64_t here = c * plane + int64_t(row) * a.stride + x;
        const F i = load(a.image_planes + here), t = load(a.target_planes + here);
        const F l1 = l1_scale * row_weights(a, row, x), difference = i - t;
        const F sign = select(difference > zero, l1, select(difference < zero, -l1, zero));
        const F d_square = convolve_row(m.rows[1] + in), d_product = convolve_row(m.rows[2] + in);
        store(gradient[c] + (x - x0), fma(2.0f * i, d_square, fma(t, d_product, convolve_row(m.rows[0] + in) + sign)));
      }
    }
    if (a.colour) colour_gradient(a, row, x0, (x1 < a.width ? x1 : a.width) - x0, gradient, colour_sums);
    for (int x = x0; x < x1 && x < a.width; x += 4) {
      const int k = x - x0, count = a.width - x < 4 ? a.width - x : 4;
      interleave(gradient[0] + k, gradient[1] + k, gradient[2] + k, count, a.d_image + (int64_t(row) * a.width + x) * 3);
    }
  }
  if (!a.colour) return;
  for (int k = 0; k < 12; ++k) a.row_colour[12 * row + k] = lane_sum(colour_sums[k / 4][k % 4]);
}

}  // namespace calotype::CALOTYPE_LEVEL
