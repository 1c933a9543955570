import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { fitCaption, shortened } from "../../../../src/plots/sheet/caption.ts";
import { gridOf } from "../../../../src/plots/sheet/grid.ts";
import { MOST_WRONG, mostWrongSheet } from "../../../../src/plots/sheet/most-wrong.ts";
import { MOST_POISONED, poisonedSheet } from "../../../../src/plots/sheet/poisoned.ts";
import type { Sheet } from "../../../../src/plots/sheet/sheet.ts";
import { readThumbnails } from "../../../../src/plots/sheet/thumbnails.ts";
import type { LabelRow } from "../../../../src/records/labels.ts";
import type { PredictionRow } from "../../../../src/records/predictions.ts";
import { plain, plotWorkspace } from "../../../support/plot-workspace.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const facts = (poisoned_images: number, validation_images = 0) => ({
  poison: 7.5,
  poisoned_images,
  best_epoch: 1,
  dataset: { name: "pets", train_images: 2000, validation_images },
});

/** So many training images of a class that are labelled as another. */
const swapped = (from: string, to: string, count: number): LabelRow[] =>
  Array.from({ length: count }, (_, i) => ({
    image: `train/${from}/${i + 1}.jpg`,
    split: "train",
    label: to,
    true_label: from,
  }));

const poisoned = (rows: LabelRow[]) => poisonedSheet(rows, facts(rows.length), 3);
const headings = ({ groups }: Sheet) => groups.map(({ heading }) => heading);
const counts = ({ groups }: Sheet) => groups.map(({ tiles }) => tiles.length);

test("poisoned images stand by true class, each with its true and its given label; images with true labels don't stand there", () => {
  const rows = [...swapped("cats", "dogs", 2), ...swapped("cats", "cats", 5), ...swapped("dogs", "cats", 1)];
  const sheet = poisonedSheet(rows, facts(3), 3);
  assert.equal(sheet.title, "Poison 7.5 %: 3 of 2000 training labels swapped");
  assert.equal(sheet.subtitle, "true label → label given · seed 3 · dataset: pets");
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

test("the most wrong are those whose true class gets the least probability, the least first", () => {
  const row = (image: string, label: string, predicted: string, probability: number): PredictionRow => ({
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
  const sheet = mostWrongSheet(rows, facts(0, 4), 3);
  assert.deepEqual(headings(sheet), ["3 of 4 validation images classified wrongly"]);
  assert.deepEqual(sheet.groups[0]?.tiles, [
    { image: "v/cats/3.jpg", from: "cats", to: "dogs", note: "> 99.9 %" },
    { image: "v/dogs/1.jpg", from: "dogs", to: "cats", note: "90.0 %" },
    { image: "v/cats/1.jpg", from: "cats", to: "dogs", note: "70.0 %" },
  ]);
  const many = mostWrongSheet(
    Array.from({ length: 30 }, (_, i) => row(`${i}`, "cats", "dogs", 0.6 + i / 100)),
    facts(0, 30),
    3,
  );
  assert.deepEqual(headings(many), ["30 of 30 validation images classified wrongly: the 24 most wrong"]);
  assert.deepEqual([counts(many), many.groups[0]?.tiles[0]?.image], [[MOST_WRONG], "29"]);
});

test("with three classes the true one's own probability decides, not the predicted one's", () => {
  const row = (image: string, a: number, b: number): PredictionRow => ({
    image,
    label: "a",
    predicted: "b",
    probability: b,
    probabilities: { a, b, c: 1 - a - b },
  });
  const sheet = mostWrongSheet([row("1", 0.4, 0.6), row("2", 0.05, 0.5)], facts(0, 2), 1);
  assert.deepEqual(
    sheet.groups[0]?.tiles.map(({ image, note }) => [image, note]),
    [
      ["2", "50.0 %"],
      ["1", "60.0 %"],
    ],
  );
});

test("files of two trainings are refused", () => {
  assert.throws(() => poisonedSheet(swapped("a", "b", 3), facts(4), 1), /3 swapped labels, but the metrics say 4/);
  assert.throws(() => mostWrongSheet([], facts(0, 8), 1), /0 predictions, but the metrics say 8/);
});

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

test("images of every kind become thumbnails: whole, upright, in the order asked for", async (t) => {
  const folder = temporaryFolder(t);
  // Twice as wide as high, left half red, right half blue; the sideways one is to be turned by its orientation.
  const half = (background: string) => ({ create: { width: 40, height: 40, channels: 3 as const, background } });
  const blue = await sharp(half("blue")).png().toBuffer();
  const wide = await sharp(half("red"))
    .extend({ right: 40 })
    .composite([{ input: blue, left: 40, top: 0 }])
    .png()
    .toBuffer();
  const sideways = await sharp(wide).rotate(270).png().toBuffer();
  const crisp = { quality: 95, chromaSubsampling: "4:4:4" };
  const kinds = {
    "a.png": sharp(wide),
    "b.webp": sharp(wide).webp({ lossless: true }),
    "c.jpg": sharp(wide).toColourspace("cmyk").jpeg(crisp),
    "d.png": sharp(wide).toColourspace("rgb16").png(),
    "e.gif": sharp(wide).gif(),
    "f.jpg": sharp(sideways).withMetadata({ orientation: 6 }).jpeg(crisp),
    "g.tiff": sharp(wide).tiff(),
    "h.avif": sharp(wide).avif({ quality: 90 }),
    "i.png": sharp(wide).ensureAlpha().png(),
  };
  for (const [name, image] of Object.entries(kinds)) await image.toFile(join(folder, name));
  await sharp(half("lime")).toFile(join(folder, "last.png"));
  const images = [...Object.keys(kinds), "last.png"];
  const thumbnails = await readThumbnails({ folder, images, side: 32 });
  assert.equal(thumbnails.length, images.length);
  const at = (pixels: Uint8Array, x: number, y: number) => [...pixels.subarray((y * 32 + x) * 3, (y * 32 + x) * 3 + 3)];
  const near = (actual: number[], expected: number[], tolerance: number, what: string) =>
    assert.ok(
      actual.every((value, i) => Math.abs(value - (expected[i] as number)) <= tolerance),
      `${what}: ${actual}`,
    );
  for (const [i, name] of Object.keys(kinds).entries()) {
    const pixels = thumbnails[i] as Uint8Array;
    const tolerance = name === "c.jpg" ? 120 : 20; // inks do not hold pure red and blue
    near(at(pixels, 6, 16), [255, 0, 0], tolerance, `${name}, left`);
    near(at(pixels, 26, 16), [0, 0, 255], tolerance, `${name}, right`);
    near(at(pixels, 16, 2), [240, 240, 240], 2, `${name}, above`);
    near(at(pixels, 16, 30), [240, 240, 240], 2, `${name}, below`);
  }
  near(at(thumbnails.at(-1) as Uint8Array, 1, 1), [0, 255, 0], 2, "last.png");
});

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
    "in/labels.csv": "image,split,label,true_label\ntrain/cats/none.jpg,train,cats,cats\n",
    "in/predictions.json": '[{"image":"validation/cats/none.jpg","label":"cats","predicted":"cats","probability":0.1}]',
  };
  const dataset = { name: "pets", train_images: 1, validation_images: 1 };
  const { plot, read } = await plotWorkspace(t, clean, { poison: 0, poisoned_images: 0, dataset });
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
