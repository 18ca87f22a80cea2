// One step of Adam (Kingma and Ba 2015) in place; rows left out by the mask keep their values and both moments.
#pragma once

#include "arguments.h"
#include "simd.h"

namespace calotype::CALOTYPE_LEVEL {

struct AdamConstants {
  F beta1, beta2, one_minus_beta1, one_minus_beta2, correction1, correction2, eps;
};

inline void adam_vector(const AdamConstants& c, F g, F lr, F& p, F& m, F& v) {
  m = fma(c.beta1, m, c.one_minus_beta1 * g);
  v = fma(c.beta2, v, c.one_minus_beta2 * (g * g));
  p = p - lr * (c.correction1 * m) / (sqrt(c.correction2 * v) + c.eps);
}

inline void adam_run(const AdamArguments& a, const AdamConstants& c, int64_t begin, int64_t end) {
  const int stride = W % a.columns;
  int column = int(begin % a.columns);
  int64_t i = begin;
  for (; i + W <= end; i += W) {
    F p = load_unaligned(a.params + i), m = load_unaligned(a.m + i), v = load_unaligned(a.v + i);
    adam_vector(c, load_unaligned(a.grads + i), load_unaligned(a.lr + column), p, m, v);
    store_unaligned(a.params + i, p);
    store_unaligned(a.m + i, m);
    store_unaligned(a.v + i, v);
    column += stride;
    if (column >= a.columns) column -= a.columns;
  }
  if (i == end) return;
  alignas(64) float tail[4][W] = {};
  for (int k = 0; k < end - i; ++k) {
    tail[0][k] = a.params[i + k], tail[1][k] = a.m[i + k], tail[2][k] = a.v[i + k], tail[3][k] = a.grads[i + k];
  }
  F p = load(tail[0]), m = load(tail[1]), v = load(tail[2]);
  adam_vector(c, load(tail[3]), load_unaligned(a.lr + column), p, m, v);
  store(tail[0], p), store(tail[1], m), store(tail[2], v);
  for (int k = 0; k < end - i; ++k) {
    a.params[i + k] = tail[0][k], a.m[i + k] = tail[1][k], a.v[i + k] = tail[2][k];
  }
}

inline void adam(const AdamArguments& a, int64_t begin, int64_t end) {
  const AdamConstants c{splat(a.beta1), splat(a.beta2), splat(a.one_minus_beta1), splat(a.one_minus_beta2),
                        splat(a.correction1), splat(a.correction2), splat(a.eps)};
  if (!a.mask) return adam_run(a, c, begin * a.columns, end * a.columns);
  for (int64_t row = begin; row < end;) {  // runs of rows that take part
    while (row < end && !a.mask[row]) ++row;
    const int64_t first = row;
    while (row < end && a.mask[row]) ++row;
    if (row > first) adam_run(a, c, first * a.columns, row * a.columns);
  }
}

}  // namespace calotype::CALOTYPE_LEVEL
