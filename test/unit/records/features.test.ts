import assert from "node:assert/strict";
import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createFeatures, openFeatures } from "../../../src/records/features/features.ts";
import { npyHeader } from "../../../src/records/features/npy.ts";
import { readFeatureMetadata } from "../../../src/records/features/read-rows.ts";
import type { Dataset } from "../../../src/records/images/dataset.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const images = ["train/a/1.jpg", "train/a/2.jpg", "train/b/ü.jpg", "validation/a/1.jpg", "validation/b/1.jpg"];
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

/** Features whose values count up from 0, in parts of so many rows; what is appended falls on no border of rows or parts. */
async function write(folder: string, partRows?: number) {
  const writer = await createFeatures(folder, images, [2, 1, 2], partRows);
  const values = Float32Array.from({ length: 20 }, (_, i) => i);
  for (const [from, to] of [
    [0, 8],
    [8, 16],
    [16, 20],
  ])
    await writer.append(values.subarray(from, to));
  await writer.close(metadata);
}

for (const partRows of [undefined, 1, 2, 3, 4])
  test(`rows are read back in any order, from parts of ${partRows ?? "all"} rows`, async (t) => {
    const folder = temporaryFolder(t);
    await write(folder, partRows);
    assert.equal(readdirSync(folder).length, 1 + Math.ceil(5 / (partRows ?? 5)));
    const train = await openFeatures(folder, "train");
    assert.deepEqual(train.images, images.slice(0, 3));
    assert.deepEqual([train.rowShape, train.rowLength], [[2, 1, 2], 4]);
    const target = new Float32Array(12);
    train.read([2, 0, 1], target);
    assert.deepEqual([...target], [8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7]);
    await train.close();
    const validation = await openFeatures(folder, "validation");
    assert.deepEqual(validation.images, images.slice(3));
    validation.read([1, 0], target);
    assert.deepEqual([...target.subarray(0, 8)], [16, 17, 18, 19, 12, 13, 14, 15]);
    await validation.close();
  });

test("a split's digest is the same however its rows are cut", async (t) => {
  const digests = [];
  for (const partRows of [5, 1, 2]) {
    const folder = temporaryFolder(t);
    await write(folder, partRows);
    digests.push(JSON.parse(readFileSync(join(folder, "index.json"), "utf8")).md5);
  }
  assert.deepEqual(digests[1], digests[0]);
  assert.deepEqual(digests[2], digests[0]);
});

test("more parts than may be open are read", async (t) => {
  const folder = temporaryFolder(t);
  const many = Array.from({ length: 300 }, (_, i) => `train/${i < 150 ? "a" : "b"}/${i}.jpg`);
  const all = [...many, "validation/a/1.jpg", "validation/b/1.jpg"];
  const writer = await createFeatures(folder, all, [1, 1, 1], 1);
  await writer.append(Float32Array.from(all, (_, i) => i));
  const counts = { train: { a: 150, b: 150 }, validation: { a: 1, b: 1 } };
  await writer.close({ ...metadata, dataset: { ...dataset, images: counts } });
  const features = await openFeatures(folder, "train");
  const target = new Float32Array(300);
  for (const rows of [many.keys(), [...many.keys()].reverse()]) {
    const order = [...rows];
    features.read(order, target);
    assert.deepEqual([...target], order);
  }
  await features.close();
});

test("metadata say what computed the features, where it is known", async (t) => {
  for (const written of [metadata, { ...metadata, backend: "tensorflow 2.21.0 cpu" }]) {
    const folder = temporaryFolder(t);
    const writer = await createFeatures(folder, images, [1]);
    await writer.append(new Float32Array(5));
    await writer.close(written);
    assert.deepEqual(await readFeatureMetadata(folder), written);
  }
});

