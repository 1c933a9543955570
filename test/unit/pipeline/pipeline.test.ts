import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { paramsSchema } from "../../../src/stage/params.ts";
import { importClosure, importsOf, modulesOf } from "../../../tools/import-closure.ts";

interface StageEntry {
  cmd: string;
  deps: string[];
  params?: string[];
  outs?: (string | Record<string, unknown>)[];
  metrics?: (string | Record<string, unknown>)[];
  plots?: (string | Record<string, unknown>)[];
}

const { stages, plots } = parse(readFileSync("dvc.yaml", "utf8")) as {
  stages: Record<string, StageEntry>;
  plots: Record<string, unknown>[];
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
const isCode = (file: string) => /^(src|stages)\//.test(file);

test("every stage has its program and every program its stage", () => {
  assert.deepEqual(
    readdirSync("stages").sort(),
    Object.keys(stages)
      .map((name) => `${name}.ts`)
      .sort(),
  );
});

for (const [name, stage] of Object.entries(stages)) {
  test(`${name}: code dependencies in dvc.yaml are what the program imports (\`node --import tsx tools/wire.ts\` renews them)`, () => {
    assert.deepEqual(stage.deps.filter(isCode), importClosure(program(name)));
  });

  test(`${name}: parameters in dvc.yaml are what the program declares, and exist`, () => {
    const declared = /params: \[(.*?)\]/.exec(readFileSync(program(name), "utf8"))?.[1] as string;
    assert.deepEqual(stage.params ?? [], JSON.parse(`[${declared}]`));
    for (const key of stage.params ?? []) assert.ok(key in paramsSchema.shape, key);
  });

  test(`${name}: every path in its command is a dependency or an output, and every one of those is passed`, () => {
    const passed = [...stage.cmd.matchAll(/--\w+ ((?!tsx\b)\S+)/g)]
      .map((match) => match[1] as string)
      .filter((value) => value.includes("/") && !value.endsWith(".ts"));
    assert.deepEqual(passed.sort(), [...stage.deps.filter((dep) => !isCode(dep)), ...outputsAsPassed(stage)].sort());
  });

  test(`${name}: flags are named in the program, as inputs or outputs`, () => {
    const text = readFileSync(program(name), "utf8");
    for (const [, flag, value] of stage.cmd.matchAll(/--(\w+) (\S+)/g)) {
      if (flag === "import") continue;
      const kind = outputsAsPassed(stage).has(value as string) ? "output" : "input";
      assert.match(text, new RegExp(`\\b${flag}: ${kind}\\(`));
    }
  });
}

test("DVC's run cache takes train-top: what git keeps of it are files, and metrics to DVC", () => {
  const { outs = [], metrics = [] } = stages["train-top"] as StageEntry;
  for (const entry of metrics) assert.match(path(entry), /\.json$/);
  for (const entry of outs) assert.equal(typeof entry, "string", `${path(entry)} is kept in DVC's cache`);
});

test("the plots that dvc.yaml defines are outputs of a stage", () => {
  const made = Object.values(stages).flatMap(outputs);
  const files = plots.flatMap((plot) => {
    const [key, options] = Object.entries(plot)[0] as [string, { y?: unknown } | null];
    const y = options?.y;
    return key.includes("/") ? [key] : Object.keys(y as object);
  });
  assert.ok(files.length > 0);
  for (const file of files) assert.ok(made.includes(file), file);
});

/** Native packages, each imported in one place; and the edge: parameters, stage runner. */
const NATIVE: Record<string, string[]> = {
  "@tensorflow/tfjs-node-gpu": ["src/tensorflow/load.ts"],
  canvas: ["src/plots/canvas.ts"],
  h5wasm: ["src/export/hdf5.ts", "src/weights/keras-file.ts"],
};

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => `src/${file}`);

test("a native package is imported where the architecture says, and nowhere else", () => {
  for (const [name, places] of Object.entries(NATIVE)) {
    const importing = new RegExp(`^import (?!type\\b)[^;]*"${name}"|(?:import|require)\\("${name}"\\)`, "m");
    assert.deepEqual(sources.filter((file) => importing.test(readFileSync(file, "utf8"))).sort(), places, name);
  }
});

test("restore, poison and plot never load TensorFlow; plot never loads sharp into its own process, where it clashes with canvas", () => {
  for (const name of ["restore", "poison", "plot"])
    assert.ok(!importClosure(program(name)).includes("src/tensorflow/load.ts"), name);
  const loadsSharp = (file: string) => /^import (?!type\b)[^;]*"sharp"/m.test(readFileSync(file, "utf8"));
  assert.ok(
    !importClosure(program("plot"), modulesOf)
      .filter((file) => file.endsWith(".ts"))
      .some(loadsSharp),
  );
});

test("pure code knows neither native code nor the edge; nothing in src imports a stage or a script", () => {
  const pure = [
    "random",
    "poison",
    "charts",
    "progress",
    "errors",
    "train/cross-entropy",
    "metrics/validation",
    "metrics/figures",
    "metrics/memorization",
    "train/top-model",
    "images/nearest",
    "images/preprocess",
    "pictures/poisoned",
    "pictures/most-wrong",
    "pictures/layout",
    "pictures/caption",
    "report/report",
  ];
  const impure = new Set([
    "src/stage/run-stage.ts",
    "src/tensorflow/load.ts",
    "src/plots/canvas.ts",
    "src/networks/pixels/decode.ts",
    "src/networks/vgg16/vgg16.ts",
  ]);
  for (const name of pure) {
    for (const file of importClosure(`src/${name}.ts`)) assert.ok(!impure.has(file), `src/${name}.ts reaches ${file}`);
  }
  for (const file of sources)
    for (const other of importsOf(file)) assert.ok(other.startsWith("src/"), `${file} imports ${other}`);
});
