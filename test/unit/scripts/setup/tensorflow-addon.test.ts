import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { solver } from "../../../../scripts/setup/tensorflow-addon.mjs";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

test("the addon brings cuSOLVER, which TensorFlow cannot find by itself, and nothing where CUDA is not installed", (t) => {
  const packages = temporaryFolder(t);
  const tensorflow = join(packages, "tensorflow");
  assert.deepEqual(solver(tensorflow), []);

  const folder = join(packages, "nvidia", "cusolver", "lib");
  mkdirSync(folder, { recursive: true });
  for (const file of ["__init__.py", "libcusolver.so.11", "libcusolverMg.so.11"]) writeFileSync(join(folder, file), "");
  assert.deepEqual(solver(tensorflow), [
    "-Wl,--no-as-needed",
    join(folder, "libcusolver.so.11"),
    `-Wl,-rpath,${folder}`,
  ]);
});
