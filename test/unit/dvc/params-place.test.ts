import assert from "node:assert/strict";
import { test } from "node:test";
import { atTop, parsePlace, placeWithin, sectionOf, settingFor } from "../../../src/dvc/params-place.ts";

test("a file, or a file and a section", () => {
  assert.deepEqual(parsePlace("params.yaml"), { file: "params.yaml", section: [] });
  assert.deepEqual(parsePlace("a/b.yml:x.y"), { file: "a/b.yml", section: ["x", "y"] });
  for (const wrong of ["", "params.yaml:", "params.yaml:a..b"])
    assert.throws(() => parsePlace(wrong), { name: "StageError", message: /^--params is "/ });
});

test("what DVC's -S takes", () => {
  assert.equal(settingFor("poison=7.5", "params.yaml"), "poison=7.5");
  assert.equal(settingFor("poison=7.5", "params.yaml:dvc_poison"), "dvc_poison.poison=7.5");
  assert.equal(settingFor("poison=7.5", "p.yaml:a.b"), "p.yaml:a.b.poison=7.5");
});

test("a section is what is there itself, not what every object has", () => {
  assert.equal(sectionOf({ a: { b: 1 } }, parsePlace("p.yaml:a.b")), 1);
  assert.equal(sectionOf({ a: null }, parsePlace("p.yaml:a.b")), undefined);
  assert.equal(sectionOf({}, parsePlace("p.yaml:constructor")), undefined);
});

test("keys of our section stand as if at the top; others stay where they are", () => {
  assert.deepEqual(atTop({ "params.yaml": ["s.seed", "lr"] }, "params.yaml:s"), { "params.yaml": ["seed", "lr"] });
  assert.deepEqual(atTop({ "p.yaml": { "s.seed": 1, lr: 2 } }, "p.yaml:s"), {
    "p.yaml": { lr: 2 },
    "params.yaml": { seed: 1 },
  });
  assert.deepEqual(atTop({ "p.yaml": { s: { seed: 1 } } }, "p.yaml:s"), { "params.yaml": { seed: 1 } });
});

test("a file outside of the project is refused", () => {
  const stages = { poison: { paths: { params: "../params.yaml:s" } } };
  assert.throws(() => placeWithin({ stages }, "dvc.yaml"), {
    message: /"\.\.\/params\.yaml", which is no path within/,
  });
});
