import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../../scripts/setup/paths.mjs";
import { parseYaml } from "../../../src/runtime/yaml.ts";

/*
 * A value out of range is refused with a hint that sends people to params.yaml and docs/parameters.md: both must say the limits that hold, which
 * are the schema's.
 */
interface Schema {
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  enum?: string[];
}

const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** What a text must say of each key: its limits, or its choices. */
function limitsOf(schema: Schema, path: readonly string[] = []): Map<string, string[]> {
  const limits = new Map<string, string[]>();
  for (const [key, value] of Object.entries(schema.properties ?? {}))
    if (value.properties) for (const [name, said] of limitsOf(value, [...path, key])) limits.set(name, said);
    else {
      const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = value.anyOf?.[0] ?? value;
      const numbers = [minimum, maximum, exclusiveMinimum, exclusiveMaximum].filter(
        (limit) => limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER,
      );
      const said = [...numbers.map(String), ...(value.enum ?? [])];
      if (said.length > 0) limits.set([...path, key].join("."), said);
    }
  return limits;
}

const schema = JSON.parse(read("src/stage/params.schema.json")) as Schema;
const limits = limitsOf(schema);

/** The words, in small letters, and numbers of a text: 65,536 is 65536. */
const words = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/(?<=\d),(?=\d{3})/g, "")
    .match(/[a-z][\w-]*|\d+(\.\d+)?/g) ?? [];

test("the schema has limits to be said", () => {
  assert.ok(limits.size >= 15);
  assert.deepEqual(limits.get("train.learning_rate"), ["100", "0"]);
  assert.deepEqual(limits.get("seed"), ["0", "4294967295"]);
});

for (const file of ["params.yaml", "examples/own-stage/params.yaml", "examples/three-class-images/params.yaml"])
  test(`${file} says the limits of each key beside it`, () => {
    const text = read(file);
    const lines = text.split("\n");
    const { lineOf } = parseYaml(text, file);
    for (const [key, said] of limits) {
      const line = lines[(lineOf(key.split(".")) ?? 0) - 1] ?? "";
      const comment = words(line.slice(line.indexOf("#")));
      for (const limit of said)
        assert.ok(comment.includes(limit), `${file}: ${key}: the comment lacks ${limit}: ${line}`);
    }
  });

test("the table of parameters says the limits of each number", () => {
  const rows = read("docs/parameters.md").match(/^\| `.+$/gm) ?? [];
  for (const [key, said] of limits) {
    const row = rows.find((line) => line.split("|")[1]?.includes(`\`${key}\``)) ?? "";
    assert.ok(row, `docs/parameters.md has no row of ${key}`);
    for (const limit of said)
      assert.ok(words(row).includes(limit), `docs/parameters.md: ${key}: the row lacks ${limit}: ${row}`);
  }
});
