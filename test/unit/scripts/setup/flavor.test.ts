import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseFlavor } from "../../../../scripts/setup/flavor.mjs";

const gpu = async () => true;
const none = async () => false;

test("without a GPU the flavor is what is needed, and an environment that has more keeps it", async () => {
  const choose = (flavor: "none" | "cpu" | "gpu" | undefined, needed: "none" | "cpu") =>
    chooseFlavor({ before: flavor && { flavor, asked: false }, needed }, none);
  assert.deepEqual(await choose(undefined, "none"), { flavor: "none", asked: false });
  assert.deepEqual(await choose(undefined, "cpu"), { flavor: "cpu", asked: false });
  assert.deepEqual(await choose("none", "cpu"), { flavor: "cpu", asked: false });
  assert.deepEqual(await choose("cpu", "none"), { flavor: "cpu", asked: false });
  assert.deepEqual(await choose("gpu", "none"), { flavor: "gpu", asked: false });
});

test("with a GPU it is CUDA's", async () => {
  assert.deepEqual(await chooseFlavor({}, gpu), { flavor: "gpu", asked: false });
  assert.deepEqual(await chooseFlavor({ before: { flavor: "cpu", asked: false } }, gpu), {
    flavor: "gpu",
    asked: false,
  });
});

test("what was asked for holds until something else is", async () => {
  for (const flavor of ["none", "cpu"] as const) {
    const before = { flavor, asked: true };
    assert.deepEqual(await chooseFlavor({ before, needed: "cpu" }, gpu), before);
    assert.deepEqual(await chooseFlavor({ asked: "gpu", before }, none), { flavor: "gpu", asked: true });
  }
});
