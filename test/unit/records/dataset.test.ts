import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { listImages } from "../../../src/records/format/image-folder.ts";
import { countImages, type Dataset, readDataset, writeDataset } from "../../../src/records/images/dataset.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const DATASET: Dataset = {
  name: "pets",
  source: "path",
  license: "CC0",
  classes: ["cats", "dogs"],
  images: { train: { cats: 3, dogs: 2 }, validation: { cats: 1, dogs: 1 } },
  digest: "ab".repeat(32),
};

test("what is written is read back; what a reader would refuse is not written", async (t) => {
  const root = temporaryFolder(t);
  await writeDataset(root, DATASET);
  assert.deepEqual(await readDataset(root), DATASET);
  await assert.rejects(writeDataset(root, { ...DATASET, classes: ["dogs", "cats"] }), /not written: classes is/);
  assert.deepEqual(await readDataset(root), DATASET);
});

test("a record that cannot be true is refused by key, value and remedy", async (t) => {
  const root = temporaryFolder(t);
  const file = join(root, "dataset.json");
  const cases: [object, string | RegExp][] = [
    [{ name: "" }, /: name is "": /],
    [{ source: "web" }, /: source is "web": /],
    [{ classes: ["cats"] }, /: classes is \["cats"\]: .*>=2/],
    [{ classes: ["dogs", "cats"] }, /: classes is .*: each class must stand there once, sorted by name\./],
    [{ classes: ["cats", "cats", "dogs"] }, /: classes is .*: each class must stand there once/],
    [{ classes: ["cats", "dogs", "foxes"] }, /: images\.train is .*: the classes are cats, dogs, foxes\./],
    [
      { images: { ...DATASET.images, validation: { cats: 2 } } },
      /: images\.validation is .*: the classes are cats, dogs\./,
    ],
    [{ images: { ...DATASET.images, validation: { cats: 2, dogs: 0 } } }, /: images\.validation\.dogs is 0: .*>=1/],
    [{ images: { train: DATASET.images.train } }, `${file}: images.validation is missing.`],
    [{ digest: "../../x" }, /: digest is "\.\.\/\.\.\/x": it must be a SHA-256/],
    [{ colour: "red" }, /Unrecognized key/],
  ];
  for (const [change, message] of cases) {
    writeFileSync(file, JSON.stringify({ ...DATASET, ...change }));
    await assert.rejects(readDataset(root), {
      name: "StageError",
      message,
      hint: "Write it anew: `dvc repro --force --single-item restore`.",
    });
  }
  await assert.rejects(readDataset(join(root, "none")), { hint: "Write it first: `dvc repro restore`." });
});

test("images are counted whatever their classes are called", async (t) => {
  const images = ["toString", "constructor", "1"].map((label) => ({ split: "train", label }));
  assert.deepEqual(countImages(images).train, { 1: 1, constructor: 1, toString: 1 });
  const root = temporaryFolder(t);
  for (const split of ["train", "validation"])
    for (const name of ["__proto__", "cats"]) {
      mkdirSync(join(root, split, name), { recursive: true });
      writeFileSync(join(root, split, name, "1.jpg"), "");
    }
  await assert.rejects(listImages(root), { name: "StageError", message: /__proto__: JavaScript keeps this name/ });
});
