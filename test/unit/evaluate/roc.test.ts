import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Ranking } from "../../../src/evaluate/classified.ts";
import { auroc, rocCurve } from "../../../src/evaluate/roc.ts";
import { close } from "../../support/classified.ts";

/** Six images by falling score: hit, miss, hit, a tie of hit and miss, miss. */
const RANKING: Ranking = {
  scores: [0.4, 0.9, 0.8, 0.6, 0.1, 0.4],
  positives: [true, true, false, true, false, false],
};

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
