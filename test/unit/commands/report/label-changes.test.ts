import assert from "node:assert/strict";
import { test } from "node:test";
import { countChanges, labelChanges } from "../../../../src/commands/report/label-changes.ts";

test("labels: changed, new and gone images; changes are counted by true label", () => {
  const row = (image: string, label: string) => ({ image, split: "train" as const, label, true_label: "a" });
  const changes = labelChanges(
    [row("1", "a"), row("2", "a"), row("3", "b"), row("4", "a")],
    [row("1", "b"), row("2", "b"), row("3", "a"), row("5", "a")],
  );
  assert.deepEqual([changes.added, changes.removed], [1, 1]);
  assert.deepEqual(countChanges(changes.changed), [
    { true_label: "a", base: "a", head: "b", images: 2 },
    { true_label: "a", base: "b", head: "a", images: 1 },
  ]);
});
