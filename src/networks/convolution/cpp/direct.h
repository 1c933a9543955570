// The first convolution, whose few input channels Winograd's transforms would not repay: directly, and a pooling for networks that pool after it.
#pragma once
#include "convolution.h"

namespace {
/** Pixels that are computed together. */
constexpr int PIXELS = ROWS;
/** Pixels of a row of the image with its border of zeros, and some that only a last group of pixels reads. */
constexpr int borderedSide(int side) { return side + 2 + PIXELS; }

/** image [side, side, channels] -> [side + 2, borderedSide, channels], zeros around it. */
void addBorder(const float *image, int side, int channels, float *to) {
  long row = (long)borderedSide(side) * channels;
  __builtin_memset(to, 0, (side + 2) * row * sizeof(float));
  for (int y = 0; y < side; y++) __builtin_memcpy(to + (y + 1) * row + channels, image + (long)y * side * channels, sizeof(float) * side * channels);
}

/** Rows [from, to) of the convolution of a bordered image, with bias and ReLU; weights [3, 3 * in, O]. */
void convolveDirectly(const Layer &layer, const float *image, const Map &out, int from, int to) {
  int taps = 3 * layer.in, O = layer.O;
  for (int y = from; y < to; y++)
    for (int o = 0; o < O; o += COLUMNS)
      for (int x = 0; x < layer.side; x += PIXELS) {
        V sum[PIXELS][VECTORS];
        UNROLL for (int i = 0; i < PIXELS; i++) {
          UNROLL for (int j = 0; j < VECTORS; j++) sum[i][j] = load(layer.bias + o + j * LANES);
        }
        for (int row = 0; row < 3; row++) {
          const float *p = image + ((long)(y + row) * borderedSide(layer.side) + x) * layer.in, *w = layer.weights + (long)row * taps * O + o;
          for (int e = 0; e < taps; e++, p++, w += O) {
            UNROLL for (int i = 0; i < PIXELS; i++) {
              UNROLL for (int j = 0; j < VECTORS; j++) sum[i][j] = fma(p[i * layer.in], load(w + j * LANES), sum[i][j]);
            }
          }
        }
        float *pixel = out.pixel(0, y, x) + o;
        UNROLL for (int i = 0; i < PIXELS; i++) {
          if (x + i < layer.side) {
            UNROLL for (int j = 0; j < VECTORS; j++) store(pixel + (long)i * O + j * LANES, relu(sum[i][j]));
          }
        }
      }
}

/** Rows [from, to) of the largest of every 2 x 2 pixels. */
void poolRows(const Map &in, const Map &out, int from, int to) {
  for (int y = from; y < to; y++)
    for (int x = 0; x < out.side; x++)
      for (int c = 0; c < out.channels; c += LANES) {
        auto pair = [&](int row) { return max(load(in.pixel(0, row, 2 * x) + c), load(in.pixel(0, row, 2 * x + 1) + c)); };
        store(out.pixel(0, y, x) + c, max(pair(2 * y), pair(2 * y + 1)));
      }
}
}  // namespace
