// A dense layer, forwards and backwards, panel by panel.
#pragma once
#include "panel.h"

namespace {
/** Sums of one panel: weights and bias times the packed images -> out [n, 16]. `ends` [n], the end of each image's entries. */
void forward(const Entry *entries, const Address *ends, unsigned n, const float *weights, float *out) {
  for (unsigned b = 0; b < n; b++, out += UNITS) {
    Sums sums = sumOf(entries, (const Entry *)ends[b], weights);
    for (int i = 0; i < VECTORS; i++) wasm_v128_store(out + i * LANES, sums.of[i]);
  }
}

/** Adds to the gradient by the inputs, out [n, inputs], what one panel has part in; gradients [n, 16] by the panel's sums. */
void backward(const float *gradients, unsigned n, const float *weights, unsigned inputs, float *out) {
  for (unsigned b = 0; b < n; b++, gradients += UNITS) {
    v128_t g[VECTORS];
    for (int i = 0; i < VECTORS; i++) g[i] = loadVector(gradients, i);
    const float *row = weights;
    for (unsigned i = 0; i < inputs; i++, row += UNITS, out++) {
      v128_t sums = wasm_f32x4_add(wasm_f32x4_add(wasm_f32x4_mul(g[0], loadVector(row, 0)), wasm_f32x4_mul(g[1], loadVector(row, 1))),
                                   wasm_f32x4_add(wasm_f32x4_mul(g[2], loadVector(row, 2)), wasm_f32x4_mul(g[3], loadVector(row, 3))));
      *out += wasm_f32x4_extract_lane(sums, 0) + wasm_f32x4_extract_lane(sums, 1) + wasm_f32x4_extract_lane(sums, 2) + wasm_f32x4_extract_lane(sums, 3);
    }
  }
}
}  // namespace
