import assert from "node:assert/strict";
import { test } from "node:test";
import { memorization } from "../../../src/evaluate/memorization.ts";

test("memorization: wrong labels predicted as given, true labels predicted as given; null where there are none", () => {
  const images = { predicted: [1, 0, 2, 0, 1], given: [1, 1, 1, 0, 0], truth: [0, 0, 0, 0, 0] };
  assert.deepEqual(memorization(images), { wrong_labels_memorized: 1 / 3, true_labels_learned: 1 / 2 });
  const none = memorization({ predicted: [0, 1], given: [0, 1], truth: [0, 1] });
  assert.deepEqual(none, { wrong_labels_memorized: null, true_labels_learned: 1 });
  const all = memorization({ predicted: [0, 1], given: [1, 0], truth: [0, 1] });
  assert.deepEqual(all, { wrong_labels_memorized: 0, true_labels_learned: null });
});
