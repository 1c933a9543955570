import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

/** Of the project's own folders; docs/architecture.md tells how to add the examples. */
const FILE =
  /(?<![\w/.-])(?:src|stages|test|tools|scripts|docs)\/[\w./-]+\.(?:ts|mjs|js|py|md|json|wasm|cpp|h|png|jpg)\b/g;
const EXAMPLES = ["src/attacks/first.ts", "stages/NAME.ts", "stages/clean.mjs"];

const list = (folder: string, name: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => name.test(file))
    .map((file) => `${folder}/${file}`);

test("every file of the project that a document or a tool names is there", () => {
  const named = ["README.md", "test/README.md", ...list("docs", /\.md$/), ...list("tools", /\.ts$/)].flatMap(
    (document) => [...readFileSync(document, "utf8").matchAll(FILE)].map(([path]) => ({ document, path })),
  );
  assert.ok(named.length > 50, `${named.length} found`);
  assert.deepEqual(
    named.filter(({ path }) => !existsSync(path) && !EXAMPLES.includes(path)),
    [],
  );
});
