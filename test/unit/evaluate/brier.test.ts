import assert from "node:assert/strict";
import { test } from "node:test";
import { brierScore } from "../../../src/evaluate/brier.ts";
import { close, two } from "../../support/classified.ts";

test("Brier score: squared error of the probability; 0 for sure and right, 1 for sure and wrong, with any number of classes", () => {
  close(brierScore(two([0.8, 0.4], [1, 1])), (0.04 + 0.36) / 2);
  const sure = [[0, 1, 0]];
  assert.equal(brierScore({ probabilities: sure, targets: [1] }), 0);
  assert.equal(brierScore({ probabilities: sure, targets: [2] }), 1);
});
