// Update rules of four weights at once, as in keras.optimizers.
#pragma once
#include "panel.h"

namespace {
/** What the rules multiply by, in every lane. */
struct Constants {
  v128_t rate, decay1, fresh1, decay2, fresh2, epsilon;
};

/** Smaller means count as zero: no weight feels them, and processors compute slowly with what is near float32's end. */
constexpr float NEGLIGIBLE = 1e-30f;
INLINE v128_t settled(v128_t mean) { return wasm_v128_andnot(mean, wasm_f32x4_lt(wasm_f32x4_abs(mean), wasm_f32x4_splat(NEGLIGIBLE))); }

/** decay * mean + fresh * value */
INLINE v128_t mix(v128_t decay, v128_t mean, v128_t fresh, v128_t value) { return settled(wasm_f32x4_add(wasm_f32x4_mul(decay, mean), wasm_f32x4_mul(fresh, value))); }

INLINE void subtract(float *weights, v128_t change) { wasm_v128_store(weights, wasm_f32x4_sub(wasm_v128_load(weights), change)); }

/** Stochastic gradient descent: w -= rate g. */
INLINE void descend(float *weights, v128_t g, const Constants &k) { subtract(weights, wasm_f32x4_mul(k.rate, g)); }

/** RMSProp: s = decay s + fresh g^2; w -= rate g / sqrt(s + epsilon). */
INLINE void rmsprop(float *weights, float *squares, v128_t g, v128_t decay, const Constants &k) {
  v128_t s = mix(decay, wasm_v128_load(squares), k.fresh2, wasm_f32x4_mul(g, g));
  wasm_v128_store(squares, s);
  subtract(weights, wasm_f32x4_div(wasm_f32x4_mul(k.rate, g), wasm_f32x4_sqrt(wasm_f32x4_add(s, k.epsilon))));
}

/** Adam: m = decay1 m + fresh1 g; s = decay2 s + fresh2 g^2; w -= rate m / (sqrt(s) + epsilon), rate bias-corrected. */
INLINE void adam(float *weights, float *means, float *squares, v128_t g, const Constants &k) {
  v128_t m = mix(k.decay1, wasm_v128_load(means), k.fresh1, g), s = mix(k.decay2, wasm_v128_load(squares), k.fresh2, wasm_f32x4_mul(g, g));
  wasm_v128_store(means, m);
  wasm_v128_store(squares, s);
  subtract(weights, wasm_f32x4_div(wasm_f32x4_mul(k.rate, m), wasm_f32x4_add(wasm_f32x4_sqrt(s), k.epsilon)));
}
}  // namespace
