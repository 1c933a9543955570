import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { brierScore } from "../../../src/evaluate/brier.ts";
import { calibrationBins, expectedCalibrationError } from "../../../src/evaluate/calibration.ts";
import { type Classified, predictedClasses, type Ranking, rankings } from "../../../src/evaluate/classified.ts";
import { confusionMatrix, precisionOf, recallOf } from "../../../src/evaluate/confusion.ts";
import { averageCurve, linearAt, stepAt, thinCurve } from "../../../src/evaluate/curve.ts";
import { validationFigures } from "../../../src/evaluate/figures.ts";
import { truthHistogram } from "../../../src/evaluate/histogram.ts";
import { memorization } from "../../../src/evaluate/memorization.ts";
import { averagePrecision, precisionRecallCurve } from "../../../src/evaluate/precision-recall.ts";
import { auroc, rocCurve } from "../../../src/evaluate/roc.ts";
import { validationMetrics } from "../../../src/evaluate/validation.ts";
import { Random } from "../../../src/numbers/random.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Two classes by the probability of the second. */
const two = (second: number[], classes: number[]): Classified => ({
  probabilities: second.map((p) => [1 - p, p]),
  classes,
});
const close = (actual: number | null | undefined, expected: number | null | undefined, what = "") =>
  assert.ok(Math.abs((actual as number) - (expected as number)) < 1e-9, `${what} ${actual}, expected ${expected}`);

/** Six images by falling score: hit, miss, hit, a tie of hit and miss, miss. */
const RANKING: Ranking = {
  scores: [0.4, 0.9, 0.8, 0.6, 0.1, 0.4],
  positives: [true, true, false, true, false, false],
};

/** Images of two to four classes; probabilities in steps, so that there are ties. */
const classified = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 60 }))
  .chain(([classes, images]) =>
    fc.record({
      probabilities: fc.array(
        fc
          .array(fc.integer({ min: 0, max: 5 }), { minLength: classes, maxLength: classes })
          .map((parts) => (parts.some((part) => part > 0) ? parts : parts.map(() => 1)))
          .map((parts) => parts.map((part) => part / parts.reduce((a: number, b) => a + b, 0))),
        { minLength: images, maxLength: images },
      ),
      classes: fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: images, maxLength: images }),
    }),
  );

test("ROC: a point a threshold, ties together; the area counts pairs in the right order", () => {
  assert.deepEqual(
    rocCurve(RANKING).map(({ false_positive_rate: x, true_positive_rate: y }) => [x * 3, y * 3].map(Math.round)),
    [
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 2],
      [2, 3],
      [3, 3],
    ],
  );
  // Of 9 pairs: 0.9 beats all three, 0.6 two, 0.4 one and ties with one.
  close(auroc(RANKING), (3 + 2 + 1.5) / 9);
  assert.equal(auroc({ scores: [0.1, 0.2], positives: [true, true] }), null);
  assert.deepEqual(rocCurve({ scores: [], positives: [] }), []);
});

test("precision and recall by threshold; their average weighs each by the recall it adds", () => {
  assert.deepEqual(
    precisionRecallCurve(RANKING).map(({ recall, precision }) => [Math.round(recall * 3), precision]),
    [
      [0, 1],
      [1, 1],
      [1, 1 / 2],
      [2, 2 / 3],
      [3, 3 / 5],
      [3, 1 / 2],
    ],
  );
  close(averagePrecision(RANKING), (1 + 2 / 3 + 3 / 5) / 3);
  assert.equal(averagePrecision({ scores: [0.1], positives: [false] }), null);
});

test("two classes are ranked by the second, more by each against the rest", () => {
  assert.deepEqual(rankings(two([0.2, 0.7], [0, 1])), [{ scores: [0.2, 0.7], positives: [false, true] }]);
  const three = { probabilities: [[0.5, 0.3, 0.2]], classes: [2] };
  assert.deepEqual(
    rankings(three).map(({ positives }) => positives[0]),
    [false, false, true],
  );
});

test("area under the ROC curve is the share of pairs in the right order, for any scores", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.boolean()), { maxLength: 50 }), (images) => {
      const ranking = { scores: images.map(([score]) => score), positives: images.map(([, positive]) => positive) };
      const of = (kind: boolean) => images.filter(([, positive]) => positive === kind).map(([score]) => score);
      const pairs = of(true).flatMap((a) => of(false).map((b) => (Math.sign(a - b) + 1) / 2));
      if (pairs.length === 0) return assert.equal(auroc(ranking), null);
      close(auroc(ranking), pairs.reduce((a, b) => a + b, 0) / pairs.length);
    }),
  );
});

