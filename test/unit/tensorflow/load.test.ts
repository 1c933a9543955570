import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A folder with the project's params.yaml and dvc.yaml, and no data. */
function workspace(t: TestContext): string {
  const folder = temporaryFolder(t);
  for (const file of ["params.yaml", "dvc.yaml", "package.json"]) cpSync(file, join(folder, file));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Everything in a folder but what {@link workspace} put there, empty folders aside. */
const left = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) =>
      !name.startsWith("node_modules") && !/^(params\.yaml|dvc\.yaml|package\.json|data|metrics|plots)$/.test(name),
  );

test("a device that is not there is an error that says what to do", async (t) => {
  const folder = workspace(t);
  const { loadTensorFlow } = await import("../../../src/tensorflow/load.ts");
  await assert.rejects(loadTensorFlow("tpu"), { message: 'POISON_DEVICE is "tpu"; it must be auto, gpu, cpu, wasm.' });
  if (existsSync("/proc/driver/nvidia/version")) return t.skip("this machine has a GPU");
  await assert.rejects(loadTensorFlow("gpu"), { name: "StageError", message: /finds no usable GPU/ });
  assert.deepEqual(left(folder), []);
});
