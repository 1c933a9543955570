import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_WRONG, mostWrongSheet } from "../../../../src/plots/sheet/most-wrong.ts";
import type { Sheet } from "../../../../src/plots/sheet/sheet.ts";
import type { Prediction } from "../../../../src/records/training/predictions.ts";
import { metadataOf } from "../../../support/train-metadata.ts";

const headings = ({ groups }: Sheet) => groups.map(({ heading }) => heading);

const counts = ({ groups }: Sheet) => groups.map(({ tiles }) => tiles.length);

test("the most wrong are those whose true class gets the least probability, the least first", () => {
  const row = (image: string, label: string, predicted: string, probability: number): Prediction => ({
    image,
    label,
    predicted,
    probability,
  });
  const rows = [
    row("v/cats/1.jpg", "cats", "dogs", 0.7),
    row("v/cats/2.jpg", "cats", "cats", 0.01),
    row("v/cats/3.jpg", "cats", "dogs", 0.999999),
    row("v/dogs/1.jpg", "dogs", "cats", 0.1),
  ];
  const sheet = mostWrongSheet(rows, metadataOf(0, 4), 3);
  assert.deepEqual(headings(sheet), ["3 of 4 validation images classified wrongly"]);
  assert.deepEqual(sheet.groups[0]?.tiles, [
    { image: "v/cats/3.jpg", from: "cats", to: "dogs", note: "> 99.9 %" },
    { image: "v/dogs/1.jpg", from: "dogs", to: "cats", note: "90.0 %" },
    { image: "v/cats/1.jpg", from: "cats", to: "dogs", note: "70.0 %" },
  ]);
  const many = mostWrongSheet(
    Array.from({ length: 30 }, (_, i) => row(`${i}`, "cats", "dogs", 0.6 + i / 100)),
    metadataOf(0, 30),
    3,
  );
  assert.deepEqual(headings(many), ["30 of 30 validation images classified wrongly: the 24 most wrong"]);
  assert.deepEqual([counts(many), many.groups[0]?.tiles[0]?.image], [[MOST_WRONG], "29"]);
});

test("with three classes the true one's own probability decides, not the predicted one's", () => {
  const row = (image: string, a: number, b: number): Prediction => ({
    image,
    label: "a",
    predicted: "b",
    probability: b,
    probabilities: { a, b, c: 1 - a - b },
  });
  const sheet = mostWrongSheet([row("1", 0.4, 0.6), row("2", 0.05, 0.5)], metadataOf(0, 2), 1);
  assert.deepEqual(
    sheet.groups[0]?.tiles.map(({ image, note }) => [image, note]),
    [
      ["2", "50.0 %"],
      ["1", "60.0 %"],
    ],
  );
});
