import assert from "node:assert/strict";
import { test } from "node:test";
import { smootherWeights } from "../../../src/certify/smoother.ts";
import type { Features } from "../../../src/kernels/features.ts";
import { viewProducts } from "../../../src/kernels/view-products.ts";
import { Random } from "../../../src/numbers/random.ts";

function madeUp(rows: number, stream: string): Features {
  const random = new Random(3, stream);
  const values = Float32Array.from({ length: rows * 16 }, () => Math.max(0, random.normal()));
  return { rows, shape: [2, 2, 4], row: (i) => values.subarray(i * 16, (i + 1) * 16) };
}

test("the weights are those of ridge regression on products centered by the training images", () => {
  const [training, images] = [madeUp(21, "a"), madeUp(5, "b")];
  const [n, ridge] = [21, 0.8];
  const { own, others } = viewProducts(training, { others: images });
  const k = (i: number, j: number) => own.values[Math.max(i, j) * own.size + Math.min(i, j)] as number;
  const x = (i: number, j: number) => (others as Float32Array)[i * own.size + j] as number;
  const all = Array.from({ length: n }, (_, i) => i);
  const mean = (of: (j: number) => number) => all.reduce((sum, j) => sum + of(j) / n, 0);
  const grand = mean((i) => mean((j) => k(i, j)));
  const centered = (i: number, j: number) => k(i, j) - mean((b) => k(i, b)) - mean((b) => k(j, b)) + grand;
  const weights = smootherWeights(training, images, { ridge, threads: 2 });
  for (let i = 0; i < images.rows; i++) {
    const cross = all.map((j) => x(i, j) - mean((b) => x(i, b)) - mean((b) => k(j, b)) + grand);
    // w (K + λI) is the image's products.
    for (const j of all) {
      const got = all.reduce((sum, b) => sum + (weights(i)[b] as number) * (centered(b, j) + (b === j ? ridge : 0)), 0);
      assert.ok(Math.abs(got - (cross[j] as number)) < 1e-5, `${i}, ${j}: ${got} instead of ${cross[j]}`);
    }
  }
});

test("views of one cell are one, each is scaled to a mean product of 1 with itself", () => {
  const random = new Random(4, "one cell");
  const values = Float32Array.from({ length: 9 * 6 }, () => Math.max(0, random.normal()));
  for (const shape of [
    [1, 1, 6],
    [1, 2, 3],
  ] as const) {
    const { own } = viewProducts({ rows: 9, shape, row: (i) => values.subarray(i * 6, (i + 1) * 6) });
    const trace = Array.from({ length: 9 }, (_, i) => own.values[i * own.size + i] as number).reduce(
      (a, b) => a + b,
      0,
    );
    assert.ok(Math.abs(trace - 9) < 1e-5, `${trace}`);
  }
});
