import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { commit, createHost, fourClasses, type Host } from "../../support/host.ts";
import { stagesRun } from "../../support/project.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A params.yaml of somebody's own: forty keys, some of our names among them, with comments. */
const FORTY = `# Ours.
lr: 0.1       # learning rate
train:        # the host's
  depth: 3
seed: 7
${Array.from({ length: 36 }, (_, i) => `key_${i}: ${i}   # number ${i}`).join("\n")}
`;

/** A pipeline of somebody's own. */
const PIPELINE = `# The pipeline of a project that was here before.
stages:
  # Copies its parameters.
  prepare:
    cmd: cp params.yaml "prepared copy.yaml"   # quotes and a comment
    params: [lr, train.depth]
    outs:
      - prepared copy.yaml

# The end.
`;

const SMALL = ["image.size=32", "train.epochs=2", "train.batch_size=4"];

test("in a project with a pipeline and forty parameters of its own: init, experiments, the queue, metrics and plots", async (t) => {
  const host = await createHost(t, { name: "a project", files: { "params.yaml": FORTY, "dvc.yaml": PIPELINE } });
  await fourClasses(join(host.folder, "my images"));
  const before = host.must("git", "status", "--porcelain", "--untracked-files=all");

  const dry = host.npx("init", "--images", "my images", "--dry-run");
  assert.match(dry, /^\+ {3}restore:$/m);
  assert.match(dry, /nothing was written/);
  assert.equal(host.must("git", "status", "--porcelain", "--untracked-files=all"), before);

  const said = host.npx("init", "--images", "my images");
  assert.match(said, /params\.yaml has .*train.* of your own: ours stand in its section dvc_poison/);
  assert.match(said, /dvc exp run -S dvc_poison\.poison=7\.5/);
  assert.ok(host.read("params.yaml").startsWith(FORTY), "the project's own parameters are as they were, byte by byte");
  const [head, tail] = PIPELINE.split("\n\n# The end");
  assert.ok(
    host.read("dvc.yaml").startsWith(head as string),
    "the project's own stages are as they were, byte by byte",
  );
  assert.ok(host.read("dvc.yaml").includes(`# The end${tail}`));
  assert.match(host.npx("init", "--images", "my images"), /nothing to do/);

  setSection(host, { ...Object.fromEntries(SMALL.map((text) => text.split("="))), poison: "0" });
  commit(host, "Add dvc-poison");
  const first = host.must("dvc", "exp", "run", "--name", "clean");
  assert.deepEqual(stagesRun(first).sort(), [
    "extract-bottleneck",
    "plot",
    "poison",
    "prepare",
    "restore",
    "train-top",
  ]);
  commit(host, "Clean");
  const poisoned = host.must("dvc", "exp", "run", "-S", "dvc_poison.poison=50", "--name", "half");
  assert.deepEqual(stagesRun(poisoned), ["poison", "train-top", "plot"]);
  assert.deepEqual(stagesRun(host.must("dvc", "repro")), []);
  assert.match(host.must("dvc", "status"), /up to date/);
  assert.match(host.must("dvc", "metrics", "diff"), /metrics\/train\.json +poisoned_images +0 +12 +12/);
  host.must("dvc", "plots", "show");
  assert.match(host.read("dvc_plots/index.html"), /Content-Security-Policy/); // our page, which needs no network
  commit(host, "Half");

  assert.deepEqual(stagesRun(host.must("dvc", "exp", "run", "--temp", "-S", "dvc_poison.poison=25")), [
    "poison",
    "train-top",
    "plot",
  ]);
  for (const level of [10, 20])
    host.must("dvc", "exp", "run", "--queue", "-S", `dvc_poison.poison=${level}`, "--name", `p${level}`);
  host.must("dvc", "exp", "run", "--run-all");
  assert.match(host.must("dvc", "queue", "status"), /p20 .*Success/);

  host.npx("report", "--base", "HEAD~1");
  assert.match(host.read("report.md"), /\*\*Poison\*\* rose from 0 to 50 %/);
  assert.doesNotMatch(host.read("report.md"), /out of date|has changed since|is not what it wrote/);
  const sweep = host.npx("sweep", "--levels", "0,25");
  assert.match(sweep, /written: metrics\/sweep\.json/);
  assert.match(host.npx("sweep", "--levels", "0,25"), /2 of 2 experiments are done already/);
  assert.match(host.npx("predict", "my images/validation/ant"), /ant 0\.png +\w+ +\d\.\d{4}/);
  const doctor = host.npx("doctor");
  assert.match(doctor, /✓ DVC +3\.\d+\.\d+, the project's own/);
  assert.match(doctor, /The pipeline can run: npx dvc-poison start/);

  const wrong = host.run("dvc", "repro", "poison");
  assert.equal(wrong.code, 0);
  setSection(host, { poison: "150" });
  const { code, output } = host.run("dvc", "repro", "poison");
  assert.notEqual(code, 0);
  assert.match(output, /params\.yaml:\d+: poison is 150; it must be at most 100/);
});

