import assert from "node:assert/strict";
import { test } from "node:test";
import { resample } from "../../../../src/networks/pixels/resample.ts";

/** 64 × 40, R is four times the column, G six times the row. */
const ramp = Uint8Array.from({ length: 64 * 40 * 3 }, (_, i) => {
  const [pixel, channel] = [Math.floor(i / 3), i % 3];
  return channel === 0 ? (pixel % 64) * 4 : channel === 1 ? Math.floor(pixel / 64) * 6 : 0;
});

/** What Pillow 13 makes of the first column's G: `Image.fromarray(ramp).resize((64, 64), filter)`. */
const GREEN = {
  bilinear: [0, 3, 6, 10, 14, 18, 21, 25],
  bicubic: [0, 2, 6, 10, 14, 18, 21, 25],
  lanczos3: [0, 2, 6, 10, 14, 18, 21, 25],
};

test("a ramp stays in its place: the side that keeps its length to the bit, the enlarged one as in Pillow", () => {
  for (const filter of ["bilinear", "bicubic", "lanczos3"] as const) {
    const pixels = resample(ramp, 64, 40, 64, filter);
    const red = Array.from({ length: 64 }, (_, x) => pixels[(20 * 64 + x) * 3]);
    assert.deepEqual(
      red,
      Array.from({ length: 64 }, (_, x) => x * 4),
      filter,
    );
    const green = Array.from({ length: 8 }, (_, y) => pixels[y * 64 * 3 + 1]);
    assert.deepEqual(green, GREEN[filter], filter);
  }
});

test("a plain picture stays plain, whatever becomes of its size", () => {
  for (const [width, height] of [
    [1, 1],
    [3, 500],
    [500, 3],
    [32, 33],
  ] as const)
    for (const filter of ["bilinear", "bicubic", "lanczos3"] as const)
      assert.ok(
        resample(new Uint8Array(width * height * 3).fill(200), width, height, 32, filter).every((v) => v === 200),
      );
});