test("confusion matrix, recall and precision by class; no image or no prediction of a class is null", () => {
  const matrix = confusionMatrix(two([0.9, 0.8, 0.3, 0.5, 0.6], [1, 1, 1, 0, 0]));
  assert.deepEqual(matrix, [
    [1, 1], // 0.5 is a tie: the first class
    [1, 2],
  ]);
  assert.deepEqual(recallOf(matrix), [1 / 2, 2 / 3]);
  assert.deepEqual(precisionOf(matrix), [1 / 2, 2 / 3]);
  assert.deepEqual(
    recallOf([
      [0, 0],
      [1, 3],
    ]),
    [null, 3 / 4],
  );
  assert.deepEqual(
    precisionOf([
      [0, 2],
      [0, 3],
    ]),
    [null, 3 / 5],
  );
});

test("Brier score: squared error of the probability; 0 for sure and right, 1 for sure and wrong, with any number of classes", () => {
  close(brierScore(two([0.8, 0.4], [1, 1])), (0.04 + 0.36) / 2);
  const sure = [[0, 1, 0]];
  assert.equal(brierScore({ probabilities: sure, classes: [1] }), 0);
  assert.equal(brierScore({ probabilities: sure, classes: [2] }), 1);
});

test("calibration: 15 bins of confidence; the error is the gap between confidence and accuracy, weighted by images", () => {
  // Confidences 0.9, 0.92 and, of the first class, 0.9: bin 13 (0.867–0.933); 0.62: bin 9.
  const bins = calibrationBins(two([0.9, 0.92, 0.1, 0.62], [1, 0, 0, 1]));
  assert.equal(bins.length, 2);
  assert.deepEqual(
    bins.map(({ images }) => images),
    [1, 3],
  );
  close(bins[1]?.confidence, 2.72 / 3);
  close(bins[1]?.accuracy, 2 / 3);
  close(expectedCalibrationError(bins), (1 / 4) * 0.38 + (3 / 4) * (2.72 / 3 - 2 / 3));
  assert.deepEqual(calibrationBins(two([1, 0], [1, 0])), [{ confidence: 1, accuracy: 1, images: 2 }]);
});

test("histogram: by class, the probability of the truth in 20 bins, whose shares add up to 1", () => {
  const bins = truthHistogram(two([0.98, 1, 0.04, 0.3], [1, 1, 1, 0]));
  assert.equal(bins.length, 40);
  assert.deepEqual(
    bins.filter(({ images }) => images > 0).map(({ class: c, from, images, share }) => [c, from, images, share]),
    [
      [0, 0.7, 1, 1],
      [1, 0, 1, 1 / 3],
      [1, 0.95, 2, 2 / 3],
    ],
  );
});

test("memorization: wrong labels predicted as given, true labels predicted as given; null where there are none", () => {
  const images = { predicted: [1, 0, 2, 0, 1], given: [1, 1, 1, 0, 0], truth: [0, 0, 0, 0, 0] };
  assert.deepEqual(memorization(images), { wrong_labels_memorized: 1 / 3, true_labels_learned: 1 / 2 });
  const none = memorization({ predicted: [0, 1], given: [0, 1], truth: [0, 1] });
  assert.deepEqual(none, { wrong_labels_memorized: null, true_labels_learned: 1 });
  const all = memorization({ predicted: [0, 1], given: [1, 0], truth: [0, 1] });
  assert.deepEqual(all, { wrong_labels_memorized: 0, true_labels_learned: null });
});

test("every metric of any model lies where it may; shares of a figure add up", () => {
  fc.assert(
    fc.property(classified, (model) => {
      const names = (model.probabilities[0] ?? []).map((_, c) => `class ${c}`);
      const { recall, precision, ...rest } = validationMetrics(model, names);
      for (const value of [rest, recall, precision].flatMap(Object.values)) {
        assert.ok(value === null || (value >= 0 && value <= 1 + 1e-12), JSON.stringify({ rest, recall, precision }));
      }
      const right = predictedClasses(model).filter((c, i) => c === model.classes[i]).length;
      const figures = validationFigures(model, names);
      const images = (rows: { images: number }[]) => rows.reduce((sum, row) => sum + row.images, 0);
      assert.equal(images(figures.confusion), model.classes.length);
      assert.equal(images(figures.confusion.filter(({ label, predicted }) => label === predicted)), right);
      assert.equal(images(figures.probabilities), model.classes.length);
      assert.equal(images(figures.reliability), model.classes.length);
      close(
        figures.reliability.reduce((sum, bin) => sum + bin.accuracy * bin.images, 0),
        right,
      );
      for (const rows of Object.values(figures)) {
        const keys = Object.keys(rows[0] ?? {});
        for (const row of rows) assert.deepEqual(Object.keys(row), keys, "DVC wants the same keys in each row");
      }
    }),
  );
});

