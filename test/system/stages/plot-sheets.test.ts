import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { gridOf } from "../../../src/plots/sheet/grid.ts";
import { poisonedSheet } from "../../../src/plots/sheet/poisoned.ts";
import type { Sheet } from "../../../src/plots/sheet/sheet.ts";
import type { LabelRow } from "../../../src/records/labels/labels.ts";
import { HISTORY, LABELS, PREDICTIONS, plain, plotWorkspace } from "../../support/plot-workspace.ts";
import { metadataOf } from "../../support/train-metadata.ts";

/** So many training images of a class that are labelled as another. */
const swapped = (from: string, to: string, count: number): LabelRow[] =>
  Array.from({ length: count }, (_, i) => ({
    image: `train/${from}/${i + 1}.jpg`,
    split: "train",
    label: to,
    true_label: from,
  }));

const poisoned = (rows: LabelRow[]) => poisonedSheet(rows, metadataOf(rows.length), 3);

/** The colour at the middle of each picture of a sheet, as the nearest CSS primary: `f00`. */
async function colours(jpeg: Buffer, sheet: Sheet): Promise<string[]> {
  const { width, height, side, tiles } = gridOf(sheet);
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height], [width, height]);
  return tiles.map(({ x, y }) => {
    const start = ((y + (side >> 1)) * width + x + (side >> 1)) * 3;
    return [...data.subarray(start, start + 3)].map((value) => (value > 127 ? "f" : "0")).join("");
  });
}

test("the plot program draws both sheets with the right images, the same bytes every time", async (t) => {
  const { plot, read } = await plotWorkspace(t);
  assert.deepEqual(plot(), { code: 0, stderr: "" });
  const [first, wrong] = [read("out/poisoned.jpg"), read("out/wrong.jpg")];
  const two = {
    title: "",
    subtitle: "",
    empty: "",
    groups: poisoned([...swapped("cats", "dogs", 1), ...swapped("dogs", "cats", 1)]).groups,
  };
  assert.deepEqual(await colours(first, two), ["f00", "00f"]);
  assert.deepEqual(
    await colours(wrong, { ...two, groups: [{ heading: "", tiles: two.groups.flatMap(({ tiles }) => tiles) }] }),
    ["f0f", "0f0"],
  );
  assert.deepEqual(plot(), { code: 0, stderr: "" });
  assert.ok(read("out/poisoned.jpg").equals(first) && read("out/wrong.jpg").equals(wrong));
});

test("with nothing poisoned and nothing wrong, the pictures say so and need no image", async (t) => {
  const clean = {
    "in/labels.csv": LABELS.replace("train,dogs,cats", "train,cats,cats").replace("train,cats,dogs", "train,dogs,dogs"),
    "in/predictions.json": JSON.stringify(
      PREDICTIONS.map((row) => ({ ...row, predicted: row.label, probability: row.label === "dogs" ? 0.9 : 0.1 })),
    ),
    "in/history.json": JSON.stringify(HISTORY.map((epoch) => ({ ...epoch, val_accuracy: 1 }))),
  };
  const clean_metrics = { poison: 0, poisoned_images: 0, val_accuracy: 1, best_epoch: 1, generalization_gap: -0.1 };
  const { plot, read } = await plotWorkspace(t, clean, clean_metrics);
  assert.deepEqual(plot(), { code: 0, stderr: "" });
  for (const name of ["out/poisoned.jpg", "out/wrong.jpg"]) {
    const { width, height } = await sharp(read(name)).metadata();
    assert.ok(width === 2000 && height && height < 300, `${name}: ${width} x ${height}`);
    const said = sharp(read(name)).extract({ left: 40, top: 150, width: 600, height: 60 });
    const darkest = (await said.stats()).channels[0]?.min as number;
    assert.ok(darkest < 80, `${name}: a line of text, its darkest pixel is ${darkest}`);
  }
});

test("a missing and a damaged image are named, and nothing is left behind", async (t) => {
  const { folder, plot, list } = await plotWorkspace(t, { "in/images/train/cats/cat.1.jpg": "no picture" });
  const damaged = plot();
  assert.match(damaged.stderr, /^plot: in\/images\/train\/cats\/cat\.1\.jpg: cannot be drawn: .+\n {2}→ Restore .+\n$/);
  assert.deepEqual([damaged.code, list("out")], [1, []]);
  writeFileSync(join(folder, "in/images/train/cats/cat.1.jpg"), await plain("red"));
  const missing = plot(["--images", "elsewhere"]);
  assert.match(missing.stderr, /^plot: elsewhere\/.+\.jpg: cannot be drawn: .*missing/i);
  assert.equal(missing.code, 1);
});
