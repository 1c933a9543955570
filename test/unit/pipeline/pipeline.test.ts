import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { paramsSchema } from "../../../src/stage/params.ts";
import { importClosure, modulesOf, packagesIn } from "../../../tools/import-closure.ts";

type Shape = Record<string, unknown>;

interface StageEntry {
  cmd: string;
  deps: string[];
  params: (string | Record<string, string[]>)[];
  outs?: (string | Record<string, unknown>)[];
  metrics?: (string | Record<string, unknown>)[];
  plots?: (string | Record<string, unknown>)[];
}

const { stages } = parse(readFileSync("dvc.yaml", "utf8")) as {
  stages: Record<string, StageEntry>;
};
const program = (name: string) => `stages/${name}.ts`;
const path = (entry: string | Record<string, unknown>) =>
  typeof entry === "string" ? entry : (Object.keys(entry)[0] as string);
const outputs = ({ outs = [], metrics = [], plots = [] }: StageEntry) => [...outs, ...metrics, ...plots].map(path);
/** The outputs as the command names them: some by their folder, whose files DVC keeps one by one. */
const outputsAsPassed = (stage: StageEntry) => {
  const passed = stage.cmd.split(" ");
  return new Set(outputs(stage).map((output) => (passed.includes(dirname(output)) ? dirname(output) : output)));
};
const isCode = (file: string) => /^(src|stages)(\/|$)/.test(file);

test("every stage has its program and every program its stage", () => {
  assert.deepEqual(
    readdirSync("stages").sort(),
    Object.keys(stages)
      .map((name) => `${name}.ts`)
      .sort(),
  );
});

for (const [name, stage] of Object.entries(stages)) {
  test(`${name}: dvc.yaml lists the parameters that the program declares, leaf by leaf, and its digest of packages`, () => {
    const text = readFileSync(program(name), "utf8");
    const declared = parse(/ {2}params: (\[[^\]]*\])/.exec(text)?.[1] as string) as string[];
    const leaves = stage.params.filter((entry) => typeof entry === "string");
    assert.deepEqual(leaves, declared.toSorted());
    for (const leaf of leaves) {
      const type = leaf.split(".").reduce<unknown>((at, key) => (at as { shape: Shape }).shape[key], paramsSchema);
      assert.ok(type !== undefined && !("shape" in (type as object)), `${leaf} is a single value of params.yaml`);
    }
    assert.deepEqual(stage.params.slice(leaves.length), [{ "stages.lock.json": [name] }]);
  });

  test(`${name}: every path in its command is a dependency or an output, and every one of those is passed`, () => {
    const passed = [...stage.cmd.matchAll(/--\w+ (\S+)/g)]
      .map((match) => match[1] as string)
      .filter((value) => value.includes("/") && !value.endsWith(".ts"));
    assert.deepEqual(passed.sort(), [...stage.deps.filter((dep) => !isCode(dep)), ...outputsAsPassed(stage)].sort());
  });

  test(`${name}: flags are named in the program, as inputs or outputs`, () => {
    const text = readFileSync(program(name), "utf8");
    for (const [, flag, value] of stage.cmd.matchAll(/--(\w+) (\S+)/g)) {
      const kind = outputsAsPassed(stage).has(value as string) ? "output" : "input";
      assert.match(text, new RegExp(`\\b${flag}: ${kind}\\(`));
    }
  });
}

test("DVC's run cache takes all stages: what git keeps of them is a metric or a plot to DVC", () => {
  for (const { outs = [] } of Object.values(stages))
    for (const entry of outs) assert.equal(typeof entry, "string", `${path(entry)} is kept in DVC's cache`);
});

test("metrics are numbers: tables and pictures are plots", () => {
  for (const { metrics = [] } of Object.values(stages))
    for (const entry of metrics) assert.ok(!Array.isArray(JSON.parse(readFileSync(path(entry), "utf8"))), path(entry));
});

test("plot never loads sharp into its own process, where it clashes with canvas", () => {
  const loadsSharp = (file: string) => packagesIn(file).includes("sharp");
  const loaded = importClosure(program("plot"), modulesOf).filter((file) => file.endsWith(".ts"));
  assert.deepEqual(loaded.filter(loadsSharp), []);
  assert.ok(
    importClosure(program("plot")).some((file) => file.endsWith(".ts") && loadsSharp(file)),
    "another process does",
  );
});
