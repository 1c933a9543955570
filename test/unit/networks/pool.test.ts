import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConvolutionalBase } from "../../../src/networks/network.ts";
import { meanOfCells, withPool } from "../../../src/networks/pool.ts";

test("the mean over the cells of each channel, row by row, with one rounding", () => {
  const rows = Float32Array.of(
    ...[1, 10],
    ...[2, 20],
    ...[3, 30],
    ...[6, 60],
    ...[0, 1],
    ...[0, 2],
    ...[0, 3],
    ...[1, 5],
  );
  assert.deepEqual([...meanOfCells(rows, 4, 2)], [3, 30, 0.25, 2.75]);
  const third = [...meanOfCells(Float32Array.of(1, 0, 0), 3, 1)];
  assert.deepEqual(third, [Math.fround(1 / 3)]);
  // Summed in float32, each of the small ones would be lost.
  const small = new Float32Array(1001).fill(2 ** -24);
  small[0] = 1;
  assert.equal(meanOfCells(small, 1001, 1)[0], Math.fround((1 + 1000 * 2 ** -24) / 1001));
});

test("a pooled base has rows of one cell, and is the same one without pooling", async () => {
  const base: ConvolutionalBase = {
    name: "made up",
    backend: "cpu",
    rowShape: [2, 2, 3],
    batch: 1,
    features: async (_, n) => Float32Array.from({ length: n * 12 }, (_, i) => i),
    close() {},
  };
  assert.equal(withPool(base, "none"), base);
  const pooled = withPool(base, "avg");
  assert.deepEqual(pooled.rowShape, [1, 1, 3]);
  assert.deepEqual([...(await pooled.features(new Float32Array(), 2))], [4.5, 5.5, 6.5, 16.5, 17.5, 18.5]);
});
