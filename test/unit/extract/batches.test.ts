import assert from "node:assert/strict";
import { test } from "node:test";
import { batchSize } from "../../../src/extract/batches.ts";

test("the batch is the device's, unless POISON_BATCH_SIZE sets it", () => {
  assert.equal(batchSize("cpu", ""), 16);
  assert.equal(batchSize("gpu", undefined), 128);
  assert.equal(batchSize("gpu", "40"), 40);
  for (const set of ["0", "-1", "2.5", "many"])
    assert.throws(() => batchSize("cpu", set), {
      message: `POISON_BATCH_SIZE is "${set}"; it must be a whole number, at least 1.`,
    });
});
