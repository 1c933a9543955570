import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { dropUnfinishedRuns } from "../../../src/dvc/run-cache.ts";
import { type FoundRun, realMlflow } from "../../support/mlflow/real-server.ts";
import { type Project, setParams, stagesRun } from "../../support/project.ts";
import { SWEEP, sweepProject } from "../../support/sweep-project.ts";

const logs = (project: Project) =>
  readdirSync(join(project.folder, ".dvc/tmp/sweep")).filter((file) => file.startsWith("poison-"));

const count = (project: Project, stage: string) =>
  logs(project)
    .flatMap((file) => stagesRun(project.read(`.dvc/tmp/sweep/${file}`)))
    .filter((name) => name === stage).length;

test("a sweep extracts once, can be repeated, resumed and tagged, and leaves plain DVC experiments", (t) => {
  const project = sweepProject(t);
  const first = project.must("node", ...SWEEP, "--levels", "0,50", "--seeds", "1..2", "--jobs", "2", "--tag");
  assert.equal(count(project, "extract-bottleneck"), 1);
  assert.equal(count(project, "train-top"), 4);
  assert.match(first, /50 %\s+12\s+2\s/);
  const { levels, results } = JSON.parse(project.read("metrics/sweep.json"));
  assert.deepEqual(
    levels.map((row: { level: number; n: number; poisoned_images: number }) => [row.level, row.n, row.poisoned_images]),
    [
      [0, 2, 0],
      [50, 2, 12],
    ],
  );
  assert.equal(results.length, 4);
  assert.match(project.read("metrics/sweep.md"), /^\| 50 % \| 12 \| 2 \|/m);
  for (const file of ["sweep.png", "sweep-curves.png", "poison_0_percent_metrics.jpg", "poison_50_percent_metrics.jpg"])
    assert.ok(readdirSync(join(project.folder, "plots")).includes(file), file);
  assert.match(project.must("dvc", "exp", "list", "--name-only"), /poison-50-seed-2/);
  assert.match(project.must("dvc", "metrics", "diff", "poison-0", "poison-50"), /poisoned_images\s+0\s+12\s+12/);

  const again = project.must("node", ...SWEEP, "--levels", "0,50", "--seeds", "1..2");
  assert.match(again, /4 of 4 experiments are done already/);
  assert.doesNotMatch(again, /sweep: \d+ experiments in/);

  const more = project.must("node", ...SWEEP, "--levels", "0,25,50");
  assert.match(more, /2 of 3 experiments are done already/);
  assert.equal(count(project, "extract-bottleneck"), 1);

  const before = project.must("dvc", "exp", "list", "--name-only");
  const forced = project.must("node", ...SWEEP, "--levels", "50", "--force");
  assert.doesNotMatch(forced, /done already|failed/);
  const ran = stagesRun(project.read(".dvc/tmp/sweep/poison-50-seed-1.log"));
  assert.ok(ran.includes("train-top"), `${ran}`);
  assert.equal(project.must("dvc", "exp", "list", "--name-only"), before);
});

test("with MLflow on, a sweep is a run with its experiments below it, those that DVC takes from its cache too, once", async (t) => {
  const server = await realMlflow();
  t.after(() => server.stop());
  const project = sweepProject(t);
  project.must("dvc", "exp", "run", "--temp", "--name", "before", "-S", "poison=50");
  Object.assign(project.env, { MLFLOW_TRACKING_URI: server.uri, MLFLOW_EXPERIMENT_NAME: "sweep" });
  assert.match(project.must("node", ...SWEEP, "--levels", "50"), /poison-50-seed-1: logged/);
  assert.equal(count(project, "train-top"), 0);
  const first = await server.verify("sweep");
  const more = project.must("node", ...SWEEP, "--levels", "0,50");
  assert.match(more, /poison-50-seed-1: is there already/);
  const { runs } = await server.verify("sweep");
  const [sweep, ...others] = runs.filter(({ name }) => name === "sweep") as [FoundRun];
  assert.deepEqual(others, []);
  assert.deepEqual(
    runs
      .filter((run) => run !== sweep)
      .map(({ name, status, tags, models }) => [name, status, tags.stage, tags["mlflow.parentRunId"], models.length])
      .sort(),
    [
      ["poison-0-seed-1", "FINISHED", "train-top", sweep.id, 1],
      ["poison-50-seed-1", "FINISHED", "train-top", sweep.id, 1],
    ],
  );
  // It goes on with the run that it has: the table and the pictures are those of all levels.
  assert.equal(first.runs.find(({ name }) => name === "sweep")?.tags.levels, "50");
  assert.deepEqual([sweep.status, sweep.tags.levels, sweep.tags.seeds], ["FINISHED", "0, 50", "1"]);
  assert.equal(sweep.params["train.epochs"], "2");
  assert.ok(!("poison" in sweep.params || "seed" in sweep.params));
  for (const file of ["metrics/sweep.md", "metrics/sweep.json", "plots/sweep.png", "plots/sweep-curves.png"])
    assert.ok(sweep.artifacts.includes(file), file);
  const note = sweep.tags["mlflow.note.content"] as string;
  assert.ok(note.startsWith(project.read("metrics/sweep.md").trim().replaceAll(" -: |", " ---: |")));
  assert.deepEqual(
    [...note.matchAll(/!\[.+?\]\(get-artifact\?path=preview%2F([\w-]+)\.png&run_uuid=(\w+)\)/g)].map(
      ([, ...found]) => found,
    ),
    [
      ["sweep", sweep.id],
      ["sweep-curves", sweep.id],
    ],
  );
  assert.ok(more.includes(`/runs/${sweep.id}?workflowType=machine_learning\n`), more);
});

