import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { listImages, naturally } from "../../../src/records/format/image-folder.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function touch(root: string, ...files: string[]) {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "");
  }
}

test("lists splits, classes by name, images in natural order; other files are no images", async (t) => {
  const root = temporaryFolder(t);
  touch(
    root,
    "train/dogs/d.1.jpg",
    "train/cats/c.10.jpg",
    "train/cats/c.2.JPEG",
    "train/cats/notes.txt",
    "validation/cats/ü 1.png",
    "validation/dogs/c.2.webp",
  );
  assert.deepEqual(
    (await listImages(root)).map((entry) => [entry.image, entry.split, entry.label].join(" | ")),
    [
      "train/cats/c.2.JPEG | train | cats",
      "train/cats/c.10.jpg | train | cats",
      "train/dogs/d.1.jpg | train | dogs",
      "validation/cats/ü 1.png | validation | cats",
      "validation/dogs/c.2.webp | validation | dogs",
    ],
  );
});

test("refuses a folder that is no data set, with the folder's name", async (t) => {
  const root = temporaryFolder(t);
  const refuse = (message: string) =>
    assert.rejects(listImages(root), { name: "StageError", message: message.replaceAll("ROOT", root) });
  await refuse("ROOT/train: no such folder of images.");
  touch(root, "train/cats/1.jpg", "validation/cats/1.jpg");
  await refuse('ROOT/train: found one class, "cats"; two or more are needed.');
  touch(root, "train/dogs/1.jpg");
  await refuse("ROOT: the classes differ: train has cats, dogs; validation has cats.");
  touch(root, "validation/dogs/readme.txt");
  await refuse('ROOT/validation/dogs: the class "dogs" has no image.');
  rmSync(join(root, "validation"), { recursive: true });
  await refuse("ROOT/validation: no such folder of images.");
});

test("natural order counts", () => {
  assert.deepEqual(["a10", "a2", "a02", "b1", "a", "10", "9"].sort(naturally), [
    "9",
    "10",
    "a",
    "a02",
    "a2",
    "a10",
    "b1",
  ]);
});
