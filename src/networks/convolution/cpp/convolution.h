// One convolution by Winograd's transforms, with bias, ReLU and pooling: every patch of the input to V, the products M = V U of each point, M to the output.
#pragma once
#include "network.h"
#include "product.h"
#include "transforms.h"

namespace {
/** Activations [images, rows, side, channels]: of each image of `side` rows those from `top` on. */
struct Map {
  float *at;
  int side, channels, top, rows;
  float *pixel(int n, int y, int x) const { return at + (((long)n * rows + y - top) * side + x) * channels; }
};

/** Where a convolution keeps what it computes; zeros [MOST_CHANNELS]. */
struct Buffers {
  float *v, *m;
  const float *zeros;
};

/** Floats between the points' parts of V and M, so that they do not meet in the same sets of the cache. */
constexpr int SKEW = 16;
/** Floats of V and M that stay in a core's second cache. */
constexpr int CACHED = 1 << 18;

/** How many tiles are transformed before they are multiplied: as many as the cache holds; more where the weights are many, which are read once for them all. */
int tilesAtOnce(const Layer &layer, int tiles) {
  int points = (layer.m + 2) * (layer.m + 2), cached = CACHED / (points * (layer.I + layer.O)), least = layer.I * layer.O / 2048;
  int most = cached > least ? cached : least;
  if (most < ROWS) most = ROWS;
  return most < tiles ? most : tiles;
}

/** The patch of one tile, whose first pixel is `rows[0][0]` with pixels `pixel` floats apart, or where `at` says, to its row of V: v [points, SKEWed; I / TURN, rows, TURN]. */
template <int m, bool inside> void transformPatch(const float *first, long row, int pixel, const float *const *at, int I, float *v, int rows, long point) {
  constexpr int a = m + 2;
  for (int c = 0; c < I; c += LANES) {
    V d[a], t[a], columns[a][a];
    UNROLL for (int x = 0; x < a; x++) {
      UNROLL for (int y = 0; y < a; y++) d[y] = load((inside ? first + y * row + x * pixel : at[y * a + x]) + c);
      Winograd<m>::input(d, columns[x]);
    }
    float *to = v + (c / TURN) * rows * TURN + c % TURN;
    UNROLL for (int y = 0; y < a; y++) {
      UNROLL for (int x = 0; x < a; x++) d[x] = columns[x][y];
      Winograd<m>::input(d, t);
      UNROLL for (int x = 0; x < a; x++) store(to + (y * a + x) * point, t[x]);
    }
  }
}

/** The products of one tile, q [points, SKEWed; O / COLUMNS, rows, COLUMNS], to `height` x `width` pixels of the output, of at most m x m or, pooled, m / 2 x m / 2. */
template <int m, bool pool> void transformTile(const float *q, long point, int rows, const float *bias, int O, float *to, long row, int height, int width) {
  constexpr int a = m + 2, edge = pool ? m / 2 : m;
  bool whole = height >= edge && width >= edge;
  for (int c = 0; c < O; c += LANES) {
    const float *from = q + (c / COLUMNS) * rows * COLUMNS + c % COLUMNS;
    V d[a], columns[a][m], y[m][m];
    UNROLL for (int x = 0; x < a; x++) {
      UNROLL for (int e = 0; e < a; e++) d[e] = load(from + (e * a + x) * point);
      Winograd<m>::output(d, columns[x]);
    }
    V b = load(bias + c);
    UNROLL for (int e = 0; e < m; e++) {
      UNROLL for (int x = 0; x < a; x++) d[x] = columns[x][e];
      Winograd<m>::output(d, y[e]);
    }
    UNROLL for (int e = 0; e < edge; e++) {
      UNROLL for (int x = 0; x < edge; x++) {
        // Rounding keeps the order: the largest of the sums has the largest sum with the bias.
        V largest = pool ? max(max(y[2 * e][2 * x], y[2 * e][2 * x + 1]), max(y[2 * e + 1][2 * x], y[2 * e + 1][2 * x + 1])) : y[e][x];
        if (whole || (e < height && x < width)) store(to + e * row + (long)x * O + c, relu(add(largest, b)));
      }
    }
  }
}

/** Rows [from, to) of tiles of n images: `in` must hold the rows around them, as far as there are any, `out` gets theirs. */
template <int m> void convolve(const Layer &layer, const Map &in, const Map &out, int n, int from, int to, const Buffers &buffers, int never) {
  constexpr int a = m + 2, points = a * a;
  int across = (layer.valid() + m - 1) / m, tiles = n * (to - from) * across, most = tilesAtOnce(layer, tiles);
  int turns = (tiles + most - 1) / most, edge = layer.pool ? m / 2 : m, side = layer.resultSide();
  for (int turn = 0; turn < turns; turn++) {
    int first = (int)((long long)tiles * turn / turns), count = (int)((long long)tiles * (turn + 1) / turns) - first;
    Blocks blocks(count);
    long pointV = (long)count * layer.I + SKEW, pointM = (long)count * layer.O + SKEW;
    auto eachTile = [&](auto visit) {
      for (int b = 0; b < blocks.count; b++)
        for (int start = blocks.start(b), rows = blocks.rows(b), i = 0; i < rows; i++) {
          int tile = first + start + i, image = tile / ((to - from) * across), place = tile % ((to - from) * across);
          visit(image, from + place / across, place % across, start, rows, i);
        }
    };
    eachTile([&](int image, int ty, int tx, int start, int rows, int i) {
      int y0 = ty * m - 1, x0 = tx * m - 1;
      float *v = buffers.v + (long)start * layer.I + i * TURN;
      if (y0 >= 0 && x0 >= 0 && y0 + a <= layer.side && x0 + a <= layer.side)
        return transformPatch<m, true>(in.pixel(image, y0, x0), (long)in.side * in.channels, in.channels, nullptr, layer.I, v, rows, pointV);
      const float *at[points];
      for (int y = 0; y < a; y++)
        for (int x = 0; x < a; x++) {
          bool there = y0 + y >= 0 && x0 + x >= 0 && y0 + y < layer.side && x0 + x < layer.side;
          at[y * a + x] = there ? in.pixel(image, y0 + y, x0 + x) : buffers.zeros;
        }
      transformPatch<m, false>(nullptr, 0, 0, at, layer.I, v, rows, pointV);
    });
    for (int p = 0; p < points; p++)
      multiply(blocks, layer.I, layer.O, buffers.v + p * pointV, layer.weights + (long)p * layer.I * layer.O, buffers.m + p * pointM, never);
    eachTile([&](int image, int ty, int tx, int start, int rows, int i) {
      int y = ty * edge, x = tx * edge;
      const float *q = buffers.m + (long)start * layer.O + i * COLUMNS;
      auto transform = layer.pool ? transformTile<m, true> : transformTile<m, false>;
      transform(q, pointM, rows, layer.bias, layer.O, out.pixel(image, y, x), (long)out.side * out.channels, side - y, side - x);
    });
  }
}
}  // namespace
