import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createExperiment, fine } from "../../support/mlflow/experiment.ts";
import { realMlflow } from "../../support/mlflow/real-server.ts";
import { validationFeatures } from "../../support/validation-features.ts";

interface Found {
  runs: { info: { run_id: string; status: string }; data: { metrics: { key: string }[] } }[];
  models: { info: { status: string } }[];
}

/** What MLflow's REST interface tells of an experiment: its client would try to list artifacts that nobody can reach. */
async function found(uri: string, name: string): Promise<Found> {
  const ask = async <T>(path: string, body?: object) => {
    const init = body && {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    };
    return (await fetch(`${uri}/api/2.0/mlflow/${path}`, init)).json() as Promise<T>;
  };
  const { experiment } = await ask<{ experiment: { experiment_id: string } }>(
    `experiments/get-by-name?experiment_name=${name}`,
  );
  const query = { experiment_ids: [experiment.experiment_id] };
  const { runs = [] } = await ask<Partial<Found>>("runs/search", query);
  const { models = [] } = await ask<Partial<Found>>("logged-models/search", query);
  return { runs, models };
}

test("--no-serve-artifacts, a folder that both see: MLflow's client finds files and model there", async (t) => {
  const server = await realMlflow({ store: ["--no-serve-artifacts", "--default-artifact-root", "FOLDER/artifacts"] });
  t.after(() => server.stop());
  const experiment = await createExperiment(t);
  const env = { MLFLOW_TRACKING_URI: server.uri, MLFLOW_EXPERIMENT_NAME: "shared" };
  for (let repeat = 0; repeat < 2; repeat++) assert.doesNotMatch(fine(await experiment.trainTop(env)), /warning/);
  const features = await validationFeatures(
    join(experiment.folder, "data/bottleneck"),
    join(experiment.folder, "validation.npy"),
  );
  const [run] = (await server.verify("shared")).runs;
  assert.equal(run?.status, "FINISHED");
  for (const path of ["plots/history.json", "params.yaml"]) assert.ok(run?.artifacts.includes(path), path);
  const { model } = await server.verify("shared", { run: run?.id as string, features });
  assert.match(model.status, /READY/);
  assert.equal(model.probabilities.length, 16);
  assert.deepEqual(
    (await found(server.uri, "shared")).models.map(({ info }) => info.status),
    ["LOGGED_MODEL_READY"],
  );
});

test("--no-serve-artifacts, out of reach: figures are logged, no model is PENDING, and the advice helps", async (t) => {
  const server = await realMlflow({
    store: ["--no-serve-artifacts", "--default-artifact-root", "s3://a-bucket/of-ours"],
  });
  t.after(() => server.stop());
  const experiment = await createExperiment(t);
  const env = { MLFLOW_TRACKING_URI: server.uri, MLFLOW_EXPERIMENT_NAME: "bucket" };
  const output = fine(await experiment.trainTop(env));
  assert.equal(output.match(/warning: /g)?.length, 1, output);
  assert.match(
    output,
    /artifacts of this experiment lie at s3:…, .*not logged.*--serve-artifacts, set MLFLOW_EXPERIMENT_NAME to a new name/,
  );
  const { runs, models } = await found(server.uri, "bucket");
  assert.deepEqual([runs.length, runs[0]?.info.status, models], [1, "FINISHED", []]);
  assert.ok(runs[0]?.data.metrics.some(({ key }) => key === "val_accuracy"));
  assert.deepEqual(experiment.spooled(), []);
  assert.ok(!readdirSync(experiment.folder).some((name) => name.startsWith("s3")));

  const strict = await experiment.trainTop({ ...env, MLFLOW_STRICT: "1" });
  assert.equal(strict.code, 1, strict.output);
  assert.match(strict.output, /artifacts of this experiment lie at s3:…/);
});
