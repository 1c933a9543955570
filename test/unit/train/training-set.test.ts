import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createFeatures } from "../../../src/records/features/features.ts";
import type { Dataset } from "../../../src/records/images/dataset.ts";
import type { LabelRow } from "../../../src/records/labels/labels.ts";
import { openTrainingSet } from "../../../src/train/training-set.ts";
import { needs } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const SPLITS = ["train", "validation"] as const;
const dataset: Dataset = {
  name: "made-up",
  source: "path",
  classes: ["cats", "dogs"],
  images: { train: { cats: 2, dogs: 2 }, validation: { cats: 2, dogs: 2 } },
  digest: "ab".repeat(32),
};
const LABELS: LabelRow[] = SPLITS.flatMap((split) =>
  ["cats", "dogs"].flatMap((label) =>
    [1, 2].map((i) => ({ image: `${split}/${label}/${i}.jpg`, split, label, true_label: label })),
  ),
);

/** A folder of features of 64 px, [2, 2, 512] for VGG16, or as told; in one part or several. */
async function makeFeatures(
  t: TestContext,
  { shape = [2, 2, 512], partRows }: { shape?: number[]; partRows?: number } = {},
) {
  const folder = join(temporaryFolder(t), "bottleneck");
  mkdirSync(folder);
  const images = LABELS.map(({ image }) => image);
  const writer = await createFeatures(folder, images, shape, partRows);
  await writer.append(new Float32Array(images.length * shape.reduce((a, b) => a * b)));
  await writer.close({ base: "vgg16", image: { size: 64, resize: "nearest", preprocess: "rescale" }, dataset });
  return folder;
}

test("labels are joined to features by image, in any order of the table", async (t) => {
  const swapped = LABELS.map((row) => (row.image === "train/cats/2.jpg" ? { ...row, label: "dogs" } : row));
  await using set = await openTrainingSet(await makeFeatures(t), swapped.toReversed());
  assert.deepEqual([...set.train.targets], [0, 1, 1, 1]);
  assert.deepEqual([...set.validation.targets], [0, 0, 1, 1]);
  assert.deepEqual(set.classNames, ["cats", "dogs"]);
});

test("features of images that are not square are refused, however many values they have", async (t) => {
  const refuse = async (shape: number[], message: RegExp) =>
    assert.rejects(openTrainingSet(await makeFeatures(t, { shape }), LABELS), { name: "StageError", message });
  await refuse([2048], /: .+ the shape \[2048\]; it must be \[side, side, channels\]\./);
  await refuse([4, 1, 512], /: .+ the shape \[4, 1, 512\]; it must be \[side, side, channels\]\./);
});

test("labels of other images, or of other classes, are refused", async (t) => {
  const folder = await makeFeatures(t);
  const refuse = (labels: LabelRow[], message: RegExp) =>
    assert.rejects(openTrainingSet(folder, labels), {
      name: "StageError",
      message,
      hint: "Bring both up to date: `dvc repro train-top`.",
    });
  await refuse(LABELS.slice(1), /train: train\/cats\/1\.jpg has features but no label\./);
  await refuse(
    [...LABELS, { ...(LABELS[0] as LabelRow), image: "train/cats/3.jpg" }],
    /5 labels for 4 rows of features\./,
  );
  const foxes = LABELS.map((row) => JSON.parse(JSON.stringify(row).replaceAll("dogs", "foxes")));
  await refuse(foxes, /the classes are cats, dogs, but the label table has cats, foxes\./);
});

const openFiles = needs(existsSync("/proc/self/fd"), "what is open is told by /proc, which Linux has");

test("what is refused, and what fails half-way, leaves no file open", openFiles, async (t) => {
  const folder = await makeFeatures(t, { partRows: 3 });
  const open = () =>
    readdirSync("/proc/self/fd").filter((number) => {
      try {
        return readlinkSync(`/proc/self/fd/${number}`).startsWith(folder);
      } catch {
        return false; // the listing's own
      }
    });
  await assert.rejects(openTrainingSet(folder, LABELS.slice(1)), /features but no label/);
  assert.deepEqual(open(), []);
  await assert.rejects(async () => {
    await using set = await openTrainingSet(folder, LABELS);
    for (const { features } of [set.train, set.validation]) features.read([0, 3], new Float32Array(2 * 2048));
    assert.ok(open().length >= 2);
    throw new Error(String(set.classNames));
  }, /cats,dogs/);
  assert.deepEqual(open(), []);
  const partial = join(folder, "partial");
  mkdirSync(partial);
  await assert.rejects(async () => {
    await using writer = await createFeatures(partial, ["train/cats/1.jpg"], [1, 1, 4]);
    await writer.append(new Float32Array(2));
    assert.equal(open().length, 1);
    await writer.close({ base: "vgg16", image: { size: 64, resize: "nearest", preprocess: "rescale" }, dataset });
  }, /2 feature values written, 4 expected/);
  assert.deepEqual(open(), []);
});
