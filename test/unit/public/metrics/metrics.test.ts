import assert from "node:assert/strict";
import { test } from "node:test";
import * as metrics from "../../../../src/public/metrics.ts";

/** Of two classes: right, wrong, right, wrong. */
const two = { probabilities: [0.9, 0.2, 0.6, 0.4], targets: [1, 1, 1, 1] };

test("two classes as one probability or as two, in any kind of array", () => {
  const pairs = two.probabilities.map((p) => [1 - p, p]);
  for (const given of [
    two.probabilities,
    Float64Array.from(two.probabilities),
    pairs,
    pairs.map((p) => Float64Array.from(p)),
  ]) {
    assert.equal(metrics.accuracy(given, [1, 0, 0, 1]), 0.5);
    assert.deepEqual(metrics.predictedClasses(given), [1, 0, 1, 0]);
    assert.deepEqual(metrics.confusionMatrix(given, [1, 0, 0, 0]), [
      [2, 1],
      [0, 1],
    ]);
  }
  assert.equal(metrics.accuracy(Float32Array.of(0.1, 0.9), new Uint8Array([0, 1])), 1);
});

test("hand-checked numbers", () => {
  // Scores 0.1, 0.4 of the others; 0.35, 0.8 of the positives: 3 of 4 pairs are in order.
  const [scores, targets] = [
    [0.1, 0.4, 0.35, 0.8],
    [0, 0, 1, 1],
  ];
  assert.equal(metrics.auroc(scores, targets), 0.75);
  // Precision 1 at recall 1/2, 2/3 at recall 1: (1 + 2/3) / 2.
  assert.ok(Math.abs((metrics.averagePrecision(scores, targets) as number) - 5 / 6) < 1e-12);
  assert.deepEqual(metrics.rocCurve(scores, targets)[0], { false_positive_rate: 0, true_positive_rate: 0 });
  assert.equal(metrics.rocCurve(scores, targets).length, 5);
  // 0.1 is the surest of the first class, and rightly; 0.8 the surest of the second, and rightly.
  for (const positive of [0, 1])
    assert.deepEqual(metrics.rocCurve(scores, targets, positive)[1], {
      false_positive_rate: 0,
      true_positive_rate: 0.5,
    });
  assert.deepEqual(metrics.precisionRecallCurve(scores, targets)[1], { recall: 0.5, precision: 1 });
  assert.equal(metrics.brierScore([0.5, 1], [1, 1]), 0.125);
  // Both are predicted with confidence 0.8, one of them rightly: 0.8 - 0.5.
  assert.ok(Math.abs(metrics.expectedCalibrationError([0.8, 0.8], [1, 0]) - 0.3) < 1e-12);
  assert.equal(metrics.calibrationBins([0.8, 0.8], [1, 0])[0]?.accuracy, 0.5);
  assert.equal(metrics.auroc([0.2, 0.3], [1, 1]), null);
  assert.ok(Math.abs(metrics.mcNemar(0, 3) - 0.25) < 1e-12); // 2 / 2³
  assert.equal(metrics.estimate([1, 2, 3]).mean, 2);
  assert.equal(metrics.pairedTTest([1, 1]), 0);
});

test("three classes: a curve looks for one class, areas are means of one against the rest", () => {
  const probabilities = [
    [0.8, 0.1, 0.1],
    [0.1, 0.8, 0.1],
    [0.2, 0.5, 0.3],
  ];
  const targets = [0, 1, 2];
  assert.equal(metrics.accuracy(probabilities, targets), 2 / 3);
  assert.equal(metrics.auroc(probabilities, targets), 1);
  assert.equal(metrics.rocCurve(probabilities, targets, 2).length, 3); // 0.3, then both 0.1
  assert.deepEqual(metrics.validationMetrics(probabilities, targets, ["a", "b", "c"]).recall, { a: 1, b: 1, c: 0 });
  assert.throws(() => metrics.rocCurve(probabilities, targets, 3), {
    message: /^positive is 3; it must be a class number, 0 to 2/,
  });
});

test("paired comparisons of predicted classes", () => {
  const { images, lost, gained, difference, interval, p } = metrics.compareAccuracy(
    [0, 0, 0, 0],
    [0, 0, 0, 1],
    [1, 1, 1, 0],
  );
  assert.deepEqual([images, lost, gained, difference], [4, 3, 1, -0.5]);
  assert.equal(p, 0.625); // 2 · (1 + 4) / 2⁴
  assert.ok(interval[0] < difference && difference < interval[1]);
  assert.deepEqual(metrics.memorization({ predicted: [1, 0], given: [1, 0], truth: [0, 0] }), {
    wrong_labels_memorized: 1,
    true_labels_learned: 1,
  });
});

test("what does not fit together is refused by place", () => {
  const refused = (run: () => unknown, message: RegExp) => assert.throws(run, { name: "StageError", message });
  refused(() => metrics.accuracy([0.5], [0, 1]), /^there are 1 probabilities for 2 targets/);
  refused(() => metrics.accuracy([], []), /^there is no target/);
  refused(() => metrics.accuracy([0.5, 1.2], [0, 1]), /^probabilities\[1\] holds -0\.1/);
  refused(() => metrics.accuracy([0.5, Number.NaN], [0, 1]), /^probabilities\[1\] holds NaN/);
  refused(() => metrics.accuracy([[0.5, 0.4]], [0]), /^probabilities\[0\] sums to 0\.9/);
  refused(() => metrics.accuracy([[1]], [0]), /^probabilities\[0\] has 1 values/);
  refused(() => metrics.accuracy([[0.5, 0.5], [1]], [0, 0]), /^probabilities\[1\] has 1 values/);
  refused(() => metrics.accuracy([0.5, 0.5], [0, 2]), /^targets\[1\] is 2; it must be a class number, 0 to 1/);
  refused(() => metrics.validationMetrics([0.5], [0], ["a"]), /^there are 2 classes, but the names are a/);
  refused(() => metrics.compareAccuracy([0, 1], [0], [0, 1]), /^there are 1 predictions before for 2 targets/);
  refused(() => metrics.memorization({ predicted: [0], given: [0], truth: [-1] }), /^truth\[0\] is -1/);
});