/** Writes values into the section `dvc_poison`, by keys with dots. */
function setSection({ folder, read }: Host, values: Record<string, string>): void {
  const [own, ours] = read("params.yaml").split("dvc_poison:\n") as [string, string];
  let text = ours;
  for (const [key, value] of Object.entries(values))
    text = text.replace(new RegExp(`^( +${key.split(".").at(-1)}: )\\S+`, "m"), `$1${value}`);
  writeFileSync(join(folder, "params.yaml"), `${own}dvc_poison:\n${text}`);
}

test("in a subfolder with a file of parameters of its own, some stages only, beside images of the project's", async (t) => {
  const host = await createHost(t);
  await fourClasses(join(host.folder, "images"));
  host.npx(
    "init",
    "--dir",
    "poison it",
    "--images",
    "images",
    "--params",
    "poison.yaml",
    "--stages",
    "restore,poison",
    "--remote",
    temporaryFolder(t),
  );
  const pipeline = parse(host.read("poison it/dvc.yaml"));
  assert.deepEqual(Object.keys(pipeline.stages), ["restore", "poison"]);
  assert.equal(pipeline.plots, undefined);
  assert.deepEqual(pipeline.stages.restore.deps, ["../images"]);
  assert.deepEqual(Object.keys(parse(host.read("poison it/poison.yaml"))).sort(), ["attack", "data", "poison", "seed"]);
  assert.equal(existsSync(join(host.folder, "params.yaml")), false);
  commit(host, "Add dvc-poison");
  const run = ["--cd", "poison it", "exp", "run", "-S", "poison.yaml:poison=50"];
  assert.deepEqual(
    stagesRun(host.must("dvc", ...run)),
    ["poison it/dvc.yaml:restore", "poison it/dvc.yaml:poison"].map((name) => name.replace(/.*:/, "")),
  );
  assert.match(host.read("poison it/data/labels.csv"), /^train\/ant\/ant 0\.png,train,/m);
  // An image of the project's own that changes is seen by DVC.
  rmSync(join(host.folder, "images/train/ant/ant 0.png"));
  assert.match(host.must("dvc", "--cd", "poison it", "status"), /changed deps:\s+modified: +\.\.\/images/);
  host.must("dvc", "push");
});

