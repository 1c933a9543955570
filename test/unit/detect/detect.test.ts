import assert from "node:assert/strict";
import { test } from "node:test";
import { copiesOf } from "../../../src/detect/copies.ts";
import { detect } from "../../../src/detect/detect.ts";
import { detectMany } from "../../../src/detect/detect-many.ts";
import { leaveOut } from "../../../src/detect/leave-out.ts";
import { fitMixture, posterior } from "../../../src/detect/mixture.ts";
import { rank } from "../../../src/detect/ranking.ts";
import { closeness } from "../../../src/kernels/closeness.ts";
import type { Features } from "../../../src/kernels/features.ts";
import { createWork, invert } from "../../../src/kernels/inverse.ts";
import { viewProducts } from "../../../src/kernels/view-products.ts";
import { loadProducts } from "../../../src/kernels/wasm/products.ts";
import { Random } from "../../../src/numbers/random.ts";

const SHAPE = [2, 2, 32] as const;
const WIDTH = 128;

/** Made-up features of classes that overlap a little. */
function madeUp(rows: number, numClasses = 2): { features: Features; truth: number[] } {
  const random = new Random(5, "detect");
  const truth = Array.from({ length: rows }, (_, i) => i % numClasses);
  const values = Float32Array.from({ length: rows * WIDTH }, (_, at) => {
    const [row, i] = [Math.floor(at / WIDTH), at % WIDTH];
    return Math.max(0, random.normal() - 1 + (i % numClasses === truth[row] ? 1.1 : 0)); // most are zero, as of a network
  });
  return { features: { rows, shape: SHAPE, row: (i) => values.subarray(i * WIDTH, (i + 1) * WIDTH) }, truth };
}

