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

test("MLflow's record of a run goes without the commit of another user's repository, with a warning", (t) => {
  const project = createProject(t);
  const { must } = withEnv(project, FOREIGN);
  const record = "import('./src/dvc/git.ts').then(async (git) => console.log(await git.gitState()))";
  const said = must("node", "--import", "tsx", "-e", record); // of two streams, of which either may come first
  assert.match(said, /warning: git does not open .*\n {2}→ If you trust it/);
  assert.match(said, /^undefined$/m);
});

test("git's words are understood in every language of its user", (t) => {
  const project = createProject(t);
  const { run } = withEnv(project, { ...FOREIGN, LC_ALL: "de_DE.UTF-8", LANGUAGE: "de" });
  assert.match(run("node", "scripts/start.mjs").output, DUBIOUS);
});

test("a folder without git: DVC repeats the pipeline, and what needs experiments or commits says so", (t) => {
  const project = createProject(t, { git: false });
  const refusals: [RegExp, ...string[]][] = [
    [/-S belongs to DVC's experiments.*git repository[\s\S]*hint: .*git init/, "scripts/start.mjs", "-S", "poison=5"],
    [/A sweep is made of .*git repository[\s\S]*hint: git init/, "scripts/sweep.mjs", "--levels", "0"],
    [/There is no git repository with a commit[\s\S]*→ git init/, ...REPORT],
    [/HEAD: neither a git revision nor/, "--import", "tsx", "src/commands/mlflow-sync.ts", "HEAD"],
  ];
  const { run } = withEnv(project, { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" });
  for (const [message, ...call] of refusals) {
    const { code, output } = run("node", ...call);
    assert.equal(code, 1, output);
    assert.match(output, message);
    assert.doesNotMatch(output, /\n {4}at /);
  }
  assert.match(doctorOf(project), /^! git +\S+; this folder is not in a commit\n +→ .*dvc repro/m);
  // MLflow's record has no commit then; the server is away, and nothing is asked of git in vain.
  assert.doesNotMatch(run("dvc", "repro", "train-top").output, /git does not open|dubious|fatal:/);
  assert.match(project.must("dvc", "status", "train-top"), /up to date/);
});

test("core.autocrlf leaves every byte that a stage depends on", (t) => {
  const project = createProject(t);
  project.must("dvc", "repro", "--quiet", "train-top");
  project.must("git", "add", "--all");
  project.must("git", "commit", "--quiet", "--message", "Trained");
  const folder = join(temporaryFolder(t), "clone");
  project.must("git", "clone", "--quiet", "--config", "core.autocrlf=true", project.folder, folder);
  for (const part of ["node_modules", ".dvc-poison"]) symlinkSync(resolve(part), join(folder, part));
  const clone = commands(folder, project.env);
  clone.must("dvc", "cache", "dir", "--local", join(project.folder, ".dvc/cache"));
  clone.must("dvc", "checkout", "--quiet", "data/images", "data/labels.csv", "data/bottleneck", "data/model");
  assert.match(clone.must("dvc", "status", "train-top"), /up to date/);
  assert.equal(clone.must("git", "status", "--porcelain"), "");
});

test("dvc.yaml is written as DVC writes it: what DVC changes in it is all that git shows", (t) => {
  const project = createProject(t);
  const before = project.read("dvc.yaml");
  for (const stage of ["restore", "plot"]) {
    project.must("dvc", "freeze", stage);
    assert.equal(project.read("dvc.yaml").replace("    frozen: true\n", ""), before);
    project.must("dvc", "unfreeze", stage);
    assert.equal(project.read("dvc.yaml"), before);
  }
});

test("a path that DVC does not cope with: what DVC does there, and that it is said", (t) => {
  const mended = "DVC has been mended: delete src/dvc/path-fault.mjs";
  const sharp = createProject(t, { within: "c#" });
  const experiment = sharp.run("dvc", "exp", "run", "--temp", "--name", "sharp", "restore");
  assert.match(experiment.output, /ERROR: unexpected error - Git failed to push/, mended);
  assert.match(doctorOf(sharp), /^! Project's path +\/.*c#: DVC fails in, or loses, .*\n +→ move the project/m);
  for (const script of ["start.mjs", "sweep.mjs"]) {
    const { code, output } = sharp.run("node", `scripts/${script}`, "--temp");
    assert.deepEqual([code, /^error: \/.*c#: DVC fails in, or loses/m.test(output)], [1, true], output);
  }
  sharp.must("dvc", "exp", "run", "--quiet", "restore");

  const percent = createProject(t, { within: "a%41" });
  const lost = percent.run("dvc", "exp", "run", "--temp", "restore").output;
  assert.match(lost, /^restore: \/.*a%41: DVC fails in, or loses/m);

  const braces = createProject(t, { within: "{a}" });
  assert.match(braces.run("dvc", "repro", "restore").output, /failed to reproduce 'restore': 'a'/, mended);
  assert.match(doctorOf(braces), /^✗ Project's path .*DVC runs no stage/m);
});
