import assert from "node:assert/strict";
import { test } from "node:test";
import { fitCaption, shortened } from "../../../../src/plots/sheet/caption.ts";

test("captions fit: the longer name is shortened first, then both alike", () => {
  const measure = (text: string) => [...text].length;
  const caption = (from: string, to: string) =>
    fitCaption({ image: "", from, to }, 15, measure).map(({ text }) => text);
  assert.equal(shortened("abcdef", 6, measure), "abcdef");
  assert.equal(shortened("abcdef", 5, measure), "abcd…");
  assert.equal(shortened("abcdef", 0, measure), "a…");
  assert.deepEqual(caption("cats", "dogs"), ["cats", " → ", "dogs"]);
  assert.deepEqual(caption("cats", "Staffordshire"), ["cats", " → ", "Staffor…"]);
  assert.deepEqual(caption("Staffordshire", "cats"), ["Staffor…", " → ", "cats"]);
  assert.deepEqual(caption("Staffordshire", "Weimaraner"), ["Staff…", " → ", "Weima…"]);
});