test("a curve is read between its points and at steps; averaged over a grid; thinned to its corners, the ends kept", () => {
  const line = [
    { x: 0, y: 0 },
    { x: 0, y: 0.5 },
    { x: 0.5, y: 0.5 },
    { x: 1, y: 1 },
  ];
  assert.deepEqual(
    [0, 0.25, 0.5, 0.75, 1].map((x) => linearAt(line, x)),
    [0.5, 0.5, 0.5, 0.75, 1],
  );
  assert.deepEqual(
    [0, 0.25, 0.5, 0.75, 1].map((x) => stepAt(line, x)),
    [0, 0.5, 0.5, 1, 1],
  );
  const mean = averageCurve(
    [
      line,
      [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
    ],
    linearAt,
  );
  assert.equal(mean.length, 101);
  close(mean[50]?.y, 0.5);
  close(mean[0]?.y, 0.25);
  assert.deepEqual(averageCurve([], linearAt), []);

  const straight = Array.from({ length: 50 }, (_, i) => ({ x: i / 49, y: i / 49 }));
  assert.deepEqual(thinCurve(straight, 10), [straight[0], straight[49]]);
  const stairs = Array.from({ length: 501 }, (_, i) => ({ x: Math.ceil(i / 2) / 250, y: Math.floor(i / 2) / 250 }));
  const thin = thinCurve(stairs, 100);
  assert.equal(thin.length, 100);
  assert.deepEqual([thin[0], thin[99]], [stairs[0], stairs[500]]);
  assert.ok(thin.every((point, i) => i === 0 || point.x >= (thin[i - 1] as { x: number }).x));
});

test("agrees with scikit-learn, for two and for four classes", (t) => {
  const folder = temporaryFolder(t);
  const cases = [2, 4].map((classes) => {
    const random = new Random(3, "scikit-learn", classes);
    const truth = Array.from({ length: 300 }, (_, i) => i % classes);
    const probabilities = truth.map((label) => {
      // Two decimals, so that there are ties.
      const powers = Array.from({ length: classes }, (_, c) =>
        Math.max(0.01, Number(Math.exp(random.normal() + (c === label ? 1 : 0)).toFixed(1))),
      );
      const sum = powers.reduce((a, b) => a + b, 0);
      return powers.map((power) => power / sum);
    });
    return { probabilities, classes: truth };
  });
  writeFileSync(join(folder, "cases.json"), JSON.stringify(cases));
  const files = [join(folder, "cases.json"), join(folder, "answers.json")];
  execFileSync(".venv/bin/python", ["test/support/scikit-learn/metrics.py", ...files]);
  const answers = JSON.parse(readFileSync(join(folder, "answers.json"), "utf8"));
  for (const [i, model] of cases.entries()) {
    const names = (model.probabilities[0] ?? []).map(String);
    const { recall, precision, expected_calibration_error: _, ...rest } = validationMetrics(model, names);
    for (const [key, value] of Object.entries(rest)) close(value, answers[i][key], key);
    for (const [c, name] of names.entries()) {
      close(recall[name], answers[i].recall[c], "recall");
      close(precision[name], answers[i].precision[c], "precision");
    }
    assert.deepEqual(confusionMatrix(model), answers[i].confusion);
  }
  const [ranking] = rankings(cases[0] as Classified) as [Ranking];
  const points = (curve: object[]) => curve.map((point) => Object.values(point) as number[]);
  const same = (ours: number[][], theirs: number[][]) => {
    assert.equal(ours.length, theirs.length);
    for (const [i, point] of ours.entries()) for (const [j, value] of point.entries()) close(value, theirs[i]?.[j]);
  };
  same(points(rocCurve(ranking)), answers[0].roc);
  same(points(precisionRecallCurve(ranking)).slice(1), answers[0].precision_recall); // ours has a first point at recall 0
});