test("after an upgrade a stage refuses until init has renewed what DVC knows; then exactly the changed stages are stale", async (t) => {
  const host = await createHost(t);
  await fourClasses(join(host.folder, "images"));
  host.npx("init", "--images", "images", "--no-setup");
  const params = host
    .read("params.yaml")
    .replace(/size: \d+/, "size: 32")
    .replace(/epochs: \d+/, "epochs: 2");
  writeFileSync(join(host.folder, "params.yaml"), params);
  host.must("dvc", "repro");
  commit(host, "Results");

  // What computes beside us counts too: another sharp than was built with.
  const sharp = join(host.folder, "node_modules", "sharp", "package.json");
  const description = readFileSync(sharp, "utf8");
  writeFileSync(sharp, description.replace(/"version": "[^"]+"/, '"version": "0.1.2"'));
  const other = host.run("node", "dvc-poison.mjs", "restore");
  assert.notEqual(other.code, 0);
  assert.match(
    other.output,
    /node_modules\/sharp is 0\.1\.2; stages\.lock\.json, by which DVC knows this stage, says \d/,
  );
  assert.match(other.output, /npm install sharp@/);
  writeFileSync(sharp, description);

  upgrade(host);
  const refused = host.run("node", "dvc-poison.mjs", "plot");
  assert.notEqual(refused.code, 0);
  assert.match(
    refused.output,
    /stages\.lock\.json, by which DVC knows the code of plot, is of another version of dvc-poison/,
  );
  assert.match(refused.output, /npx dvc-poison init/);

  const said = host.npx("init", "--no-setup");
  assert.match(said, /stages\.lock\.json: renewed/);
  assert.match(said, /params\.yaml: train\.patience/);
  assert.match(said, /dvc\.yaml: stage train-top: train\.patience/);
  assert.match(host.read("params.yaml"), /^ {2}patience: 0 +# epochs without a gain/m);
  const status = host.must("dvc", "status");
  assert.match(status, /^plot:$/m);
  assert.doesNotMatch(status, /^(restore|poison|extract-bottleneck):$/m);
  assert.match(host.npx("init", "--no-setup"), /nothing to do/);
});

/** Makes the installed package another version: other code of plot, and a parameter more for train-top. */
function upgrade({ folder }: Host): void {
  const dist = join(folder, "node_modules", "dvc-poison", "dist");
  const change = (file: string, from: RegExp, to: string) => {
    const text = readFileSync(join(dist, file), "utf8");
    assert.match(text, from);
    writeFileSync(join(dist, file), text.replace(from, to));
  };
  change("stages.lock.json", /"plot": "\w+"/, '"plot": "0123456789ab"');
  change(
    "template/params.yaml",
    /^( +)export_full:/m,
    "$1patience: 0   # epochs without a gain before training stops, 0: never\n$1export_full:",
  );
  change("template/dvc.yaml", /^( +)- train\.optimizer$/m, "$1- train.optimizer\n$1- train.patience");
}

test("the launcher says what is missing, and finds the packages of the main worktree", async (t) => {
  const host = await createHost(t);
  host.npx("init", "--no-setup");
  commit(host, "Add dvc-poison");
  const other = join(temporaryFolder(t), "other");
  host.must("git", "worktree", "add", "--quiet", other);
  const run = (folder: string) =>
    spawnSync("node", ["dvc-poison.mjs", "poison", "--help"], { cwd: folder, env: host.env, encoding: "utf8" });
  assert.match(run(other).stdout, /Swap the labels/);
  renameSync(join(host.folder, "node_modules"), join(host.folder, "elsewhere"));
  for (const folder of [other, host.folder]) {
    const { status, stderr } = run(folder);
    assert.equal(status, 1);
    assert.match(stderr, /^error: the package dvc-poison is not installed here\.\nhint: npm install; .*\n$/);
  }
});

test("init stops where it would take something of the project's own, by name", async (t) => {
  const host = await createHost(t, { files: { "dvc.yaml": "stages:\n  poison:\n    cmd: make\n" } });
  const refuse = (message: RegExp, ...args: string[]) => {
    const before = host.must("git", "status", "--porcelain", "--untracked-files=all");
    const { code, output } = host.run("npx", "dvc-poison", "init", "--no-setup", ...args);
    assert.equal(code, 1);
    assert.match(output, message);
    assert.equal(host.must("git", "status", "--porcelain", "--untracked-files=all"), before);
  };
  refuse(/there is a stage "poison" already, which is not dvc-poison's/);
  writeFileSync(join(host.folder, "dvc.yaml"), "stages:\n  mine:\n    cmd: make\n    outs:\n    - data\n");
  refuse(/our stage "restore" writes data\/images, but "mine" writes data/);
  writeFileSync(join(host.folder, "dvc.yaml"), "stages: [1, 2\n");
  refuse(/dvc\.yaml:2: not valid YAML/);
  rmSync(join(host.folder, "dvc.yaml"));
  mkdirSync(join(host.folder, "metrics"));
  writeFileSync(join(host.folder, "metrics/train.json"), "{}");
  refuse(/metrics\/train\.json: is there already, and the stage "train-top" would write it/);
  refuse(/there is no stage "sing"/, "--stages", "sing");
  const outside = temporaryFolder(t);
  cpSync(join(host.folder, "package.json"), join(outside, "package.json"));
  const { status, stderr } = spawnSync("node", [join(host.folder, "node_modules/dvc-poison/scripts/cli.mjs"), "init"], {
    cwd: outside,
    env: host.env,
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /no DVC project, here or around/);
});
