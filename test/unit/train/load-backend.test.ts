import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { gpuVisible } from "../../../src/runtime/device.ts";
import { unless } from "../../support/needs.ts";

/** What trains where `POISON_DEVICE` is this, and which modules of TensorFlow.js it has loaded. */
function load(device: string) {
  const script = `
    const { createRequire } = await import("node:module");
    const { loadBackend } = await import("./src/train/load-backend.ts");
    const { name, backend, device } = await loadBackend();
    const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("tfjs"));
    console.log(JSON.stringify({ name, backend, device, loaded: loaded.length }));`;
  const env = { ...process.env, POISON_DEVICE: device };
  const args = ["--import", "tsx", "--input-type=module", "--eval", script];
  return spawnSync(process.execPath, args, { encoding: "utf8", env });
}

for (const device of ["cpu", "wasm", "auto"]) {
  test(`with POISON_DEVICE=${device} training does without TensorFlow`, () => {
    const { stdout, stderr } = load(device);
    const { name, ...others } = JSON.parse(stdout || stderr);
    assert.match(name, /^wasm simd, \d+ threads?$/);
    assert.deepEqual(others, { backend: "cpu", device: "cpu", loaded: 0 });
  });
}

test("POISON_DEVICE=gpu without a GPU is an error", unless(gpuVisible(), "this machine has a GPU"), () => {
  const { status, stderr } = load("gpu");
  assert.equal(status, 1);
  assert.match(stderr, /StageError: POISON_DEVICE is "gpu", but TensorFlow finds no usable GPU/);
});
