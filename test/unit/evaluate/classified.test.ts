import assert from "node:assert/strict";
import { test } from "node:test";
import { rankings } from "../../../src/evaluate/classified.ts";
import { two } from "../../support/classified.ts";

test("two classes are ranked by the second, more by each against the rest", () => {
  assert.deepEqual(rankings(two([0.2, 0.7], [0, 1])), [{ scores: [0.2, 0.7], positives: [false, true] }]);
  const three = { probabilities: [[0.5, 0.3, 0.2]], targets: [2] };
  assert.deepEqual(
    rankings(three).map(({ positives }) => positives[0]),
    [false, false, true],
  );
});
