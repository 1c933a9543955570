import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gpuVisible, wantedDevice } from "../../../src/runtime/device.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("a GPU is visible where one of its driver's files is", (t) => {
  const folder = mkdtempSync(join(temporaryFolder(t), "dev-"));
  const files = ["version", "nvidia0"].map((name) => join(folder, name));
  assert.equal(gpuVisible(files), false);
  writeFileSync(files[1] as string, "");
  assert.equal(gpuVisible(files), true);
});

test("a device that nobody knows is an error that names those there are", () => {
  assert.equal(wantedDevice("native-avx2"), "native-avx2");
  assert.throws(() => wantedDevice("tpu"), {
    name: "StageError",
    message: /^POISON_DEVICE is "tpu"; it must be auto, gpu, cpu, native, .*wasm, wasm-plain, tensorflow\.$/,
  });
});
