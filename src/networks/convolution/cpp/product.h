// The matrix product of one point of the transform: M [tiles, out] = V [tiles, in] U [in, out], where nearly all time goes.
#pragma once
#include "vector.h"

// What holds V8 to the order of instructions that needs only 15 registers; other compilers find it themselves.
#ifdef __wasm__
/** LLVM would nest a sum's terms in one expression, in which all operands of a turn live at once. */
#define KEEP(v) asm volatile("" : "+r"(v))
/** LLVM folds an offset into a load only where it can prove that it does not wrap. */
#define LOAD(v, p, floats) asm volatile("local.get %1\n\tv128.load %2\n\tlocal.set %0" : "=r"(v) : "r"(p), "i"((floats) * 4) : "memory")
#define SPLAT(v, p, floats) asm volatile("local.get %1\n\tv128.load32_splat %2\n\tlocal.set %0" : "=r"(v) : "r"(p), "i"((floats) * 4) : "memory")
#ifndef WIDE
/** Node 20 and 22 put all loads of a basic block first: an exit that is never taken ends it. Each tests another bit of `never`, 0, or V8 would drop it. */
#define END_BLOCK(bit) asm volatile("" : "+r"(never)); if (never & (1 << (bit))) goto done;
#endif
#define PREFETCH(p)
#else
#define KEEP(v)
#define LOAD(v, p, floats) v = load((p) + (floats))
#define SPLAT(v, p, floats) v = splat((p)[floats])
#define PREFETCH(p) __builtin_prefetch(p, 0, 2)
#endif
#ifndef END_BLOCK
#define END_BLOCK(bit)
#endif

namespace {
/** M [rows, COLUMNS] = V [depth / TURN, rows, TURN] times U [depth, COLUMNS], summed from the first input channel to the last; meanwhile the cache is told of `next`, as large as U. */
template <int rows> void multiplyBlock(const float *v, const float *u, int depth, float *m, const float *next, int never) {
  V sum[rows][VECTORS];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int j = 0; j < VECTORS; j++) sum[i][j] = splat(0);
  }
  for (int k = 0; k < depth; k += TURN, v += (rows - 1) * TURN)
    for (int q = 0; q < TURN; q += 4, v += 4, u += 4 * COLUMNS, next += 4 * COLUMNS) {
      UNROLL for (int e = 0; e < 4; e++) {
        V b[VECTORS];
        UNROLL for (int j = 0; j < COLUMNS; j += TURN) PREFETCH(next + e * COLUMNS + j);
        UNROLL for (int j = 0; j < VECTORS; j++) { LOAD(b[j], u, e * COLUMNS + j * LANES); }
        UNROLL for (int j = 0; j < VECTORS; j++) KEEP(b[j]);
        UNROLL for (int i = 0; i < rows; i++) {
          V a;
          SPLAT(a, v, i * TURN + e);
          UNROLL for (int j = 0; j < VECTORS; j++) sum[i][j] = fma(a, b[j], sum[i][j]);
          UNROLL for (int j = 0; j < VECTORS; j++) KEEP(sum[i][j]);
          END_BLOCK(e * rows + i)
        }
      }
    }
#ifdef __wasm__
done:
#endif
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int j = 0; j < VECTORS; j++) store(m + i * COLUMNS + j * LANES, sum[i][j]);
  }
}

using Multiply = void (*)(const float *, const float *, int, float *, const float *, int);
template <int rows> constexpr void fill(Multiply *of) {
  if constexpr (rows > 0) of[rows] = multiplyBlock<rows>, fill<rows - 1>(of);
}
/** multiplyBlock of 1 to ROWS rows. */
struct Multiplications {
  Multiply of[ROWS + 1] = {};
  constexpr Multiplications() { fill<ROWS>(of); }
};
constexpr Multiplications MULTIPLY;

/** `tiles` rows in blocks of nearly the same number, at most ROWS. */
struct Blocks {
  int tiles, count;
  explicit Blocks(int tiles) : tiles(tiles), count((tiles + ROWS - 1) / ROWS) {}
  /** First row of a block. */
  int start(int block) const { return (int)((long long)tiles * block / count); }
  int rows(int block) const { return start(block + 1) - start(block); }
};

/** M [blocks, O / COLUMNS, rows, COLUMNS] = V [blocks, I / TURN, rows, TURN] times U [O / COLUMNS, I, COLUMNS]. A panel of U stays in the cache while the blocks pass. */
void multiply(const Blocks &blocks, int I, int O, const float *v, const float *u, float *m, int never) {
  for (int o = 0; o < O; o += COLUMNS, u += (long)I * COLUMNS)
    for (int b = 0; b < blocks.count; b++) {
      int start = blocks.start(b), rows = blocks.start(b + 1) - start;
      const float *next = b == 0 ? u + (long)I * COLUMNS : u;
      MULTIPLY.of[rows](v + (long)start * I, u, I, m + (long)start * O + (long)o * rows, next, never);
    }
}
}  // namespace
