import assert from "node:assert/strict";
import { test } from "node:test";
import { explainAccuracy } from "../../../src/commands/report/phrases.ts";
import type { Prediction } from "../../../src/records/training/predictions.ts";
import { type AccuracyComparison, compareAccuracy, mcNemar } from "../../../src/statistics/compare-accuracy.ts";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= 1e-6 * Math.abs(expected), `${actual}, not ${expected}`);

/** Predictions for so many images, of which some are wrong. */
const predictions = (right: readonly boolean[], start = 0): Prediction[] =>
  right.map((isRight, i) => ({ image: `${start + i}`, label: "a", predicted: isRight ? "a" : "b", probability: 0.5 }));

/** `lost` images that only base gets right, `gained` that only head does, of 800. */
function pair(lost: number, gained: number) {
  const base = Array.from({ length: 800 }, (_, i) => i < lost || i >= lost + gained);
  const head = Array.from({ length: 800 }, (_, i) => i >= lost);
  return compareAccuracy(predictions(base), predictions(head)) as AccuracyComparison;
}

test("the exact McNemar test gives SciPy's numbers (binomtest of the smaller count, two-sided)", () => {
  near(mcNemar(41, 21), 0.015134080997447081);
  near(mcNemar(21, 41), 0.015134080997447081);
  near(mcNemar(0, 5), 0.0625);
  near(mcNemar(10, 10), 1);
  near(mcNemar(0, 0), 1);
  near(mcNemar(300, 200), 8.940066542253288e-6);
  near(mcNemar(2000, 1900), 0.11289365225934829);
});

test("models on the same images are compared image by image, in any order of the images", () => {
  const paired = pair(41, 21);
  assert.deepEqual([paired.images, paired.lost, paired.gained], [800, 41, 21]);
  near(paired.difference, -0.025);
  near(paired.interval[0], -0.04441209023497464);
  near(paired.interval[1], -0.005463221485723618);
  assert.match(explainAccuracy(paired), /p = 0\.015, 95 % interval −4\.4 to −0\.5 points .*would seldom make/);
  assert.match(explainAccuracy(pair(5, 4)), /p = 1, 95 % interval .* Such a difference can be chance\.$/);
  assert.match(explainAccuracy(pair(300, 200)), /p < 0\.001/);
  const rows = predictions([true, false]);
  assert.deepEqual(compareAccuracy(rows, rows.toReversed()), compareAccuracy(rows, rows));
});

test("models on other images, or on images labelled otherwise, are not compared", () => {
  const rows = predictions([true, true, true, false]);
  assert.equal(compareAccuracy(rows, predictions([true, false, false, false], 9)), undefined);
  assert.equal(compareAccuracy(rows, rows.slice(1)), undefined);
  const relabelled = rows.map((row) => ({ ...row, label: "b" }));
  assert.equal(compareAccuracy(rows, relabelled), undefined);
});
