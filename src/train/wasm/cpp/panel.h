// A panel holds 16 units of a layer, one cache line of float32 for each input: weights [inputs + 1, 16], the biases last. A layer of 256 units is 16 panels.
// One panel with its optimizer's state fits in a processor's second-level cache, and 16 units are four vector registers, so that sums stay in registers.
#pragma once
#include <wasm_simd128.h>

#define INLINE static inline __attribute__((always_inline))

namespace {
/** Units of a panel, in four vectors. */
constexpr int UNITS = 16, VECTORS = 4, LANES = 4;

/** Address in the kernel's memory: lists hold offsets and addresses of 32 bits. */
using Address = unsigned;

/** What is not zero in a batch: the offset in bytes of the row of a panel that it multiplies, and the value. */
struct Entry {
  Address offset;
  float value;
};

/** The 16 sums of a row. */
struct Sums {
  v128_t of[VECTORS];
};

INLINE v128_t loadVector(const float *row, int i) { return wasm_v128_load(row + i * LANES); }

/** Sums of values times rows of a panel, from the first entry to the last; `entries` is left at the end. */
INLINE Sums sumOf(const Entry *&entries, const Entry *end, const float *panel) {
  v128_t a = wasm_f32x4_splat(0), b = a, c = a, d = a;
  for (; entries < end; entries++) {
    const float *row = (const float *)((const char *)panel + entries->offset);
    v128_t value = wasm_v128_load32_splat(&entries->value);
    a = wasm_f32x4_add(a, wasm_f32x4_mul(value, loadVector(row, 0)));
    b = wasm_f32x4_add(b, wasm_f32x4_mul(value, loadVector(row, 1)));
    c = wasm_f32x4_add(c, wasm_f32x4_mul(value, loadVector(row, 2)));
    d = wasm_f32x4_add(d, wasm_f32x4_mul(value, loadVector(row, 3)));
  }
  return {{a, b, c, d}};
}
}  // namespace
