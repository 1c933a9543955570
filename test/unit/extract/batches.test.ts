import assert from "node:assert/strict";
import { test } from "node:test";
import { batchSize } from "../../../src/extract/batches.ts";

test("the batch is what the base says, unless POISON_BATCH_SIZE sets it", () => {
  assert.equal(batchSize({ batch: 16 }, ""), 16);
  assert.equal(batchSize({ batch: 128 }, undefined), 128);
  assert.equal(batchSize({ batch: 128 }, "40"), 40);
  for (const set of ["0", "-1", "2.5", "many"])
    assert.throws(() => batchSize({ batch: 16 }, set), {
      message: `POISON_BATCH_SIZE is "${set}"; it must be a whole number, at least 1.`,
    });
});
