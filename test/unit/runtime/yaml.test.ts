import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stringify } from "yaml";
import { StageError } from "../../../src/runtime/errors.ts";
import { parseYaml } from "../../../src/runtime/yaml.ts";

const refused = (text: string, message: RegExp, hint = /Edit p\.yaml|git checkout/) =>
  assert.throws(
    () => parseYaml(text, "p.yaml"),
    (error) => error instanceof StageError && message.test(error.message) && hint.test(error.hint ?? ""),
  );

/** `width` aliases a level, each of the level before. */
const bomb = (levels: number, width: number) =>
  Array.from({ length: levels }, (_, i) => `a${i}: &a${i} [${Array(width).fill(i === 0 ? "x" : `*a${i - 1}`)}]\n`).join(
    "",
  );

test("a YAML file is read as it was written, and a value's line is known", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => assert.deepEqual(parseYaml(stringify(value), "x").value, value)));
  const { lineOf } = parseYaml("# so\npoison: 1\ntrain:\n  epochs: 2\n", "params.yaml");
  assert.equal(lineOf(["train", "epochs"]), 4);
  assert.equal(lineOf(["train", "epoch"]), undefined);
});

test("an alias stands for what it names", () => {
  assert.deepEqual(parseYaml("a: &n [1]\nb: *n", "x").value, { a: [1], b: [1] });
});

test("what YAML must not be is refused by file and line, in bounded time", () => {
  refused("a: [1", /^p\.yaml:1: not valid YAML/);
  refused("a: 1\nb: 2\na: 3", /^p\.yaml:3: the key "a" stands there twice/);
  refused("a:\n<<<<<<< HEAD\n  b: 1\n=======\n  b: 2\n>>>>>>> x\n", /^p\.yaml:2: conflict markers/);
  refused("a:\r\n<<<<<<< HEAD\r\n  b: 1\r\n=======\r\n  b: 2\r\n>>>>>>> x\r\n", /^p\.yaml:2: conflict markers/);
  refused("a: &a\n  b: *a", /^p\.yaml:2: the alias \*a stands within what it names/);
  refused("a: *b", /^p\.yaml:1: the alias \*b names nothing/);
  refused("? [1, 2]\n: 3", /^p\.yaml:1: a list or mapping is no key/);
  refused("[".repeat(50_000), /not valid YAML/);
  refused(" ".repeat(1_000_001), /at most 1000000 are read/, /Look/);
  for (const [levels, width] of [
    [9, 9],
    [6, 8],
    [22, 2],
    [1000, 1],
  ] as const)
    refused(bomb(levels, width), /aliases/);
  refused(
    Array.from({ length: 20_000 }, (_, i) => `k${i}: &a${i} 1\nl${i}: *a${i}`).join("\n"),
    /more than 50 aliases/,
  );
});

test("keys that objects have of themselves are keys like others", () => {
  const value = parseYaml("__proto__: {x: 1}\nconstructor: 2", "x").value as object;
  assert.deepEqual(Object.keys(value), ["__proto__", "constructor"]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});
