import assert from "node:assert/strict";
import { test } from "node:test";
import { estimate, holm, pairedTTest } from "../../../src/statistics/statistics.ts";

test("one value has no interval and no test; equal differences are certain", () => {
  assert.deepEqual(estimate([0.5]), { mean: 0.5, half_width: null });
  assert.equal(pairedTTest([0.1]), null);
  assert.equal(pairedTTest([0, 0, 0]), 1);
  assert.equal(pairedTTest([0.5, 0.5]), 0);
});

test("Holm's correction, checked by hand", () => {
  assert.deepEqual(holm([0.04, null, 0.01, 0.03]), [0.06, null, 0.03, 0.06]);
  assert.deepEqual(holm([0.9, 0.8]), [1, 1]);
});
