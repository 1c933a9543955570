import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { doctorOf } from "../../support/doctor.ts";
import { createProject, type Project, setParams } from "../../support/project.ts";

const POISON = ["poison", "--images", "data/images", "--out", "data/labels.csv", "--metrics", "metrics/labels.json"];

/** All that is called after a merge, and what it printed; each has refused. */
function callAll(project: Project): Record<string, string> {
  const calls = {
    start: ["scripts/start.mjs"],
    sweep: ["scripts/sweep.mjs", "--levels", "0"],
    report: ["--import", "tsx", "src/commands/report.ts", "--base", "other"],
  };
  const said = Object.entries(calls).map(([name, args]) => {
    const { code, output } = project.run("node", ...args);
    assert.equal(code, 1, `${name}: ${output}`);
    assert.doesNotMatch(output, /\n {4}at /, name);
    return [name, output];
  });
  return Object.fromEntries([...said, ["doctor", doctorOf(project)]]);
}

/** Of each file a merge may leave in conflict. */
const conflict = (file: string) =>
  new RegExp(
    `${file}:\\d+: conflict markers of git \\(<<<<<<<\\).*\\n *(hint:|→) Take one side \\(\`git checkout --ours ${file}`,
  );

test("a merge that nobody has settled is said by file, line and remedy, by whoever is asked", (t) => {
  const project = createProject(t);
  const runAt = (level: number) => {
    setParams(project, [`poison=${level}`]);
    project.must("dvc", "repro", "--quiet", "train-top");
    project.must("git", "add", "--all");
    project.must("git", "commit", "--quiet", "--message", `Level ${level}`);
  };
  runAt(0);
  project.must("git", "checkout", "--quiet", "-b", "other");
  runAt(25);
  project.must("git", "checkout", "--quiet", "main");
  runAt(50);
  assert.equal(project.run("git", "merge", "other").code, 1);

  assert.match(project.run("node", "dvc-poison.mjs", ...POISON).output, conflict("params.yaml"));
  for (const [name, output] of Object.entries(callAll(project)))
    assert.match(output, conflict(name === "report" ? "dvc.lock" : "params.yaml"), name);

  project.must("git", "checkout", "--ours", "params.yaml");
  for (const [name, output] of Object.entries(callAll(project))) assert.match(output, conflict("dvc.lock"), name);

  project.must("git", "checkout", "--ours", "dvc.lock");
  const pipeline = project.read("dvc.yaml");
  writeFileSync(join(project.folder, "dvc.yaml"), `<<<<<<< HEAD\n${pipeline}=======\n${pipeline}>>>>>>> other\n`);
  for (const [name, output] of Object.entries(callAll(project))) assert.match(output, conflict("dvc.yaml"), name);
  assert.match(project.run("node", "dvc-poison.mjs", ...POISON).output, conflict("dvc.yaml"));

  writeFileSync(join(project.folder, "dvc.yaml"), pipeline);
  const settled = /dvc\.lock and \d+ more: git holds a merge for unsettled.*\n *(hint:|→) `git checkout --ours FILE`/;
  assert.match(project.run("node", "scripts/start.mjs").output, settled);
  assert.match(project.run("node", "scripts/sweep.mjs").output, settled);
  const doctor = doctorOf(project);
  assert.match(doctor, settled);
  assert.match(doctor, /^✗ Merge .*[\s\S]*The pipeline cannot run yet\.\s*$/m);
});
