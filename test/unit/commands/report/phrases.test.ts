import assert from "node:assert/strict";
import { test } from "node:test";
import { numberMoved, shareMoved } from "../../../../src/commands/report/phrases.ts";

test("changes in words", () => {
  assert.equal(shareMoved(0.88125, 0.8625), "fell by 1.9 points (0.8812 → 0.8625)");
  assert.equal(shareMoved(0.5, 0.75), "rose by 25.0 points (0.5 → 0.75)");
  assert.equal(shareMoved(0.5, 0.5), "is the same (0.5)");
  assert.equal(numberMoved(0.25, 1234.5678), "rose from 0.25 to 1235");
  assert.equal(numberMoved(0.25, null), "was 0.25, is no number (training diverged)");
});
