import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createProject, type Project, stagesRun } from "../../support/project.ts";

const ALL = ["restore", "extract-bottleneck", "poison", "train-top", "plot"];
const AFTER_POISON = ["poison", "train-top", "plot"];
const OUTPUTS = [
  "dvc.lock",
  "metrics/train.json",
  "plots/history.json",
  "plots/predictions.json",
  "plots/training.png",
  "data/labels.csv",
];

const swapped = (project: Project) =>
  project
    .read("data/labels.csv")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","))
    .filter(([, , label, truth]) => label !== truth).length;

test("dvc exp run: everything once; another poison level runs poison, train-top and plot alone", (t) => {
  const project = createProject(t);
  assert.deepEqual(stagesRun(project.must("dvc", "exp", "run", "--name", "clean")).sort(), [...ALL].sort());
  assert.equal(swapped(project), 0);
  const clean = OUTPUTS.map(project.read);
  assert.deepEqual(stagesRun(project.must("dvc", "exp", "run", "--name", "half", "-S", "poison=50")), AFTER_POISON);
  assert.equal(swapped(project), 12);
  assert.match(project.must("dvc", "status"), /up to date/);
  assert.match(project.must("dvc", "metrics", "diff", "clean", "half"), /poisoned_images/);
  const files = Object.keys(JSON.parse(project.must("dvc", "metrics", "show", "--json"))[""].data);
  assert.deepEqual(
    files.sort(),
    ["labels", "memorization", "train", "validation"].map((name) => `metrics/${name}.json`),
  );

  // In a copy of the workspace: the same, and the workspace is left alone.
  const output = project.must("dvc", "exp", "run", "--temp", "--name", "quarter", "-S", "poison=25");
  assert.deepEqual(stagesRun(output), AFTER_POISON);
  assert.equal(swapped(project), 12);
  project.must("dvc", "exp", "apply", "quarter");
  assert.equal(swapped(project), 6);
  assert.match(project.must("dvc", "status"), /up to date/);

  // Back to the first level: the run cache has it, the pictures too, which git keeps; all bytes are those of the first run.
  assert.deepEqual(stagesRun(project.must("dvc", "exp", "run", "-S", "poison=0")), []);
  assert.deepEqual(OUTPUTS.map(project.read), clean);
});

test("the queue runs levels one after the other, without extracting again", (t) => {
  const project = createProject(t);
  project.must("dvc", "exp", "run");
  project.must("git", "add", "--all");
  project.must("git", "commit", "--quiet", "--message", "Clean");
  project.must("dvc", "exp", "run", "--queue", "-S", "poison=15,25");
  const output = project.must("dvc", "exp", "run", "--run-all");
  assert.deepEqual(stagesRun(output), [...AFTER_POISON, ...AFTER_POISON]);
  const shown: Record<string, unknown>[] = JSON.parse(project.must("dvc", "exp", "show", "--json"));
  assert.equal((JSON.stringify(shown).match(/"poisoned_images": ?(4|6)\b/g) ?? []).length, 2);
});

test("two runs from nothing give identical bytes, one of them in a plain folder without git by dvc repro", (t) => {
  const first = createProject(t, { git: false });
  assert.deepEqual(stagesRun(first.must("dvc", "repro")).sort(), [...ALL].sort());
  assert.match(first.must("dvc", "status"), /up to date/);
  assert.ok(existsSync(join(first.folder, "plots/training.png")));
  const bytes = OUTPUTS.map(first.read);
  first.must("dvc", "repro", "--force");
  assert.deepEqual(OUTPUTS.map(first.read), bytes); // dvc.lock holds the MD5 of every output, pictures and weights among them
  const second = createProject(t);
  second.must("dvc", "repro");
  assert.deepEqual(OUTPUTS.map(second.read), bytes);
});

test("works without a git identity", (t) => {
  const project = createProject(t, { identity: false });
  assert.deepEqual(stagesRun(project.must("dvc", "exp", "run", "-S", "poison=10")).sort(), [...ALL].sort());
});

test("a failing stage stops the run with its message and leaves no output", (t) => {
  const project = createProject(t);
  project.must("dvc", "repro", "restore");
  const { code, output } = project.run("dvc", "exp", "run", "-S", "poison=101");
  assert.notEqual(code, 0);
  assert.match(output, /params\.yaml:\d+: poison is 101; it must be at most 100\./);
  assert.ok(
    !readdirSync(join(project.folder, "data")).some((name) => name.includes("labels") || name.includes("partial")),
  );
});
