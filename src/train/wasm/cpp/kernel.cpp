// The arithmetic of training, compiled to WebAssembly with 128-bit vectors (tools/wasm.ts). Parameters are addresses in its memory, laid out by dense-layer.ts.
// WebAssembly rounds alike on every processor, and each sum is added up in the same order: equal inputs give equal bytes everywhere.
#include "dense.h"
#include "pack.h"
#include "update.h"

#define EXPORT(name) extern "C" __attribute__((export_name(#name))) void

EXPORT(packImages) exportedPackImages(const float *x, unsigned n, unsigned inputs, Entry *entries, Address *ends) { packImages(x, n, inputs, entries, ends); }
EXPORT(packInputs)
exportedPackInputs(const float *x, unsigned n, unsigned inputs, Entry *entries, Column *columns, unsigned step, unsigned *seen, const float *powers, unsigned last) {
  packInputs(x, n, inputs, entries, columns, step, seen, powers, last);
}
EXPORT(forward) exportedForward(const Entry *entries, const Address *ends, unsigned n, const float *weights, float *out) { forward(entries, ends, n, weights, out); }
EXPORT(backward) exportedBackward(const float *gradients, unsigned n, const float *weights, unsigned inputs, float *out) { backward(gradients, n, weights, inputs, out); }
EXPORT(update)
exportedUpdate(int rule, const Entry *entries, const Column *columns, unsigned inputs, float *weights, const float *gradients, float *means, float *squares, float rate, float decay1,
               float decay2, float epsilon) {
  Constants k = {wasm_f32x4_splat(rate),   wasm_f32x4_splat(decay1),     wasm_f32x4_splat(1 - decay1),
                 wasm_f32x4_splat(decay2), wasm_f32x4_splat(1 - decay2), wasm_f32x4_splat(epsilon)};
  if (rule == SGD) update<SGD>(entries, columns, inputs, weights, gradients, means, squares, k);
  if (rule == RMSPROP) update<RMSPROP>(entries, columns, inputs, weights, gradients, means, squares, k);
  if (rule == ADAM) update<ADAM>(entries, columns, inputs, weights, gradients, means, squares, k);
}
