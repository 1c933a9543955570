// Winograd's minimal filtering F(m x m, 3 x 3), of A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks (2015, https://arxiv.org/abs/1509.09308):
// a tile of m x m outputs is A' [(G g G') * (B' d B)] A, of a filter g [3, 3] and a patch d [m + 2, m + 2]. Here are the one-dimensional B', G and A'.
#pragma once
#include "vector.h"

namespace {
template <int m> struct Winograd;

/** Points 0, 1, -1, 2, -2 and infinity: 36 multiplications for 16 outputs, instead of 144. */
template <> struct Winograd<4> {
  static constexpr double G[6][3] = {{1. / 4, 0, 0},           {-1. / 6, -1. / 6, -1. / 6}, {-1. / 6, 1. / 6, -1. / 6},
                                     {1. / 24, 1. / 12, 1. / 6}, {1. / 24, -1. / 12, 1. / 6}, {0, 0, 1}};
  /** d [6] -> B' d [6] */
  static INLINE void input(const V *d, V *t) {
    V even = fma(-4, d[2], d[4]), odd = fma(-4, d[1], d[3]);
    V even2 = sub(d[4], d[2]), odd2 = sub(d[3], d[1]);
    t[0] = fma(4, d[0], fma(-5, d[2], d[4]));
    t[1] = add(even, odd);
    t[2] = sub(even, odd);
    t[3] = fma(2, odd2, even2);
    t[4] = fma(-2, odd2, even2);
    t[5] = fma(4, d[1], fma(-5, d[3], d[5]));
  }
  /** q [6] -> A' q [4] */
  static INLINE void output(const V *q, V *y) {
    V even = add(q[1], q[2]), odd = sub(q[1], q[2]), even2 = add(q[3], q[4]), odd2 = sub(q[3], q[4]);
    y[0] = add(add(q[0], even), even2);
    y[1] = fma(2, odd2, odd);
    y[2] = fma(4, even2, even);
    y[3] = add(fma(8, odd2, odd), q[5]);
  }
};

/** Points 0, 1, -1, 2, -2, 1/2, -1/2 and infinity: 64 multiplications for 36 outputs, instead of 324; rounds a little worse. */
template <> struct Winograd<6> {
  static constexpr double G[8][3] = {{1, 0, 0},
                                     {-2. / 9, -2. / 9, -2. / 9},
                                     {-2. / 9, 2. / 9, -2. / 9},
                                     {1. / 90, 1. / 45, 2. / 45},
                                     {1. / 90, -1. / 45, 2. / 45},
                                     {32. / 45, 16. / 45, 8. / 45},
                                     {32. / 45, -16. / 45, 8. / 45},
                                     {0, 0, 1}};
  /** d [8] -> B' d [8] */
  static INLINE void input(const V *d, V *t) {
    V even = fma(-4.25f, d[4], add(d[2], d[6])), odd = fma(-4.25f, d[3], add(d[1], d[5]));
    V even2 = fma(.25f, d[2], fma(-1.25f, d[4], d[6])), odd2 = fma(-5, d[3], fma(4, d[5], d[1]));
    V evenHalf = fma(4, d[2], fma(-5, d[4], d[6])), oddHalf = fma(-5, d[3], fma(4, d[1], d[5]));
    t[0] = fma(5.25f, sub(d[4], d[2]), sub(d[0], d[6]));
    t[1] = add(even, odd);
    t[2] = sub(even, odd);
    t[3] = fma(.5f, odd2, even2);
    t[4] = fma(-.5f, odd2, even2);
    t[5] = fma(.5f, oddHalf, evenHalf);
    t[6] = fma(-.5f, oddHalf, evenHalf);
    t[7] = fma(5.25f, sub(d[3], d[5]), sub(d[7], d[1]));
  }
  /** q [8] -> A' q [6] */
  static INLINE void output(const V *q, V *y) {
    V even = add(q[1], q[2]), odd = sub(q[1], q[2]), even2 = add(q[3], q[4]), odd2 = sub(q[3], q[4]);
    V evenHalf = add(q[5], q[6]), oddHalf = sub(q[5], q[6]);
    y[0] = add(add(q[0], even), add(even2, evenHalf));
    y[1] = fma(.5f, oddHalf, fma(2, odd2, odd));
    y[2] = fma(.25f, evenHalf, fma(4, even2, even));
    y[3] = fma(.125f, oddHalf, fma(8, odd2, odd));
    y[4] = fma(.0625f, evenHalf, fma(16, even2, even));
    y[5] = add(fma(.03125f, oddHalf, fma(32, odd2, odd)), q[7]);
  }
};

/** G g G' in float64, of the filters g HWIO [3, 3, in, out] of input channels [from, to) -> U [(m + 2)^2, O / COLUMNS, I, COLUMNS], zeros where a filter has no channel. */
template <int m> void transformFilters(const float *g, int in, int out, int I, int O, int from, int to, float *U) {
  constexpr int a = m + 2;
  for (int o = 0; o < O; o += COLUMNS)
    for (int i = from; i < to; i++) {
      double d[3][3][COLUMNS], t[a][3][COLUMNS];  // g, G g
      for (int tap = 0; tap < 9; tap++)
        for (int c = 0; c < COLUMNS; c++) d[tap / 3][tap % 3][c] = i < in && o + c < out ? g[(tap * in + i) * out + o + c] : 0;
      for (int e = 0; e < a; e++)
        for (int x = 0; x < 3; x++)
          for (int c = 0; c < COLUMNS; c++) t[e][x][c] = Winograd<m>::G[e][0] * d[0][x][c] + Winograd<m>::G[e][1] * d[1][x][c] + Winograd<m>::G[e][2] * d[2][x][c];
      float *u = U + ((long)o * I + i * COLUMNS);
      for (int e = 0; e < a; e++)
        for (int f = 0; f < a; f++, u += (long)I * O)
          for (int c = 0; c < COLUMNS; c++) u[c] = (float)(t[e][0][c] * Winograd<m>::G[f][0] + t[e][1][c] * Winograd<m>::G[f][1] + t[e][2][c] * Winograd<m>::G[f][2]);
    }
}
}  // namespace
