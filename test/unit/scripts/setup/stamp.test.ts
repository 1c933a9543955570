import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readStamp, writeStamp } from "../../../../scripts/setup/stamp.mjs";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

test("a stamp that is missing or torn says nothing", (t) => {
  const file = join(temporaryFolder(t), "folder", "stamp.json");
  assert.equal(readStamp(file), undefined);
  writeStamp(file, { inputs: "abc" });
  assert.deepEqual(readStamp(file), { inputs: "abc" });
  assert.deepEqual(readdirSync(join(file, "..")), ["stamp.json"]);
  writeFileSync(file, readFileSync(file, "utf8").slice(0, -5));
  assert.equal(readStamp(file), undefined);
});
