import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { createFeatures } from "../../../src/records/features/features.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const images = ["train/a/1.jpg", "train/a/2.jpg", "train/b/ü.jpg"];

async function write(folder: string) {
  const writer = await createFeatures(folder, "train", images, [2, 1, 2]);
  await writer.append(Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7]));
  await writer.append(Float32Array.from([8, 9, 10, 11.5]));
  await writer.close();
}

test("numpy.load reads the file", async (t) => {
  const folder = temporaryFolder(t);
  await write(folder);
  const script = "import numpy, sys; x = numpy.load(sys.argv[1]); print(x.dtype, x.shape, x.ravel().tolist())";
  const said = execFileSync(".venv/bin/python", ["-c", script, join(folder, "bottleneck_features_train.npy")], {
    encoding: "utf8",
  });
  assert.equal(said.trim(), "float32 (3, 2, 1, 2) [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.5]");
});
