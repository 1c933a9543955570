import assert from "node:assert/strict";
import { test } from "node:test";
import { confusionCells, confusionMatrix, precisionOf, recallOf } from "../../../src/evaluate/confusion.ts";
import { two } from "../../support/classified.ts";

test("confusion matrix, recall and precision by class; no image or no prediction of a class is null", () => {
  const model = two([0.9, 0.8, 0.3, 0.5, 0.6], [1, 1, 1, 0, 0]);
  assert.deepEqual(confusionMatrix(model), [
    [1, 1], // 0.5 is a tie: the first class
    [1, 2],
  ]);
  const cells = confusionCells(model);
  assert.deepEqual(recallOf(cells, 2), [1 / 2, 2 / 3]);
  assert.deepEqual(precisionOf(cells, 2), [1 / 2, 2 / 3]);
  const right = { label: 1, predicted: 1, images: 3 };
  assert.deepEqual(recallOf([{ label: 1, predicted: 0, images: 1 }, right], 2), [null, 3 / 4]);
  assert.deepEqual(precisionOf([{ label: 0, predicted: 1, images: 2 }, right], 2), [null, 3 / 5]);
});

test("of a matrix of many classes only the cells that hold images are there, row by row", () => {
  const probabilities = [7, 7, 3].map((predicted) => Array.from({ length: 90_000 }, (_, c) => Number(c === predicted)));
  assert.deepEqual(confusionCells({ probabilities, targets: [89_999, 7, 7] }), [
    { label: 7, predicted: 3, images: 1 },
    { label: 7, predicted: 7, images: 1 },
    { label: 89_999, predicted: 7, images: 1 },
  ]);
});
