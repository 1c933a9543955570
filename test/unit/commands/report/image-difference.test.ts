import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { differenceOf, imagesOf } from "../../../../src/commands/report/image-difference.ts";
import type { Cache } from "../../../../src/dvc/cache.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const files = { "dataset.json": "a", "train/cats/1.jpg": "b", "validation/cats/1.jpg": "c" };
const list = (changes: Record<string, string> = {}) =>
  Object.entries({ ...files, ...changes }).map(([relpath, md5]) => ({ relpath, md5 }));

test("which images differ is told by the content of each split, in any order; what lies beside them is no image", () => {
  assert.equal(differenceOf(list(), list().toReversed()), "none");
  assert.equal(differenceOf(list(), list({ "dataset.json": "x" })), "none");
  assert.equal(differenceOf(list(), list({ "train/cats/1.jpg": "x" })), "training");
  assert.equal(differenceOf(list({ "train/cats/2.jpg": "x" }), list()), "training");
  assert.equal(differenceOf(list(), list({ "validation/cats/1.jpg": "x" })), "validation");
  assert.equal(differenceOf(list(), list({ "validation/cats/2.jpg": "x", "train/cats/1.jpg": "x" })), "validation");
});

test("images in tars differ where the tar of their split does", async (t) => {
  const folder = temporaryFolder(t);
  const table = join(folder, "table");
  const rows = ["train/cats/1.jpg,shard-00000.tar,512,9", "validation/cats/1.jpg,shard-00001.tar,512,9"];
  writeFileSync(table, ["image,shard,offset,bytes", ...rows, ""].join("\n"));
  const of = async (train: string, validation: string, there = true) => {
    const files = Object.entries({ "images.csv": "t", "shard-00000.tar": train, "shard-00001.tar": validation });
    const cache: Cache = {
      folder: async () => files.map(([relpath, md5]) => ({ relpath, md5 })),
      object: async () => (there ? table : undefined),
    };
    return imagesOf(cache, "x.dir");
  };
  const base = await of("a", "b");
  assert.equal(base?.tars, true);
  const against = async (train: string, validation: string) =>
    differenceOf(base?.files ?? [], (await of(train, validation))?.files ?? []);
  assert.equal(await against("a", "b"), "none");
  assert.equal(await against("x", "b"), "training");
  assert.equal(await against("a", "x"), "validation");
  assert.equal(await of("a", "b", false), undefined);
});
