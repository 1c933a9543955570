import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gpuVisible } from "../../../src/runtime/device.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("a GPU is visible where one of its driver's files is", (t) => {
  const folder = mkdtempSync(join(temporaryFolder(t), "dev-"));
  const files = ["version", "nvidia0"].map((name) => join(folder, name));
  assert.equal(gpuVisible(files), false);
  writeFileSync(files[1] as string, "");
  assert.equal(gpuVisible(files), true);
});