/** A dense solve, to compare with. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  for (let i = 0; i < rows.length; i++) {
    const pivot = rows[i] as number[];
    for (let j = i + 1; j < rows.length; j++) {
      const row = rows[j] as number[];
      const by = (row[i] as number) / (pivot[i] as number);
      for (let k = i; k <= rows.length; k++) row[k] = (row[k] as number) - by * (pivot[k] as number);
    }
  }
  const x = new Array<number>(rows.length).fill(0);
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] as number[];
    let sum = row[rows.length] as number;
    for (let k = i + 1; k < rows.length; k++) sum -= (row[k] as number) * (x[k] as number);
    x[i] = sum / (row[i] as number);
  }
  return x;
}

test("what is left out is predicted as a fit without it does, alone and in groups, for any number of rows", (t) => {
  const space = loadProducts(2);
  t.after(() => space.close());
  for (const rows of [7, 33, 70]) {
    const { features, truth } = madeUp(rows);
    const kernel = closeness(viewProducts(features, { threads: 2 }).own);
    const at = (i: number, j: number) => kernel.values[Math.max(i, j) * kernel.size + Math.min(i, j)] as number;
    const targets = Float64Array.from(truth, (label) => 2 * label - 1);
    const groups = [
      [1, 4],
      [0, 3, 6],
    ];
    const found = leaveOut(invert(space, kernel, 0.7, createWork(space, rows)), targets, groups);
    for (let i = 0; i < rows; i++) {
      const out = groups.find((group) => group.includes(i)) ?? [i];
      const rest = Array.from({ length: rows }, (_, j) => j).filter((j) => !out.includes(j));
      const weights = solve(
        rest.map((a) => rest.map((b) => at(a, b) + (a === b ? 0.7 : 0))),
        rest.map((j) => targets[j] as number),
      );
      const expected = rest.reduce((sum, j, k) => sum + at(i, j) * (weights[k] as number), 0);
      assert.ok(
        Math.abs((found[i] as number) - expected) < 2e-5,
        `${rows} rows, ${i}: ${found[i]} instead of ${expected}`,
      );
    }
  }
});

test("rates of flips are found, where they differ and where all go one way", () => {
  const random = new Random(7, "mixture");
  for (const [r0, r1] of [
    [0.05, 0.05],
    [0.2, 0],
    [0.02, 0.3],
  ] as const) {
    const truth = Array.from({ length: 8000 }, (_, i) => (i % 2 ? 1 : -1));
    const scores = Float64Array.from(truth, (t) => 0.7 * t + 0.4 * random.normal());
    const given = Int8Array.from(truth, (t) => (random.float() < (t > 0 ? r1 : r0) ? -t : t));
    const fit = fitMixture(scores, given);
    assert.ok(Math.abs(fit.rates[0] - r0) < 0.012 && Math.abs(fit.rates[1] - r1) < 0.012, `${fit.rates}`);
    const flipped = posterior(fit, scores, given);
    const expected = flipped.reduce((a, b) => a + b, 0);
    const wrong = truth.filter((t, i) => t !== given[i]).length;
    assert.ok(Math.abs(expected - wrong) < 90, `${expected} of ${wrong}`);
  }
});

test("flipped labels are found, of two classes and of four, and the level is estimated", () => {
  for (const numClasses of [2, 4]) {
    const { features, truth } = madeUp(240, numClasses);
    const labels = truth.map((label, i) => (i % 13 === 5 ? (label + 1) % numClasses : label));
    const wrong = labels.map((label, i) => label !== truth[i]);
    const { probability, suggested, flagged, rates } = detect(features, labels, { numClasses, threads: 2 });
    const { average_precision = 0 } = rank(probability, wrong) ?? {};
    assert.ok(average_precision > 0.9, `${numClasses} classes: ${average_precision}`);
    assert.ok(flagged.filter((yes, i) => yes !== wrong[i]).length < 10);
    for (const [i, yes] of flagged.entries()) if (yes && wrong[i]) assert.equal(suggested[i], truth[i]);
    const level = labels.reduce((sum, label) => sum + (rates[label] as number), 0) / labels.length;
    assert.ok(Math.abs(level - 1 / 13) < 0.03, `${level}`);
  }
});

test("on clean labels nothing is flagged; the number of threads changes no byte", () => {
  const { features, truth } = madeUp(200);
  const [one, two] = [1, 2].map((threads) => detect(features, truth, { numClasses: 2, threads }));
  assert.deepEqual(one, two);
  assert.ok((one?.flagged.filter(Boolean).length ?? 9) <= 2);
});

test("average precision and AUROC, by hand, ties included", () => {
  assert.deepEqual(rank([4, 3, 2, 1], [true, false, true, false]), {
    average_precision: (1 + 2 / 3) / 2,
    auroc: 3 / 4,
  });
  assert.deepEqual(rank([1, 1, 1, 1], [true, false, true, false]), { average_precision: 0.5, auroc: 0.5 });
  assert.equal(rank([1, 2], [false, false]), undefined);
});

test("a picture that stands there three times under one wrong label is found: its copies do not speak for it", () => {
  const { features, truth } = madeUp(200);
  const source = [10, 10, 10] as const; // rows 20, 40 and 60 are copies of row 10
  const copies = [20, 40, 60];
  const row = (i: number) => features.row(copies.includes(i) ? (source[0] as number) : i);
  const labels = truth.map((label, i) => (i === 10 || copies.includes(i) ? 1 - (truth[10] as number) : label));
  const { probability, copies: found, contradictions } = detect({ ...features, row }, labels, { numClasses: 2 });
  assert.deepEqual(found, [[10, ...copies]]);
  assert.deepEqual(contradictions, []);
  for (const i of [10, ...copies]) assert.ok((probability[i] as number) > 0.9, `${i}: ${probability[i]}`);

  labels[40] = truth[10] as number;
  assert.deepEqual(detect({ ...features, row }, labels, { numClasses: 2 }).contradictions, [[10, ...copies]]);
});

test("copies are those that are known, too, and groups that share an image are one", () => {
  const { features } = madeUp(12);
  const { own } = viewProducts(features);
  assert.deepEqual(
    copiesOf(own, [
      [3, 5],
      [8, 5],
      [0, 11],
    ]),
    [
      [0, 11],
      [3, 5, 8],
    ],
  );
});

test("through landmarks nearly the same is found, over several blocks, copies left out together", () => {
  const { features, truth } = madeUp(1200);
  const row = (i: number) => features.row(i === 1100 ? 7 : i); // a copy
  const labels = truth.map((label, i) => (i % 13 === 5 ? 1 - label : label));
  for (const i of [7, 1100]) labels[i] = 1 - (truth[7] as number);
  const wrong = labels.map((label, i) => label !== truth[i === 1100 ? 7 : i]);
  const options = { numClasses: 2, landmarks: 300 };
  const { probability, copies } = detectMany({ ...features, row }, labels, { ...options, threads: 2 });
  const found = rank(probability, wrong);
  const exact = rank(detect({ ...features, row }, labels, options).probability, wrong);
  assert.ok((found?.average_precision ?? 0) > 0.95, JSON.stringify(found));
  assert.ok((exact?.average_precision ?? 0) - (found?.average_precision ?? 0) < 0.03, JSON.stringify([exact, found]));
  assert.deepEqual(copies, [[7, 1100]]);
  for (const i of [7, 1100]) assert.ok((probability[i] as number) > 0.5, `${i}: ${probability[i]}`);
  assert.deepEqual(detectMany({ ...features, row }, labels, { ...options, threads: 1 }).probability, probability);
});
