import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isWithin, nodeFault } from "../../../src/runtime/node-version.mjs";

test("the Nodes of package.json are those that yargs takes, and this is one", () => {
  const range = (file: string) => JSON.parse(readFileSync(file, "utf8")).engines.node as string;
  assert.equal(range("package.json"), "^20.19 || ^22.12 || >=23");
  assert.match(range("node_modules/yargs/package.json"), /^\^20\.19\.0 \|\| \^22\.12\.0 \|\| >=23$/);
  assert.equal(nodeFault(), undefined);
});

test("a Node that is in no part of the range is named, with what would do", () => {
  for (const version of ["20.19.0", "20.20.1", "22.12.0", "23.0.0", "26.1.0"])
    assert.equal(nodeFault(version), undefined, version);
  for (const version of ["16.20.2", "18.20.8", "20.10.0", "20.18.3", "21.7.3", "22.11.0"])
    assert.equal(
      nodeFault(version)?.message,
      `This is Node ${version}; dvc-poison needs 20.19 or a later 20, or 22.12 or a later 22, or 23 or newer.`,
    );
  assert.throws(() => isWithin("22.0.0", "~22"), /no range/);
});
