import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createFeatures, openFeatures } from "../../../src/records/features.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const images = ["train/a/1.jpg", "train/a/2.jpg", "train/b/ü.jpg"];

async function write(folder: string) {
  const writer = await createFeatures(folder, "train", images, [2, 1, 2]);
  await writer.append(Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7]));
  await writer.append(Float32Array.from([8, 9, 10, 11.5]));
  await writer.close();
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

test("numpy.load reads the file", async (t) => {
  const folder = temporaryFolder(t);
  await write(folder);
  const script = "import numpy, sys; x = numpy.load(sys.argv[1]); print(x.dtype, x.shape, x.ravel().tolist())";
  const said = execFileSync(".venv/bin/python", ["-c", script, join(folder, "bottleneck_features_train.npy")], {
    encoding: "utf8",
  });
  assert.equal(said.trim(), "float32 (3, 2, 1, 2) [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.5]");
});

test("damaged or mismatched files are refused by name", async (t) => {
  const folder = temporaryFolder(t);
  const npy = join(folder, "bottleneck_features_train.npy");
  const list = join(folder, "bottleneck_features_train_images.json");
  const refuse = (message: string | RegExp) =>
    assert.rejects(openFeatures(folder, "train"), { name: "StageError", message });
  await refuse(`${npy}: cannot be opened.`);
  await write(folder);
  writeFileSync(list, '["train/a/1.jpg"]');
  await refuse(`${list}: names 1 images, but the features have 3 rows.`);
  writeFileSync(list, '["train');
  await refuse(new RegExp(`^${list}: cannot be read: `));
  truncateSync(npy, 150);
  await refuse(`${npy}: cannot be read: it has 150 bytes; its header asks for 176.`);
  writeFileSync(npy, "not numpy");
  await refuse(`${npy}: cannot be read: it is not a .npy file, version 1.0.`);
});

test("a writer that got too few rows says so", async (t) => {
  const writer = await createFeatures(temporaryFolder(t), "train", images, [4]);
  await writer.append(new Float32Array(8));
  await assert.rejects(writer.close(), /8 feature values written, 12 expected/);
});
