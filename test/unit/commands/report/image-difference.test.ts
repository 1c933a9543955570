import assert from "node:assert/strict";
import { test } from "node:test";
import { differenceOf } from "../../../../src/commands/report/image-difference.ts";

const files = { "dataset.json": "a", "train/cats/1.jpg": "b", "validation/cats/1.jpg": "c" };
const list = (changes: Record<string, string> = {}) =>
  Object.entries({ ...files, ...changes }).map(([relpath, md5]) => ({ relpath, md5 }));

test("which images differ is told by the content of each split, in any order; what lies beside them is no image", () => {
  assert.equal(differenceOf(list(), list().toReversed()), "none");
  assert.equal(differenceOf(list(), list({ "dataset.json": "x" })), "none");
  assert.equal(differenceOf(list(), list({ "train/cats/1.jpg": "x" })), "training");
  assert.equal(differenceOf(list({ "train/cats/2.jpg": "x" }), list()), "training");
  assert.equal(differenceOf(list(), list({ "validation/cats/1.jpg": "x" })), "validation");
  assert.equal(differenceOf(list(), list({ "validation/cats/2.jpg": "x", "train/cats/1.jpg": "x" })), "validation");
});
