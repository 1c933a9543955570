import assert from "node:assert/strict";
import { test } from "node:test";
import { gpuVisible } from "../../../src/runtime/device.ts";
import { loadTensorFlow } from "../../../src/tensorflow/load.ts";
import { unless } from "../../support/needs.ts";

test("a device that nobody knows is an error that names those there are", async () => {
  await assert.rejects(loadTensorFlow("tpu"), { message: 'POISON_DEVICE is "tpu"; it must be auto, gpu, cpu, wasm.' });
});

test("a GPU that is not there is an error that says so", unless(gpuVisible(), "this machine has a GPU"), async () => {
  await assert.rejects(loadTensorFlow("gpu"), { name: "StageError", message: /finds no usable GPU/ });
});
