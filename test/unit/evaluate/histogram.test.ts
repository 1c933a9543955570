import assert from "node:assert/strict";
import { test } from "node:test";
import { truthHistogram } from "../../../src/evaluate/histogram.ts";
import { two } from "../../support/classified.ts";

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
