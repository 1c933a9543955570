import assert from "node:assert/strict";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createFeatures, openFeatures } from "../../../src/records/features/features.ts";
import { readFeatureMetadata, writeFeatureMetadata } from "../../../src/records/features/features-metadata.ts";
import { npyHeader } from "../../../src/records/features/npy.ts";
import type { Dataset } from "../../../src/records/images/dataset.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const images = ["train/a/1.jpg", "train/a/2.jpg", "train/b/ü.jpg"];
const dataset: Dataset = {
  name: "made-up",
  source: "path",
  classes: ["a", "b"],
  images: { train: { a: 2, b: 1 }, validation: { a: 1, b: 1 } },
  digest: "ab".repeat(32),
};
const metadata = {
  base: "vgg16",
  image: { size: 32, resize: "nearest" as const, preprocess: "rescale" as const },
  dataset,
};

async function write(folder: string) {
  const writer = await createFeatures(folder, "train", images, [2, 1, 2]);
  await writer.append(Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7]));
  await writer.append(Float32Array.from([8, 9, 10, 11.5]));
  await writer.close();
  await writeFeatureMetadata(folder, metadata);
}

test("rows are read back in any order", async (t) => {
  const folder = temporaryFolder(t);
  await write(folder);
  const features = await openFeatures(folder, "train");
  assert.deepEqual(features.images, images);
  assert.deepEqual([features.rowShape, features.rowLength], [[2, 1, 2], 4]);
  const target = new Float32Array(8);
  features.read([2, 0], target);
  assert.deepEqual([...target], [8, 9, 10, 11.5, 0, 1, 2, 3]);
  await features.close();
});

test("metadata say what computed the features, where it is known", async (t) => {
  const folder = temporaryFolder(t);
  for (const written of [metadata, { ...metadata, backend: "tensorflow 2.21.0 cpu" }]) {
    await writeFeatureMetadata(folder, written);
    assert.deepEqual(await readFeatureMetadata(folder), written);
  }
});

test("files that are damaged, or do not belong together, are refused by name", async (t) => {
  const folder = temporaryFolder(t);
  const npy = join(folder, "bottleneck_features_train.npy");
  const list = join(folder, "bottleneck_features_train_images.json");
  const about = join(folder, "bottleneck_features.json");
  const refuse = (message: string | RegExp) =>
    assert.rejects(openFeatures(folder, "train"), {
      name: "StageError",
      message,
      hint: /^Write it (anew: `dvc repro --force --single-item|first: `dvc repro) extract-bottleneck`\.$/,
    });
  const rows = (names: string[]) => writeFileSync(list, JSON.stringify(names));
  await refuse(`${npy}: cannot be opened.`);
  await write(folder);
  rows(["train/a/1.jpg"]);
  await refuse(`${list}: names 1 images, but the features have 3 rows.`);
  rows(["train/a/1.jpg", "train/a/2.jpg", "train/a/1.jpg"]);
  await refuse(`${list}: [2] is "train/a/1.jpg": the image stands in the list twice.`);
  rows(["train/a/1.jpg", "train/a/2.jpg", "train/a/3.jpg"]);
  await refuse(`${list}: names 3 images of a, but the data set has 2 (bottleneck_features.json).`);
  rows(["train/a/1.jpg", "train/a/2.jpg", "train/c/1.jpg"]);
  await refuse(/: \[2\] is "train\/c\/1\.jpg", which is in no class of train in the data set/);
  rows(["train/a/1.jpg", "train/a/2.jpg", "validation/b/1.jpg"]);
  await refuse(/: \[2\] is "validation\/b\/1\.jpg", which is in no class of train/);
  rows(["train/a/1.jpg", "train/a/2.jpg", "../../b"]);
  await refuse(/: \[2\] is "\.\.\/\.\.\/b", which is in no class of train/);
  rows(["train/a/1.jpg", "train/a/2.jpg", "b.jpg"]);
  await refuse(/: \[2\] is "b\.jpg": it must be SPLIT\/CLASS\/NAME\./);
  rows([]);
  await refuse(/_images\.json: is \[\]: /);
  writeFileSync(list, '["train');
  await refuse(new RegExp(`^${list}: cannot be read: `));
  rows(images);
  writeFileSync(about, JSON.stringify({ ...metadata, image: { ...metadata.image, size: "big" } }));
  await refuse(`${about}: image.size is "big": Invalid input: expected number, received string.`);
  writeFileSync(npy, npyHeader([0, 2, 1, 2]));
  await refuse(
    /train\.npy: cannot be read: its shape is \(0, 2, 1, 2\); it must be \(images, …\), none of them zero\./,
  );
  writeFileSync(npy, Buffer.concat([npyHeader([3]), Buffer.alloc(12)]));
  await refuse(/its shape is \(3\); it must be/);
  writeFileSync(npy, Buffer.concat([npyHeader([3, 2, 1, 2]), Buffer.alloc(48)]));
  truncateSync(npy, 150);
  await refuse(`${npy}: cannot be read: it has 150 bytes; its header asks for 176.`);
  writeFileSync(npy, "not numpy");
  await refuse(`${npy}: cannot be read: it is not a .npy file, version 1.0.`);
});

test("a value that is no number is refused when its row is read", async (t) => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const folder = temporaryFolder(t);
    const writer = await createFeatures(folder, "train", images, [4]);
    await writer.append(new Float32Array(12).fill(value, 6, 7));
    await writer.close();
    await writeFeatureMetadata(folder, metadata);
    const features = await openFeatures(folder, "train");
    const target = new Float32Array(8);
    features.read([2, 0], target);
    assert.throws(() => features.read([0, 1], target), {
      name: "StageError",
      message: new RegExp(`_train\\.npy: row 1 \\(train/a/2\\.jpg\\): value 2 is ${value}\\.$`),
    });
    await features.close();
  }
});

test("a writer that got too few rows says so", async (t) => {
  const writer = await createFeatures(temporaryFolder(t), "train", images, [4]);
  await writer.append(new Float32Array(8));
  await assert.rejects(writer.close(), /8 feature values written, 12 expected/);
});
