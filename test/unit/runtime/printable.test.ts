import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { oneLine, printable, quoted } from "../../../src/runtime/printable.mjs";

/** Any text at all, with much of what harms in it: lone surrogates, controls, bidi, zero width, separators, tags. */
const bad = fc.constantFrom(
  ..."\0\x07\b\r\x1b\x7f\x80\x85\x9b\x9d\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e",
  ..."\u2060\u2066\u2067\u2068\u2069\ufeff\ufff9\ud800\udfff",
  "\u{e0001}",
  "\u{e0041}",
);
const anyText = fc
  .array(fc.oneof(bad, fc.string({ unit: "binary", maxLength: 4 }), fc.string({ unit: "grapheme", maxLength: 4 })))
  .map((parts) => parts.join(""));

const HARMFUL = /[^\P{Cc}\n\t]|[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\p{Cs}]/u;

test("nothing in a printable text steers a terminal, whatever was in it", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.doesNotMatch(printable(text), HARMFUL);
      assert.doesNotMatch(oneLine(text), HARMFUL);
      assert.doesNotMatch(oneLine(text), /[\n\t]/);
      assert.doesNotMatch(quoted(text), HARMFUL);
      assert.equal(printable(printable(text)), printable(text), "a second time changes nothing");
    }),
    { numRuns: 2000 },
  );
});

test("JSON made printable has the same values, and a quoted name is its JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), anyText, (value, name) => {
      const json = JSON.stringify({ value, name });
      assert.deepEqual(JSON.parse(printable(json)), JSON.parse(json));
      assert.equal(JSON.parse(quoted(name.slice(0, 300))), name.slice(0, 300));
    }),
  );
});

test("what can be seen stays: letters of every script, spaces, emoji and what joins them", () => {
  const kept = [
    "größe 猫 кошка γάτα ネコ 고양이 חתול قط‎".replace("\u200e", ""),
    "می‌خواهم क्‍ष ශ්‍රී", // with the joiners of Persian, Hindi and Sinhala
    "🐈 ❤️ 👨🏽‍💻 👩‍👩‍👧 🏳️‍🌈 🇩🇪 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "a\u00a0b\u3000c — “d” \\ \" ' <&>",
    "one\ntwo\tthree",
  ];
  for (const text of kept) assert.equal(printable(text), text);
  assert.equal(printable("a\u200db\u200cc"), "a\\u200db\\u200cc", "between Latin letters a joiner only hides");
  assert.equal(printable("one\r\ntwo"), "one\ntwo");
  assert.equal(oneLine("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  assert.equal(oneLine("x".repeat(400)), `${"x".repeat(300)}…`);
  assert.equal(quoted('a "b"\\\u202e\x9b'), '"a \\"b\\"\\\\\\u202e\\u009b"');
});

test("every message leaves through runtime/say.ts or goes through printable", () => {
  const files = ["src", "stages"].flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(root, file)),
  );
  const raw = files.flatMap((file) =>
    (readFileSync(file, "utf8").match(/^.*(?:console\.\w+\(|process\.std(?:out|err)\.write\().*$/gm) ?? [])
      .filter((line) => !line.includes("printable(") && !/^\s*\* /.test(line)) // an example in a comment prints what it likes
      .map((line) => `${file}: ${line.trim()}`),
  );
  assert.deepEqual(raw, []);
});
