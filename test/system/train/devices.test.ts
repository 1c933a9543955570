import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { findAddon } from "../../../src/networks/convolution/addon.mjs";
import { needs } from "../../support/needs.ts";
import { createProject, setParams } from "../../support/project.ts";

const withAddon = needs(findAddon(), "no addon of the convolutions: there is no C++ compiler");

/** Every number of a JSON text, by its path. */
function numbers(value: unknown, path = ""): [string, number][] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => numbers(part, `${path}.${key}`));
}

/** The whole pipeline on a device, on few drawn images. */
function runOn(t: TestContext, device: string) {
  const project = createProject(t, { git: false });
  setParams(project, ["image.size=64", "poison=25"]);
  project.env.POISON_DEVICE = device;
  const output = project.must("dvc", "repro");
  const [, build] = / weights from .*?, (.*)$/m.exec(output) ?? [];
  return { project, build: build ?? output };
}

test("WebAssembly and the addon give one dvc.lock", withAddon, (t) => {
  const [native, wasm] = [runOn(t, "native"), runOn(t, "wasm")];
  assert.match(native.build, /^native \S+, \d+ threads?$/);
  assert.match(wasm.build, /^wasm relaxed-simd, /);
  assert.equal(wasm.project.read("dvc.lock"), native.project.read("dvc.lock"));
  assert.equal(JSON.parse(wasm.project.read("metrics/train.json")).features.backend, "cpu");
});

test("TensorFlow, and WebAssembly without fused multiply-add, give the same labels, the same metrics within 1e-3, and say that it was they", (t) => {
  const ours = runOn(t, "cpu");
  for (const [device, build, backend] of [
    ["tensorflow", /^tensorflow \S+ cpu$/, /^tensorflow \S+ cpu$/],
    ["wasm-plain", /^wasm simd, /, /^cpu-nofma$/],
  ] as const) {
    const other = runOn(t, device);
    assert.match(other.build, build);
    assert.match(JSON.parse(other.project.read("metrics/train.json")).features.backend, backend);
    assert.equal(other.project.read("data/labels.csv"), ours.project.read("data/labels.csv"));
    for (const file of [
      "metrics/train.json",
      "metrics/validation.json",
      "metrics/memorization.json",
      "plots/history.json",
    ]) {
      const expected = numbers(JSON.parse(ours.project.read(file)));
      const actual = numbers(JSON.parse(other.project.read(file)));
      assert.ok(expected.length > 0, file);
      assert.deepEqual(
        actual.map(([path]) => path),
        expected.map(([path]) => path),
      );
      for (const [i, [path, value]] of expected.entries())
        assert.ok(
          Math.abs((actual[i]?.[1] as number) - value) < 1e-3,
          `${device}: ${file}${path}: ${actual[i]?.[1]}, not ${value}`,
        );
    }
  }
});
