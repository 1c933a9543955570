import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseFlavor } from "../../../../scripts/setup/flavor.mjs";

test("the flavor is the one asked for, else the machine's, and CUDA stays", async () => {
  const gpu = async () => true;
  const none = async () => false;
  assert.deepEqual(await chooseFlavor(undefined, undefined, none), { flavor: "cpu", asked: false });
  assert.deepEqual(await chooseFlavor(undefined, undefined, gpu), { flavor: "gpu", asked: false });
  assert.deepEqual(await chooseFlavor(undefined, { flavor: "cpu", asked: false }, gpu), {
    flavor: "gpu",
    asked: false,
  });
  assert.deepEqual(await chooseFlavor(undefined, { flavor: "gpu", asked: false }, none), {
    flavor: "gpu",
    asked: false,
  });
  assert.deepEqual(await chooseFlavor(undefined, { flavor: "cpu", asked: true }, gpu), {
    flavor: "cpu",
    asked: true,
  });
  assert.deepEqual(await chooseFlavor("gpu", { flavor: "cpu", asked: true }, none), { flavor: "gpu", asked: true });
});
