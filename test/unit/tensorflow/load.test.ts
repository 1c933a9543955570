import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { gpuVisible } from "../../../src/runtime/device.ts";
import { loadTensorFlow } from "../../../src/tensorflow/load.ts";
import { addonPlace, packagePlace } from "../../../src/tensorflow/place.mjs";
import { unless } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("a GPU that is not there is an error that says so", unless(gpuVisible(), "this machine has a GPU"), async () => {
  await assert.rejects(loadTensorFlow("gpu"), { name: "StageError", message: /finds no usable GPU/ });
});

test("any device is the CPU where there is no GPU", unless(gpuVisible(), "this machine has a GPU"), async () => {
  const { tf, device, name } = await loadTensorFlow("any");
  assert.equal(device, "cpu");
  assert.match(name, /^tensorflow [\d.]+ cpu$/);
  assert.deepEqual([...tf.matMul([[1, 2]], [[3], [4]]).dataSync()], [11]);
});

/** What loading TensorFlow says in a project with these files, each by its path and text. */
function failure(t: TestContext, files: Record<string, string>, device = "cpu"): { message: string; hint: string } {
  const folder = temporaryFolder(t);
  for (const room of ["runtime", "tensorflow"])
    cpSync(join("src", room), join(folder, "src", room), { recursive: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  for (const [path, text] of Object.entries({ ...files, "package.json": '{ "type": "module" }' })) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const script = `
    const { loadTensorFlow } = await import("./src/tensorflow/load.ts");
    await loadTensorFlow("${device}").catch(({ name, message, hint }) => console.log(JSON.stringify({ name, message, hint })));`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  assert.match(stdout, /"StageError"/, stderr);
  return JSON.parse(stdout);
}

test("what is missing of TensorFlow is named, with the set-up that brings it", (t) => {
  const nothing = failure(t, {});
  assert.equal(nothing.message, "TensorFlow is not installed.");
  assert.equal(nothing.hint, "Set it up: `npm run setup -- --cpu`.");
  assert.equal(failure(t, {}, "gpu").hint, "Set it up: `npm run setup -- --gpu`.");

  const npm = { [join(packagePlace, "package.json")]: '{ "main": "index.js" }' };
  const noAddon = failure(t, npm);
  assert.equal(noAddon.message, "TensorFlow.js's addon is not built.");
  assert.match(noAddon.hint, /npm run setup -- --cpu/);

  const loads = "throw new Error('libtensorflow_cc.so.2: cannot open shared object file')";
  const noWheel = failure(t, { ...npm, [addonPlace]: "", [join(packagePlace, "index.js")]: loads });
  assert.match(noWheel.message, /^TensorFlow cannot be loaded: libtensorflow_cc\.so\.2: cannot open/);
  assert.match(noWheel.hint, /npm run setup -- --cpu/);
});
