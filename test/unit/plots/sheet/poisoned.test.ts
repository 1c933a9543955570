import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_POISONED, poisonedSheet } from "../../../../src/plots/sheet/poisoned.ts";
import type { Sheet } from "../../../../src/plots/sheet/sheet.ts";
import type { LabelRow } from "../../../../src/records/labels/labels.ts";
import { metadataOf } from "../../../support/train-metadata.ts";

/** So many training images of a class that are labelled as another. */
const swapped = (from: string, to: string, count: number): LabelRow[] =>
  Array.from({ length: count }, (_, i) => ({
    image: `train/${from}/${i + 1}.jpg`,
    split: "train",
    label: to,
    true_label: from,
  }));

const poisoned = (rows: LabelRow[]) => poisonedSheet(rows, metadataOf(rows.length), 3);

const headings = ({ groups }: Sheet) => groups.map(({ heading }) => heading);

const counts = ({ groups }: Sheet) => groups.map(({ tiles }) => tiles.length);

test("poisoned images stand by true class, each with its true and its given label; images with true labels don't stand there", () => {
  const rows = [...swapped("cats", "dogs", 2), ...swapped("cats", "cats", 5), ...swapped("dogs", "cats", 1)];
  const sheet = poisonedSheet(rows, metadataOf(3), 3);
  assert.equal(sheet.title, "Poison 0.15 %: 3 of 2000 training labels swapped");
  assert.equal(sheet.subtitle, "true label → label given · seed 3 · dataset: cats-dogs");
  assert.deepEqual(sheet.groups, [
    {
      heading: "cats labelled as dogs: 2",
      tiles: [
        { image: "train/cats/1.jpg", from: "cats", to: "dogs" },
        { image: "train/cats/2.jpg", from: "cats", to: "dogs" },
      ],
    },
    { heading: "dogs labelled as cats: 1", tiles: [{ image: "train/dogs/1.jpg", from: "dogs", to: "cats" }] },
  ]);
});

test("of more poisoned images than fit, each class shows an equal share as far as it goes, and the title says so", () => {
  const all = poisoned([...swapped("a", "b", 100), ...swapped("b", "a", 100)]);
  assert.deepEqual([all.title.endsWith("swapped"), counts(all)], [true, [100, 100]]);
  const many = poisoned([...swapped("a", "b", 900), ...swapped("b", "c", 30), ...swapped("c", "a", 900)]);
  assert.match(many.title, /1830 of 2000 training labels swapped, 200 shown$/);
  assert.deepEqual(counts(many), [85, 30, 85]);
  assert.deepEqual(headings(many), [
    "a labelled as b: first 85 of 900",
    "b labelled as c: 30",
    "c labelled as a: first 85 of 900",
  ]);
});

test("many classes share one group; targets that differ are told in the captions", () => {
  const two = poisoned([...swapped("a", "b", 1), ...swapped("a", "c", 1), ...swapped("b", "a", 1)]);
  assert.deepEqual(headings(two), ["a labelled as another class: 2", "b labelled as a: 1"]);
  const names = Array.from({ length: 300 }, (_, i) => `class ${i}`);
  const many = poisoned(names.flatMap((name) => swapped(name, "x", 1)));
  assert.deepEqual(headings(many), ["images labelled as another class: first 200 of 300"]);
  assert.deepEqual(counts(many), [MOST_POISONED]);
});
