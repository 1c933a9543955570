import assert from "node:assert/strict";
import { test } from "node:test";
import { createProject, setParams } from "../../support/project.ts";

/** Every number of a JSON text, by its path. */
function numbers(value: unknown, path = ""): [string, number][] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => numbers(part, `${path}.${key}`));
}

test("without TensorFlow's addon, on WASM, the pipeline gives the same labels and the same metrics within 1e-3", (t) => {
  const [native, wasm] = ["cpu", "wasm"].map((device) => {
    const project = createProject(t, { git: false });
    setParams(project, ["image.size=64", "poison=25"]);
    project.env.POISON_DEVICE = device;
    const output = project.must("dvc", "repro");
    return { project, output };
  });
  assert.ok(native && wasm);
  assert.match(native.output, /vgg16 weights from .*, tensorflow \S+ cpu/);
  assert.match(wasm.output, /vgg16 weights from .*, tfjs \S+ wasm/);
  assert.equal(wasm.project.read("data/labels.csv"), native.project.read("data/labels.csv"));
  for (const file of [
    "metrics/train.json",
    "metrics/validation.json",
    "metrics/memorization.json",
    "plots/history.json",
  ]) {
    const expected = numbers(JSON.parse(native.project.read(file)));
    const actual = numbers(JSON.parse(wasm.project.read(file)));
    assert.ok(expected.length > 0, file);
    assert.deepEqual(
      actual.map(([path]) => path),
      expected.map(([path]) => path),
    );
    for (const [i, [path, value]] of expected.entries())
      assert.ok(Math.abs((actual[i]?.[1] as number) - value) < 1e-3, `${file}${path}: ${actual[i]?.[1]}, not ${value}`);
  }
});