test("a failing level does not stop the others, and the summary says why", (t) => {
  const project = sweepProject(t);
  project.must("dvc", "repro", "restore");
  const own = join(project.folder, "own");
  cpSync(join(project.folder, "data/images/train"), join(own, "train"), { recursive: true });
  cpSync(join(project.folder, "data/images/validation"), join(own, "validation"), { recursive: true });
  mkdirSync(join(own, "train/dogs-few"));
  cpSync(join(own, "train/dogs/dog.1.jpg"), join(own, "train/dogs-few/dog.1.jpg"));
  project.must("rm", "-r", join(own, "train/dogs"));
  project.must("mv", join(own, "train/dogs-few"), join(own, "train/dogs"));
  setParams(project, [`data.source=path:${own}`, "data.train_per_class=all", "data.validation_per_class=all"]);
  // At 10 % one image is swapped; with seed 6 it is the only dog, and training is left with cats.
  const { code, output } = project.run("node", ...SWEEP, "--levels", "0,10,90", "--seeds", "6");
  assert.equal(code, 1);
  assert.match(output, /failed: poison-10-seed-6: .*one class/);
  assert.match(output, /^ *90 %/m);
});

test("what an interrupted DVC left in its run cache is not taken for an entry", async (t) => {
  const project = sweepProject(t);
  project.must("dvc", "repro", "poison");
  const runs = join(project.folder, ".dvc/cache/runs");
  const entries = readdirSync(runs, { recursive: true, encoding: "utf8" }).filter((file) => /\/.*\//.test(file));
  for (const entry of entries) {
    const half = readFileSync(join(runs, entry), "utf8").split("deps:")[0] as string;
    writeFileSync(join(runs, entry, "..", ".interrupted.tmp"), half);
  }
  assert.ok(entries.length >= 2);
  project.must("rm", "dvc.lock", "data/labels.csv");
  assert.match(
    project.run("dvc", "repro", "poison").output,
    /failed to reproduce '\w+': 'outs'/,
    "DVC has been mended: delete run-cache.ts",
  );
  await dropUnfinishedRuns(join(project.folder, ".dvc/cache"));
  project.must("dvc", "repro", "poison");
});

test("Ctrl-C leaves a consistent state, and the next call goes on", async (t) => {
  const project = sweepProject(t);
  const args = [...SWEEP, "--levels", "0,50"];
  const child = spawn("node", args, { cwd: project.folder, env: project.env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (/poison-0-seed-1: val_accuracy/.test(text)) setTimeout(() => child.kill("SIGINT"), 3000); // in the second experiment
    });
  }
  const code = await new Promise((end) => child.on("close", end));
  assert.equal(code, 130, said);
  assert.match(said, /the same command goes on from here/);
  assert.doesNotMatch(project.must("dvc", "exp", "list", "--name-only"), /poison-50/);
  const next = project.must("node", ...args);
  assert.match(next, /1 of 2 experiments are done already/);
  assert.match(project.must("dvc", "exp", "list", "--name-only"), /poison-50/);
});
