import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createProject, type Project } from "../../support/project.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const refs = (project: Project) => project.must("git", "for-each-ref", "--format=%(refname)", "refs/exps");
const experiments = (project: Project) => project.must("dvc", "exp", "list", "--name-only").trim().split("\n").sort();

test("npm start ends with the answer, and a run in which nothing has changed adds no experiment", (t) => {
  const project = createProject(t);
  const notes = temporaryFolder(t);
  mkdirSync(notes, { recursive: true });
  /** What scripts/start/answer.mjs does around DVC. */
  const start = (...args: string[]) => {
    writeFileSync(join(notes, "experiments"), refs(project));
    project.must("dvc", "exp", "run", ...args);
    return project.must("node", "scripts/cli.mjs", "answer", notes, ...args);
  };

  const clean = start("--name", "clean");
  assert.match(clean, /^\nValidation accuracy [\d.]+ % on clean labels \(training: [\d.]+ %\)\.\n/);
  assert.match(clean, /\ngenerated cats and dogs: 24 \+ 8 images of 2 classes; computed by cpu\n/);
  assert.match(
    clean,
    /\npictures: plots\/training\.png, plots\/poisoned-images\.jpg, plots\/wrong-predictions\.jpg\nnext:\n/,
  );
  assert.match(clean, /\n {2}npm start -- -S poison=7\.5 {2,}the same with poison\n/);
  assert.doesNotMatch(clean, /MLflow|Nothing has changed/);

  const again = start();
  assert.match(
    again,
    /^\nNothing has changed: these are the results of experiment clean, byte for byte\. No experiment was added\.\nValidation accuracy/,
  );
  assert.deepEqual(experiments(project), ["clean"]);

  writeFileSync(join(notes, "run-address"), "http://localhost:5000/#/experiments/1/runs/2\n");
  const poisoned = start("-S", "poison=25", "--name", "quarter");
  assert.match(
    poisoned,
    /^\nValidation accuracy [\d.]+ % with 25 % of the training labels swapped, [\d.]+ % on clean labels \(clean\): (no change|[\d.]+ points (lower|higher))\.\n/,
  );
  assert.match(poisoned, /\nMLflow: http:\/\/localhost:5000\/#\/experiments\/1\/runs\/2\n/);
  assert.match(poisoned, /metrics diff clean {2,}what the poison has changed/);

  assert.match(
    start("-S", "poison=25", "--name", "same"),
    /^\nNothing has changed: these are the results of experiment quarter, /,
  );
  assert.deepEqual(experiments(project), ["clean", "quarter", "same"], "what a person has named stays");

  const other = start("-S", "train.epochs=1");
  assert.match(other, /swapped\. No run on clean labels to compare with: npm start -- -S poison=0\n/);
});
