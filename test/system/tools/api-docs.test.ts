import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, type TestContext, test } from "node:test";
import { DOCS, entryPoints, installTypeDoc, readDocs, writeApiDocs } from "../../../tools/api-docs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

before(installTypeDoc);

test("docs/api is what the doc comments of src/public say: node --import tsx tools/api-docs.ts", async (t) => {
  const folder = join(temporaryFolder(t), "api");
  await writeApiDocs(folder);
  assert.deepEqual(readDocs(DOCS), readDocs(folder));
});

test("it names no machine, no date and no revision, and has a page for each module", () => {
  const docs = readDocs(DOCS);
  for (const [file, text] of Object.entries(docs)) {
    assert.ok(!text.includes(resolve(".")), file);
    assert.doesNotMatch(text, /\b(?:20\d\d-\d\d-\d\d|[0-9a-f]{40})\b|file:\/\//, file);
  }
  const pages = entryPoints().map((file) => file.replace(/^.*\/(?=[^/]*$)/, "").replace(/\.ts$/, ".md"));
  assert.deepEqual(
    Object.keys(docs).sort(),
    [...pages.map((p) => p.replace("index", "dvc-poison")), "README.md"].sort(),
  );
  for (const page of Object.keys(docs).filter((page) => page !== "README.md"))
    assert.ok(docs["README.md"]?.includes(`(${page})`), page);
});

test("what is exported without a doc comment, and a link to nothing, are refused", async (t) => {
  const one = (doc: string) => `/** A module. @module m */\n${doc}\nexport const one = 1;\n`;
  await written(t, one("/** The number one. */"));
  await assert.rejects(written(t, one("")), /one \(Variable\).*does not have any documentation/);
  await assert.rejects(written(t, one("/** As {@link nothing}. */")), /Failed to resolve link to "nothing"/);
});

test("its packages are locked, without the addresses that they come from", () => {
  const { dependencies } = JSON.parse(readFileSync("tools/api-docs/package.json", "utf8"));
  const lock = readFileSync("tools/api-docs/package-lock.json", "utf8");
  for (const [name, version] of Object.entries(dependencies))
    assert.equal(JSON.parse(lock).packages[`node_modules/${name}`].version, version);
  assert.doesNotMatch(lock, /"resolved"|https?:\/\/(?!github|opencollective|www\.|.*funding)[^"]*\.tgz/);
});

/** Documents a module of this text. */
async function written(t: TestContext, text: string): Promise<void> {
  mkdirSync(".dvc-poison", { recursive: true });
  const folder = mkdtempSync(resolve(".dvc-poison", "documented-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "m.ts"), text);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: resolve("tsconfig.json"), include: ["*.ts"] }),
  );
  const options = { modules: [join(folder, "m.ts")], tsconfig: join(folder, "tsconfig.json"), undocumented: [] };
  await writeApiDocs(join(folder, "out"), options);
}