test("files that are damaged, or do not belong together, are refused by name", async (t) => {
  const folder = temporaryFolder(t);
  const [npy, file] = [join(folder, "part-00000.npy"), join(folder, "index.json")];
  const refuse = (message: string | RegExp) =>
    assert.rejects(openFeatures(folder, "train"), {
      name: "StageError",
      message,
      hint: /^Write it (anew: `dvc repro --force --single-item|first: `dvc repro) extract-bottleneck`\.$/,
    });
  await refuse(/index\.json: /);
  await write(folder);
  const index = JSON.parse(readFileSync(file, "utf8"));
  const set = (changes: object) => writeFileSync(file, JSON.stringify({ ...index, ...changes }));
  const rows = (first: string[]) => set({ images: [...first, ...images.slice(first.length)] });
  set({ images: images.slice(1) });
  await refuse(`${file}: images is ${JSON.stringify(images.slice(1))}: there are 4, but the shape says 5 rows.`);
  rows(["train/a/1.jpg", "train/a/1.jpg"]);
  await refuse(`${file}: images[1] is "train/a/1.jpg": the image stands in the list twice.`);
  rows(["train/b/1.jpg"]);
  await refuse(`${file}: names 1 images of a in train, but the data set has 2 (dataset).`);
  rows(["train/c/1.jpg"]);
  await refuse(/: images\[0\] is "train\/c\/1\.jpg", which is in no class of train in the data set/);
  set({ images: images.toReversed() }); // validation first
  await refuse(/: images\[0\] is "validation\/b\/1\.jpg", which is in no class of validation|names 0 images/);
  rows(["../../b/c"]);
  await refuse(/: images\[0\] is "\.\.\/\.\.\/b\/c": it must be SPLIT/);
  rows(["b.jpg"]);
  await refuse(/: images\[0\] is "b\.jpg": it must be SPLIT\/CLASS\/NAME\./);
  set({ parts: [{ ...index.parts[0], file: "../part-00000.npy" }] });
  await refuse(/parts\[0\]\.file is "\.\.\/part-00000\.npy": it must be part-NUMBER\.npy\./);
  set({ parts: [{ ...index.parts[0], file: "part-00001.npy" }] });
  await refuse(/parts\[0\]\.file is "part-00001\.npy": it must be part-00000\.npy\./);
  set({ parts: [{ ...index.parts[0], rows: 4 }] });
  await refuse(/parts is .*: they have 4 rows in all, but the shape says 5\./);
  set({ shape: [5, 4, 1, 2] });
  await refuse(`${npy}: its shape is (5, 2, 1, 2); the index says (5, 4, 1, 2).`);
  set({ dtype: "<f2" });
  await refuse(/dtype is "<f2": /);
  set({ image: { ...metadata.image, size: "big" } });
  await refuse(`${file}: image.size is "big": Invalid input: expected number, received string.`);
  writeFileSync(file, '{"images');
  await refuse(new RegExp(`^${file}: cannot be read: `));
  set({});
  writeFileSync(npy, npyHeader([0, 2, 1, 2]));
  await refuse(
    /part-00000\.npy: cannot be read: its shape is \(0, 2, 1, 2\); it must be \(images, …\), none of them zero\./,
  );
  writeFileSync(npy, Buffer.concat([npyHeader([3]), Buffer.alloc(12)]));
  await refuse(/its shape is \(3\); it must be/);
  writeFileSync(npy, Buffer.concat([npyHeader([5, 2, 1, 2]), Buffer.alloc(80)]));
  truncateSync(npy, 150);
  await refuse(`${npy}: cannot be read: it has 150 bytes; its header asks for 208.`);
  writeFileSync(npy, "not numpy");
  await refuse(`${npy}: cannot be read: it is not a .npy file, version 1.0.`);
});

test("a value that is no number is refused when its row is read", async (t) => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const folder = temporaryFolder(t);
    const writer = await createFeatures(folder, images, [4], 1);
    await writer.append(new Float32Array(20).fill(value, 6, 7));
    await writer.close(metadata);
    const features = await openFeatures(folder, "train");
    const target = new Float32Array(8);
    features.read([2, 0], target);
    assert.throws(() => features.read([0, 1], target), {
      name: "StageError",
      message: new RegExp(`part-00001\\.npy: row 0 \\(train/a/2\\.jpg\\): value 2 is ${value}\\.$`),
    });
    await features.close();
  }
});

test("a writer that got too few rows or too many says so", async (t) => {
  const few = await createFeatures(temporaryFolder(t), images, [4]);
  await few.append(new Float32Array(8));
  await assert.rejects(few.close(metadata), /8 feature values written, 20 expected/);
  const many = await createFeatures(temporaryFolder(t), images, [4], 2);
  await assert.rejects(many.append(new Float32Array(24)), /more feature values than 5 images have/);
});
