import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createFeatures } from "../../../src/records/features/features.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const images = ["train/a/1.jpg", "train/b/ü.jpg", "validation/a/2.jpg", "validation/b/1.jpg"];
const dataset = {
  name: "made-up",
  source: "path" as const,
  classes: ["a", "b"],
  images: { train: { a: 1, b: 1 }, validation: { a: 1, b: 1 } },
  digest: "ab".repeat(32),
};

test("numpy.load reads the parts; a split's MD5 is that of its rows as NumPy saves them", async (t) => {
  const folder = temporaryFolder(t);
  const writer = await createFeatures(folder, images, [2, 1, 2], 3);
  await writer.append(Float32Array.from({ length: 16 }, (_, i) => i + 0.5));
  await writer.close({ base: "vgg16", image: { size: 64, resize: "nearest", preprocess: "rescale" }, dataset });
  const script = `
import hashlib, io, json, numpy, sys
folder = sys.argv[1]
index = json.load(open(f"{folder}/index.json"))
parts = [numpy.load(f"{folder}/{part['file']}") for part in index["parts"]]
x = numpy.concatenate(parts)
saved = io.BytesIO()
numpy.save(saved, x[:2])
digests = [hashlib.sha256(open(f"{folder}/{part['file']}", "rb").read()).hexdigest() for part in index["parts"]]
print(json.dumps({
    "dtype": x.dtype.str, "shape": x.shape, "values": x.ravel().tolist(), "parts": [len(part) for part in parts],
    "sha256": digests, "md5": hashlib.md5(saved.getvalue()).hexdigest(),
}))`;
  const read = JSON.parse(execFileSync(".venv/bin/python", ["-c", script, folder], { encoding: "utf8" }));
  const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
  assert.deepEqual([read.dtype, read.shape], [index.dtype, index.shape]);
  assert.deepEqual(
    read.values,
    Array.from({ length: 16 }, (_, i) => i + 0.5),
  );
  assert.deepEqual(read.parts, [3, 1]);
  assert.deepEqual(
    read.sha256,
    index.parts.map((part: { sha256: string }) => part.sha256),
  );
  assert.equal(read.md5, index.md5.train);
});
