import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { studyParams } from "../../tools/study-params.ts";
import { contents } from "../support/image-fixtures.ts";
import { needs } from "../support/needs.ts";
import { otherNode, runWith } from "../support/other-node.ts";
import { setParams } from "../support/project.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** The oldest that package.json admits, and the present long-term versions beside this one. */
const OLDEST = /^\^([\d.]+)/.exec(JSON.parse(readFileSync("package.json", "utf8")).engines.node)?.[1] as string;
const VERSIONS = [OLDEST, "22", "24"];

const unitTests = readdirSync("test/unit", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => `test/unit/${file.replaceAll("\\", "/")}`);

/** What restore and poison write with that Node: drawn images and a label table. */
async function firstStages(t: TestContext, node: string): Promise<Record<string, string>> {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "params.yaml"), studyParams());
  for (const file of ["stages.lock.json", "package.json"]) cpSync(file, join(folder, file));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  setParams({ folder }, [
    "data.source=generated",
    "data.train_per_class=6",
    "data.validation_per_class=2",
    "poison=50",
  ]);
  for (const [stage, ...paths] of [
    ["restore", "--out", "data/images"],
    ["poison", "--images", "data/images", "--out", "data/labels.csv", "--metrics", "data/labels.json"],
  ]) {
    const { code, output } = await runWith(node, ["--import", "tsx", resolve(`stages/${stage}.ts`), ...paths], {
      cwd: folder,
    });
    assert.equal(code, 0, output);
  }
  return contents(join(folder, "data"));
}

for (const version of VERSIONS) {
  const node = await otherNode(version);
  const options = needs(node, `npm has no Node ${version} for this machine, or cannot be reached`);

  test(`Node ${version}: it is that version, and the unit tests pass`, options, async () => {
    const { output } = await runWith(node as string, ["--version"]);
    assert.ok(`${output.trim()}.`.startsWith(`v${version}.`), output);
    const run = ["--import", "tsx", "scripts/test/run-files.mjs", "2", ...unitTests];
    const unit = await runWith(node as string, run);
    assert.equal(unit.code, 0, unit.output.slice(unit.output.indexOf("failing tests:")));
    assert.ok(Number(/^ℹ pass (\d+)$/m.exec(unit.output)?.[1]) > 100, unit.output.slice(-500));
  });

  test(`Node ${version}: restore and poison write the bytes that this Node does`, options, async (t) => {
    const own = await firstStages(t, process.execPath);
    assert.ok(Object.keys(own).length > 16);
    assert.deepEqual(await firstStages(t, node as string), own);
  });
}
