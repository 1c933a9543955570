import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { leavesOf } from "../../../../src/commands/init/our-stages.ts";
import { addParameters, takenNames } from "../../../../src/commands/init/parameters.ts";
import { parsePlace } from "../../../../src/dvc/params-place.ts";

const leaves = leavesOf(undefined);
const add = (text: string, place = "params.yaml", values = {}) =>
  addParameters(text, parsePlace(place), leaves, values);

test("all our parameters, each with its comment, once; what is there keeps its bytes and values", () => {
  for (const text of [
    "",
    "# mine\nlr: 0.1   # rate\n",
    "lr: 1",
    "lr: 1\r\n# end\r\n",
    "{lr: 1}\n",
    "---\nlr: 1\n...\n",
  ]) {
    const { text: now, added } = add(text, "params.yaml:dvc_poison");
    assert.deepEqual(
      added,
      [...leaves].sort((a, b) => added.indexOf(a) - added.indexOf(b)),
    );
    const { dvc_poison, ...rest } = parse(now);
    assert.deepEqual(rest, parse(text) ?? {});
    assert.equal(dvc_poison.poison, 0);
    assert.equal(dvc_poison.train.epochs, 10);
    assert.deepEqual(add(now, "params.yaml:dvc_poison"), { text: now, added: [] });
    if (!text.startsWith("{")) assert.match(now, /epochs: 10 +# passes over the training images/);
    assert.equal(/[^\r]\n/.test(now), !text.includes("\r"));
  }
});

test("a section keeps what it has, and gets what it lacks at its end", () => {
  const { text, added } = add("poison: 3 # mine\ntrain:\n    epochs: 2\nseed: 1\n");
  assert.ok(text.startsWith("poison: 3 # mine\ntrain:\n    epochs: 2\n    batch_size: 10"));
  assert.ok(!added.includes("poison") && !added.includes("train.epochs") && added.includes("train.dropout"));
});

test("values that are asked for are quoted where YAML would read something else", () => {
  for (const source of ["path:my images", "path:a #2", "path:a: b"])
    assert.equal(parse(add("", "params.yaml", { "data.source": source }).text).data.source, source);
});

test("what stands in the way is refused by file, line and key", () => {
  const refuse = (text: string, place: string, message: RegExp) =>
    assert.throws(() => add(text, place), { name: "StageError", message });
  refuse("a: 1\ndvc_poison: 3\n", "params.yaml:dvc_poison", /^params\.yaml:2: dvc_poison is no mapping/);
  refuse("a: 1\ntrain: fast\n", "params.yaml", /^params\.yaml:2: train is no mapping/);
  refuse("a: 1\na: 2\n", "params.yaml", /^params\.yaml:2: the key "a" stands there twice/);
  refuse("- a\n", "params.yaml", /^params\.yaml:1: its content is no mapping/);
  refuse('{"a": 1}\n', "poison.json", /^poison\.json: lacks poison, .*init writes YAML alone/);
});

test("names that a project has at its top", () => {
  assert.deepEqual(takenNames("seed: 1\nother: {poison: 1}\ntrain:\n", leaves).sort(), ["seed", "train"]);
  assert.deepEqual(takenNames("", leaves), []);
  assert.throws(() => takenNames("a: [\n", leaves), { message: /^params\.yaml:\d: not valid YAML/ });
});
