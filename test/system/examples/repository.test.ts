import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createProject } from "../../support/project.ts";

test("DVC takes the examples for no part of the repository", (t) => {
  const { folder, must } = createProject(t);
  const stages = () => must("dvc", "stage", "list", "--all", "--name-only").trim().split("\n");
  const own = stages();
  assert.equal(own.length, 5);
  cpSync("examples", join(folder, "examples"), { recursive: true });
  assert.deepEqual(stages(), own);
  assert.doesNotMatch(must("dvc", "status", "--recursive", "."), /examples|draw|clean|swap/);
});
