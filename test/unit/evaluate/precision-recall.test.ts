import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ranking } from "../../../src/evaluate/classified.ts";
import { averagePrecision, precisionRecallCurve } from "../../../src/evaluate/precision-recall.ts";
import { close } from "../../support/classified.ts";

/** Six images by falling score: hit, miss, hit, a tie of hit and miss, miss. */
const RANKING: Ranking = {
  scores: [0.4, 0.9, 0.8, 0.6, 0.1, 0.4],
  positives: [true, true, false, true, false, false],
};

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
