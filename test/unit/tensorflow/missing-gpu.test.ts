import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { missingGpu } from "../../../src/tensorflow/missing-gpu.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("a missing GPU is explained by what is missing: driver, CUDA, or a GPU that CUDA takes", (t) => {
  const stamp = join(temporaryFolder(t), "setup.json");
  const flavor = (name: string) => writeFileSync(stamp, JSON.stringify({ flavor: name }));
  flavor("cpu");
  assert.match(missingGpu(false, stamp).message, /finds no usable GPU: there is no NVIDIA driver on this machine\.$/);
  assert.match(missingGpu(true, stamp).message, /TensorFlow is installed without CUDA\.$/);
  assert.equal(missingGpu(true, stamp).hint, "Install it with CUDA: `npm run setup -- --gpu`.");
  flavor("gpu");
  assert.match(missingGpu(true, stamp).message, /CUDA 12 takes no GPU of this machine\.$/);
  assert.match(missingGpu(true, stamp).hint ?? "", /driver 525 or newer and compute capability 6\.0/);
});

test("what set-up wrote down may be torn, or missing", (t) => {
  const stamp = join(temporaryFolder(t), "setup.json");
  writeFileSync(stamp, '{ "flavor": "c');
  assert.throws(() => missingGpu(true, stamp), {
    name: "StageError",
    message: `${stamp} cannot be read: the set-up was cut short.`,
    hint: "Call `npm run setup` again.",
  });
  assert.match(missingGpu(true, `${stamp}.not`).message, /CUDA 12 takes no GPU/);
});
