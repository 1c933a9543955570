// Products of matrices whose rows lie in panels of 8: panel p holds rows 8p … 8p + 7 as [columns][8] float32. Compiled to WebAssembly with 128-bit vectors
// (tools/wasm.ts). Each sum runs over the columns in their order, without fused multiply-add: equal inputs give equal bytes everywhere.
#include <wasm_simd128.h>

namespace {
constexpr int ROWS = 8, LANES = 4;

/** Four rows of a panel times the eight of another: sums over columns from … to, on top of what `out` holds or of nothing. */
static inline __attribute__((always_inline)) void quarter(const float *a, const float *b, unsigned from, unsigned to, float *out, unsigned stride, bool add) {
  v128_t s00 = wasm_f32x4_splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  if (add) {
    const float *row = out;
    s00 = wasm_v128_load(row), s01 = wasm_v128_load(row + LANES), row += stride;
    s10 = wasm_v128_load(row), s11 = wasm_v128_load(row + LANES), row += stride;
    s20 = wasm_v128_load(row), s21 = wasm_v128_load(row + LANES), row += stride;
    s30 = wasm_v128_load(row), s31 = wasm_v128_load(row + LANES);
  }
  a += from * ROWS;
  b += from * ROWS;
  for (unsigned k = from; k < to; k++, a += ROWS, b += ROWS) {
    const v128_t b0 = wasm_v128_load(b), b1 = wasm_v128_load(b + LANES);
    v128_t x = wasm_v128_load32_splat(a);
    s00 = wasm_f32x4_add(s00, wasm_f32x4_mul(x, b0));
    s01 = wasm_f32x4_add(s01, wasm_f32x4_mul(x, b1));
    x = wasm_v128_load32_splat(a + 1);
    s10 = wasm_f32x4_add(s10, wasm_f32x4_mul(x, b0));
    s11 = wasm_f32x4_add(s11, wasm_f32x4_mul(x, b1));
    x = wasm_v128_load32_splat(a + 2);
    s20 = wasm_f32x4_add(s20, wasm_f32x4_mul(x, b0));
    s21 = wasm_f32x4_add(s21, wasm_f32x4_mul(x, b1));
    x = wasm_v128_load32_splat(a + 3);
    s30 = wasm_f32x4_add(s30, wasm_f32x4_mul(x, b0));
    s31 = wasm_f32x4_add(s31, wasm_f32x4_mul(x, b1));
  }
  wasm_v128_store(out, s00);
  wasm_v128_store(out + LANES, s01);
  out += stride;
  wasm_v128_store(out, s10);
  wasm_v128_store(out + LANES, s11);
  out += stride;
  wasm_v128_store(out, s20);
  wasm_v128_store(out + LANES, s21);
  out += stride;
  wasm_v128_store(out, s30);
  wasm_v128_store(out + LANES, s31);
}
}  // namespace

/**
 * One panel of rows times several: out [8, 8 · panels], row-major with `stride` floats a row, is a · bᵀ over the columns from … to.
 * `step`: floats from one panel of b to the next. `add`: whether to add to what `out` holds.
 */
extern "C" __attribute__((export_name("products"))) void products(const float *a, const float *b, unsigned panels, unsigned step, unsigned from, unsigned to, float *out, unsigned stride, unsigned add) {
  for (unsigned p = 0; p < panels; p++, b += step, out += ROWS) {
    quarter(a, b, from, to, out, stride, add);
    quarter(a + LANES, b, from, to, out + LANES * stride, stride, add);
  }
}
