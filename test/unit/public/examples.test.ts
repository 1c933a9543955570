import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { examplePrograms, examplesIn, findExamples, moduleNames, runExample } from "../../support/examples.ts";

/** What needs no server, no weights and nothing that draws; the others run in test/system. */
const HERE = ["attacks", "index", "metrics", "records", "train"];
const SYSTEM = ["features", "mlflow", "plots"];

/** Modules whose use is a program of its own. */
const WITHOUT = ["stage", "index"];

test("every module has an example, and every example is run by a test", () => {
  const having = new Set(findExamples().map(({ module }) => module));
  assert.deepEqual(
    moduleNames().filter((name) => !having.has(name) && !WITHOUT.includes(name)),
    [],
  );
  assert.deepEqual(
    [...having].filter((name) => !HERE.includes(name) && !SYSTEM.includes(name)),
    [],
  );
});

test("examples are right by the types", async (t) => {
  const { folder } = examplePrograms(t, findExamples());
  const config = { extends: resolve("tsconfig.json"), include: ["*.ts", resolve("src/**/*.d.ts")] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const run = promisify(execFile)("node_modules/.bin/tsc", ["--noEmit", "-p", folder]);
  await run.catch(({ stdout }) => assert.fail(stdout));
});

const examples = findExamples().filter(({ module }) => HERE.includes(module));
for (const example of examples)
  test(`the example at ${example.place} prints what it says`, async (t) => {
    const { folder, files } = examplePrograms(t, [example]);
    assert.deepEqual(await runExample(files[0] as string, folder), example.prints);
    assert.ok(example.prints.length > 0, "it says nothing");
  });

test("an example is a block of TypeScript that imports a module of the package", () => {
  const block = (code: string) => `/**\n * @example\n * \`\`\`ts\n * ${code}\n * \`\`\`\n */\n`;
  const [example] = examplesIn(block('import "dvc-poison/train"; // → 3'), "a.ts");
  assert.deepEqual(example, {
    module: "train",
    place: "a.ts:2",
    code: 'import "dvc-poison/train"; // → 3\n',
    prints: ["3"],
  });
  assert.throws(() => examplesIn(block("1 + 1"), "a.ts"), /a\.ts:2: the example imports no module/);
  assert.throws(() => examplesIn("/**\n * @example 1 + 1\n */\n", "a.ts"), /1 @example, of which 0/);
});
