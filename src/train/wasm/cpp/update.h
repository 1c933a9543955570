// One step of an optimizer.
#pragma once
#include "pack.h"
#include "rules.h"

namespace {
enum Rule { SGD, RMSPROP, ADAM };

/**
 * One step over one panel. An input that is zero in the whole batch has no gradient: sgd and rmsprop pass over it, and rmsprop's squares catch up when
 * the input is seen again.
 * @param entries the batch packed by input, with `columns`. @param gradients [n, 16], the loss's by the panel's sums.
 * @param means of gradients, adam's. @param squares means of squared gradients, adam's and rmsprop's, whose decay stands in `columns`.
 */
template <Rule rule> INLINE void update(const Entry *entries, const Column *columns, unsigned inputs, float *weights, const float *gradients, float *means, float *squares, const Constants &k) {
  for (unsigned i = 0; i <= inputs; i++, columns++, weights += UNITS, means += UNITS, squares += UNITS) {
    const Entry *end = (const Entry *)columns->end;
    if (entries >= end && rule != ADAM) continue;
    Sums g = sumOf(entries, end, gradients);
    v128_t decay = wasm_v128_load32_splat(&columns->decay);
    for (int j = 0; j < VECTORS; j++) {
      int at = j * LANES;
      if (rule == SGD) descend(weights + at, g.of[j], k);
      if (rule == RMSPROP) rmsprop(weights + at, squares + at, g.of[j], decay, k);
      if (rule == ADAM) adam(weights + at, means + at, squares + at, g.of[j], k);
    }
  }
}
}  // namespace
