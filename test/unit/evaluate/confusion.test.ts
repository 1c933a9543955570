import assert from "node:assert/strict";
import { test } from "node:test";
import { confusionMatrix, precisionOf, recallOf } from "../../../src/evaluate/confusion.ts";
import { two } from "../../support/classified.ts";

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
