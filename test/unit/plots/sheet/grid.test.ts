import assert from "node:assert/strict";
import { test } from "node:test";
import { gridOf } from "../../../../src/plots/sheet/grid.ts";
import { poisonedSheet } from "../../../../src/plots/sheet/poisoned.ts";
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

test("whatever the number of pictures, they lie on the page and apart, and few are drawn larger than many", () => {
  let before = Number.POSITIVE_INFINITY;
  for (const count of [1, 2, 24, 25, 70, 71, 200]) {
    const { width, height, margin, side, font, tiles } = gridOf(
      poisoned([...swapped("a", "b", Math.ceil(count / 2)), ...swapped("b", "a", Math.floor(count / 2))]),
    );
    assert.equal(tiles.length, count);
    assert.ok(side <= before && font >= 11, `${count}: ${side} px, letters of ${font} px`);
    before = side;
    for (const [i, { x, y }] of tiles.entries()) {
      assert.ok(x >= margin && x + side <= width - margin && y + side + 2.5 * font <= height, `${count}: ${x}, ${y}`);
      for (const other of tiles.slice(i + 1))
        assert.ok(other.x >= x + side || other.x + side <= x || other.y >= y + side + 2.5 * font, `${count}: overlap`);
    }
  }
});
