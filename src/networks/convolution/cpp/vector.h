// A vector of float32 lanes: all that the arithmetic needs to know of a processor. Each operation rounds once, so that lanes of any number give the same bytes.
#pragma once

#define INLINE inline __attribute__((always_inline))
#ifdef __clang__
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 64")
#endif

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#else
#include <wasm_simd128.h>
#endif

namespace {
#if defined(__AVX512F__)
using V = __m512;
constexpr int LANES = 16, ROWS = 14, VECTORS = 2;  // 28 sums, 2 of B and 1 of A in 32 registers
INLINE V load(const float *p) { return _mm512_loadu_ps(p); }
INLINE void store(float *p, V v) { _mm512_storeu_ps(p, v); }
INLINE V splat(float x) { return _mm512_set1_ps(x); }
INLINE V add(V a, V b) { return _mm512_add_ps(a, b); }
INLINE V sub(V a, V b) { return _mm512_sub_ps(a, b); }
INLINE V mul(V a, V b) { return _mm512_mul_ps(a, b); }
INLINE V fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }  // a * b + c
INLINE V max(V a, V b) { return _mm512_max_ps(a, b); }            // a > b ? a : b
#elif defined(__AVX2__)
using V = __m256;
constexpr int LANES = 8, ROWS = 6, VECTORS = 2;  // 12 sums, 2 of B and 1 of A in 16 registers
INLINE V load(const float *p) { return _mm256_loadu_ps(p); }
INLINE void store(float *p, V v) { _mm256_storeu_ps(p, v); }
INLINE V splat(float x) { return _mm256_set1_ps(x); }
INLINE V add(V a, V b) { return _mm256_add_ps(a, b); }
INLINE V sub(V a, V b) { return _mm256_sub_ps(a, b); }
INLINE V mul(V a, V b) { return _mm256_mul_ps(a, b); }
INLINE V fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
INLINE V max(V a, V b) { return _mm256_max_ps(a, b); }
#elif defined(__ARM_NEON)
using V = float32x4_t;
constexpr int LANES = 4, ROWS = 6, VECTORS = 4;  // 24 sums, 4 of B and 1 of A in 32 registers
INLINE V load(const float *p) { return vld1q_f32(p); }
INLINE void store(float *p, V v) { vst1q_f32(p, v); }
INLINE V splat(float x) { return vdupq_n_f32(x); }
INLINE V add(V a, V b) { return vaddq_f32(a, b); }
INLINE V sub(V a, V b) { return vsubq_f32(a, b); }
INLINE V mul(V a, V b) { return vmulq_f32(a, b); }
INLINE V fma(V a, V b, V c) { return vfmaq_f32(c, a, b); }
INLINE V max(V a, V b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
#else
using V = v128_t;
constexpr int LANES = 4;
#ifdef WIDE  // V8 joins neighbours to 256 bits (--experimental-wasm-revectorize)
constexpr int ROWS = 6, VECTORS = 4;
#elif defined(__wasm_relaxed_simd__)
constexpr int ROWS = 6, VECTORS = 2;  // as AVX2's: V8 has 15 registers to give
#else
constexpr int ROWS = 4, VECTORS = 2;  // the product needs a register too
#endif
INLINE V load(const float *p) { return wasm_v128_load(p); }
INLINE void store(float *p, V v) { wasm_v128_store(p, v); }
INLINE V splat(float x) { return wasm_f32x4_splat(x); }
INLINE V add(V a, V b) { return wasm_f32x4_add(a, b); }
INLINE V sub(V a, V b) { return wasm_f32x4_sub(a, b); }
INLINE V mul(V a, V b) { return wasm_f32x4_mul(a, b); }
#ifdef __wasm_relaxed_simd__
INLINE V fma(V a, V b, V c) { return __builtin_wasm_relaxed_madd_f32x4(a, b, c); }
#else
INLINE V fma(V a, V b, V c) { return add(c, mul(a, b)); }
#endif
INLINE V max(V a, V b) { return wasm_f32x4_pmax(b, a); }
#endif

INLINE V fma(float a, V b, V c) { return fma(splat(a), b, c); }
/** max(v, 0); never -0, whatever the processor makes of a maximum of zeros. */
INLINE V relu(V v) { return max(v, splat(0)); }

/** Channels are laid out in groups of so many, zeros at the end, by every build: else a sum would have another number of terms. */
constexpr int GROUP = 32;
/** Rows of a block of V stand in turns of so many channels, a cache line. */
constexpr int TURN = 16;
constexpr int COLUMNS = VECTORS * LANES;
static_assert(GROUP % COLUMNS == 0 && GROUP % TURN == 0 && TURN % LANES == 0);
}  // namespace
