import assert from "node:assert/strict";
import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { doctorOf } from "../../support/doctor.ts";
import { commands, createProject, type Project, stagesRun } from "../../support/project.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const SWEEP = ["--import", "tsx", "src/commands/sweep.ts"];
const REPORT = ["--import", "tsx", "src/commands/report.ts"];

/** What a git repository that is another user's makes of git: its own tests ask for it so. */
const FOREIGN = { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" };
const DUBIOUS = /git does not open the repository of this folder: detected dubious ownership in repository at '.+'\./;

const withEnv = (project: Project, env: NodeJS.ProcessEnv) => commands(project.folder, { ...project.env, ...env });

test("a project in a subfolder of a git repository is swept, swept again and reported on", (t) => {
  const project = createProject(t, { within: "research/poison" });
  const first = project.must("node", ...SWEEP, "--levels", "0,50");
  assert.match(first, /50 %\s+12\s+1\s/);
  assert.ok(existsSync(join(project.folder, "metrics/sweep.json")));
  assert.match(project.must("node", ...SWEEP, "--levels", "0,50"), /2 of 2 experiments are done already/);
  project.must("node", ...REPORT, "--base", "poison-0-seed-1", "--rev", "poison-50-seed-1");
  assert.match(project.read("report.md"), /val_accuracy/);
});

test("in a shallow clone no experiment runs in a copy, where DVC would lose it; in the workspace it runs", (t) => {
  const project = createProject(t);
  project.must("git", "commit", "--quiet", "--allow-empty", "--message", "Another");
  const folder = join(temporaryFolder(t), "clone");
  project.must("git", "clone", "--quiet", "--depth", "1", pathToFileURL(project.folder).href, folder);
  for (const part of ["node_modules", ".dvc-poison"]) symlinkSync(resolve(part), join(folder, part));
  const clone = commands(folder, project.env);
  const ending = clone.run("dvc", "exp", "run", "--temp", "--name", "lost");
  assert.notEqual(ending.code, 0);
  assert.match(ending.output, /^restore: This is a shallow clone.*\n {2}→ `git fetch --unshallow`/m);
  clone.must("dvc", "exp", "run", "--queue");
  const queue = clone.run("dvc", "exp", "run", "--run-all").output;
  assert.deepEqual(stagesRun(queue), ["restore"]);
  assert.match(queue, /^restore: This is a shallow clone/m);
  const sweep = clone.run("node", "scripts/sweep.mjs", "--levels", "0");
  assert.equal(sweep.code, 1);
  assert.match(sweep.output, /^error: This is a shallow clone.*\nhint: `git fetch --unshallow`/m);
  for (const option of ["--temp", "--queue", "--run-all"])
    assert.match(clone.run("node", "scripts/start.mjs", option).output, /^error: This is a shallow clone/m);
  assert.match(doctorOf({ folder, ...clone }), /^! git's history +This is a shallow clone.*\n +→ `git/m);
  clone.must("dvc", "exp", "run", "--name", "kept", "restore");
  clone.must("git", "fetch", "--quiet", "--unshallow");
  assert.deepEqual(stagesRun(clone.must("dvc", "exp", "run", "--temp", "--name", "whole", "poison")).at(-1), "poison");
  assert.match(clone.must("dvc", "exp", "list", "--name-only"), /^whole$/m);
});

test("a repository of another user is no folder without git: git's words and its remedy, and nothing is changed", (t) => {
  const project = createProject(t);
  const before = readdirSync(join(project.folder, ".dvc")).sort();
  const config = project.read(".dvc/config");
  const { run } = withEnv(project, { ...FOREIGN, MLFLOW_TRACKING_URI: "http://127.0.0.1:9" });
  for (const call of [
    ["scripts/start.mjs", "-S", "poison=5"],
    ["scripts/start.mjs"],
    ["scripts/sweep.mjs", "--levels", "0"],
    [...REPORT],
    ["--import", "tsx", "src/commands/mlflow-sync.ts", "HEAD"],
  ]) {
    const { code, output } = run("node", ...call);
    assert.equal(code, 1, `${call}: ${output}`);
    assert.match(output, DUBIOUS, `${call}`);
    assert.match(output, /If you trust it: `git config --global --add safe\.directory .+`/, `${call}`);
    assert.doesNotMatch(output, /git init|no_scm|\n {4}at /, `${call}`);
  }
  assert.match(doctorOf({ folder: project.folder, run }), /^✗ git +\S+; git does not open .*dubious ownership/m);
  assert.deepEqual(readdirSync(join(project.folder, ".dvc")).sort(), before);
  assert.equal(project.read(".dvc/config"), config);
});

test("git's words are understood in every language of its user", (t) => {
  const project = createProject(t);
  const { run } = withEnv(project, { ...FOREIGN, LC_ALL: "de_DE.UTF-8", LANGUAGE: "de" });
  assert.match(run("node", "scripts/start.mjs").output, DUBIOUS);
});
