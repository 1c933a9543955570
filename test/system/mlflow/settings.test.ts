import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readLabels, writeLabels } from "../../../src/records/labels/labels.ts";
import { createExperiment, fine } from "../../support/mlflow/experiment.ts";
import { fakeMlflow } from "../../support/mlflow/fake-server.ts";
import { assertWhole, theRun } from "../../support/mlflow/whole.ts";
import { setParams } from "../../support/project.ts";

const made = { params: {}, metrics: [], datasets: [], models: [] };

test("MLFLOW_RUN_ID: the stages log into that run, live and from the spool", async (t) => {
  const server = await fakeMlflow(t);
  const experiment = await createExperiment(t);
  server.runs.push({ id: "abc0", name: "chosen", start_time: Date.now(), status: "RUNNING", tags: {}, ...made });
  const env = { MLFLOW_TRACKING_URI: server.uri, MLFLOW_RUN_ID: "abc0" };
  await server.stop();
  fine(await experiment.trainTop(env));
  await server.start();
  fine(await experiment.sync({ MLFLOW_TRACKING_URI: server.uri }));
  assertWhole(server, 3);
  assert.doesNotMatch(fine(await experiment.trainTop(env)), /warning/);
  assertWhole(server, 3);
  assert.deepEqual([theRun(server).id, theRun(server).name], ["abc0", "chosen"]);

  setParams(experiment, ["seed=7"]);
  assert.match(
    fine(await experiment.trainTop(env)),
    /warning: MLflow: MLFLOW_RUN_ID: the run abc0 is another experiment's/,
  );
  assert.equal(server.runs.length, 2);
  const wrong = await experiment.trainTop({ ...env, MLFLOW_RUN_ID: "../x" });
  assert.match(fine(wrong), /warning: MLflow: not logged: MLFLOW_RUN_ID is "\.\.\/x"; it must be the id of a run/);
});

test("MLFLOW_EXPERIMENT_ID: runs belong to that experiment; one that the server has not is said, and what waits can go elsewhere", async (t) => {
  const server = await fakeMlflow(t);
  const experiment = await createExperiment(t);
  const env = { MLFLOW_TRACKING_URI: server.uri };
  fine(await experiment.trainTop({ ...env, MLFLOW_EXPERIMENT_ID: "1" }));
  assertWhole(server, 3);
  assert.ok(!server.requests.some(({ what }) => what === "GET experiments/get-by-name"));
  fine(await experiment.trainTop({ ...env, MLFLOW_EXPERIMENT_ID: "1", MLFLOW_EXPERIMENT_NAME: "the first" }));

  server.runs.length = 0;
  server.models.length = 0;
  const two = await experiment.trainTop({ ...env, MLFLOW_EXPERIMENT_ID: "1", MLFLOW_EXPERIMENT_NAME: "another" });
  assert.match(fine(two), /the experiment 1: its name is "the first", not "another"/);
  const absent = await experiment.trainTop({ ...env, MLFLOW_EXPERIMENT_ID: "77" });
  assert.match(fine(absent), /warning: MLflow at \S+ the experiment 77: this server has none with that id/);
  assert.deepEqual([server.runs.length, experiment.spooled().length], [0, 2]);
  rmSync(join(experiment.folder, "plots"), { recursive: true });
  assert.match(fine(await experiment.sync(env)), /What waits for it goes to dvc-poison/);
  assertWhole(server, 3);
  assert.deepEqual(experiment.spooled(), []);
});

test("a level in params.yaml that is not the labels': the run has the labels' own, and the stage says so", async (t) => {
  const server = await fakeMlflow(t);
  const experiment = await createExperiment(t);
  const env = { MLFLOW_TRACKING_URI: server.uri };
  const file = join(experiment.folder, "data/labels.csv");
  const rows = await readLabels(file);
  const other = (label: string) => (label === "cats" ? "dogs" : "cats");
  const training = rows.filter(({ split }) => split === "train");
  for (const [i, row] of training.entries()) row.label = i % 20 < 11 ? other(row.true_label) : row.true_label;
  await writeLabels(file, rows);
  setParams(experiment, ["poison=12"]); // as `dvc exp run -s train-top -S poison=12` has it
  const output = fine(await experiment.trainTop(env));
  assert.match(
    output,
    /warning: MLflow: params\.yaml has poison: 12, but what was trained on was made with 55: the run says 55/,
  );
  assert.deepEqual([theRun(server).params.poison, theRun(server).name], ["55", "poison-55-seed-1"]);

  // The past is logged as the same run.
  assert.match(fine(await experiment.sync(env, "workspace")), /workspace: is there already/);

  // What the poison stage was asked for is believed where it speaks of this very table.
  const metrics = join(experiment.folder, "metrics/labels.json");
  const asked = JSON.parse(readFileSync(join(experiment.folder, "metrics/train.json"), "utf8")).poisoned_images;
  assert.equal(asked, 22);
  setParams(experiment, ["poison=55"]);
  writeFileSync(metrics, JSON.stringify({ poison_asked: 90, poison_reached: 55, poisoned_classes: 2 }));
  const said = fine(await experiment.trainTop(env));
  assert.match(said, /params\.yaml has poison: 55, but what was trained on was made with 90/);
});
