import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
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

test("a caption alone is one part, in bold", () => {
  const measure = (text: string) => [...text].length;
  assert.deepEqual(fitCaption({ image: "", to: "Staffordshire" }, 8, measure), [{ text: "Staffor…", bold: true }]);
});

test("names that begin alike are told apart by their ends, by their middles, at last by their numbers", () => {
  const measure = (text: string) => [...text].length;
  const short = (names: string[], width: number) => names.map((name) => shortened(name, width, measure, names));
  const breeds = ["American Bobtail", "American Curl", "American Shorthair", "Bengal"];
  assert.deepEqual(short(breeds, 8), ["Ame…tail", "Ame…Curl", "Ame…hair", "Bengal"]);
  assert.deepEqual(
    short(["Staffordshire", "Weimaraner"], 8),
    ["Staffor…", "Weimara…"],
    "the beginning, where it is enough",
  );
  const numbered = ["Class number 0001 of the many", "Class number 0012 of the many"];
  assert.deepEqual(short(numbered, 12), ["…0001 of th…", "…0012 of th…"]);
  assert.deepEqual(short(["aaaaaaaa", "aaaaaaa", "aaaaaaaaa"], 5), ["aa…#1", "aa…#2", "aa…#3"]);
});

test("two names never look the same, whatever they are and however little room there is", () => {
  const measure = (text: string) => [...text].length;
  const name = fc.string({ unit: fc.constantFrom("a", "b", " ", "1"), minLength: 1, maxLength: 12 });
  const width = fc.integer({ min: 0, max: 10 });
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 12 }), width, width, (names, one, other) => {
      const shown = names.map((name, i) => shortened(name, i % 2 === 0 ? one : other, measure, names));
      assert.equal(new Set(shown).size, names.length, JSON.stringify({ names, shown }));
      for (const [i, text] of shown.entries())
        if ((i % 2 === 0 ? one : other) >= 5) assert.ok(measure(text) <= (i % 2 === 0 ? one : other), text);
    }),
    { numRuns: 1000 },
  );
});
