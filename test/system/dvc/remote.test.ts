import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createProject, stagesRun } from "../../support/project.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("from a fresh clone with a remote, `dvc pull && dvc repro` runs nothing", (t) => {
  const project = createProject(t);
  project.must("dvc", "remote", "add", "--default", "store", join(temporaryFolder(t), "store"));
  project.must("dvc", "repro");
  project.must("dvc", "push");
  project.must("git", "add", "--all");
  project.must("git", "commit", "--quiet", "--message", "Results");

  const clone = join(temporaryFolder(t), "clone");
  project.must("git", "clone", "--quiet", project.folder, clone);
  for (const installed of ["node_modules", ".dvc-poison"])
    symlinkSync(join(project.folder, installed), join(clone, installed));
  project.must("dvc", "--cd", clone, "pull");
  const output = project.must("dvc", "--cd", clone, "repro");
  assert.deepEqual(stagesRun(output), []);
  assert.match(output, /Data and pipelines are up to date\./);
  assert.match(project.must("dvc", "--cd", clone, "status"), /Data and pipelines are up to date\./);
});
