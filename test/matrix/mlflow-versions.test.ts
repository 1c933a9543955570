import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { attempt } from "../../scripts/setup/run.mjs";
import { createExperiment, fine } from "../support/mlflow/experiment.ts";
import { type FoundRun, realMlflow } from "../support/mlflow/real-server.ts";
import { mlflowVersion } from "../support/mlflow/versions.ts";
import { needs } from "../support/needs.ts";
import { setParams } from "../support/project.ts";
import { validationFeatures } from "../support/validation-features.ts";

const MISSING = "uv is not here, or cannot reach PyPI";
const EPOCH_METRICS = ["loss", "accuracy", "val_loss", "val_accuracy"];

const doctor = async (uri: string) =>
  (await attempt(process.execPath, ["scripts/doctor.mjs"], { env: { ...process.env, MLFLOW_TRACKING_URI: uri } }))
    .output;

const PICTURE = "test/golden/cat.4362.jpg";
/** How much of a dog the model of the first version sees in it. */
let shown: number | undefined;

/** The run holds everything, each thing once, as this version's own client sees it. */
function assertWhole(run: FoundRun, { poison, tool }: { poison: string; tool: string }): void {
  assert.equal(run.status, "FINISHED", tool);
  assert.ok(run.seconds >= 0);
  assert.equal(run.params.poison, poison);
  for (const key of EPOCH_METRICS)
    assert.deepEqual(
      run.metrics[key]?.map(([step]) => step),
      [1, 2, 3],
      key,
    );
  for (const key of ["generalization_gap", "memorization.true_labels_learned", "validation.auroc"])
    assert.equal(run.metrics[key]?.length, 1, key);
  assert.equal(run.tags["dataset.train_images"], "40");
  assert.match(run.tags["mlflow.note.content"] ?? "", /validation accuracy\*\*.*4 of 40 training labels swapped/);
  assert.equal(run.datasets.length, 3);
  for (const path of ["plots/history.json", "data/labels.csv", "params.yaml"])
    assert.ok(run.artifacts.includes(path), path);
  assert.equal(run.models.length, 1);
}

/** All before the first test: the runner removes them when no test is left. */
const SERVED = [
  ["2.14.*", "files"],
  ["2.22.*", "files"],
  ["3.1.*", "models"],
  ["3.5.*", "models"],
  [undefined, "models"],
] as const;
const bins: (string | undefined)[] = [];
for (const [version] of SERVED) bins.push(await mlflowVersion(version));
const former = await mlflowVersion("2.9.*", { loads: false });

for (const [i, [version, models]] of SERVED.entries()) {
  const bin = bins[i];
  const name = `MLflow ${version ?? "newest"}`;

  test(
    `${name}: live, again, registered twice and afterwards; its own client finds it whole and loads the model`,
    needs(bin, MISSING),
    async (t) => {
      const server = await realMlflow({ bin: bin as string });
      t.after(() => server.stop());
      const env = { MLFLOW_TRACKING_URI: server.uri, MLFLOW_EXPERIMENT_NAME: "versions" };
      const experiment = await createExperiment(t);
      const registers = ["--register", "cats-dogs"];
      const said = [fine(await experiment.trainTop(env))];
      const predictions: { probability: number }[] = JSON.parse(experiment.read("plots/predictions.json"));
      for (let repeat = 0; repeat < 2; repeat++) said.push(fine(await experiment.trainTop(env, ...registers)));
      for (const output of said) {
        const warnings = output.match(/warning: .*/g) ?? [];
        assert.equal(warnings.length, models === "files" ? 1 : 0, output);
        if (models === "files")
          assert.match(
            warnings.join(),
            /the server is MLflow 2\.\d+\.\d+: the model top-model is logged among the files/,
          );
      }
      assert.deepEqual(experiment.spooled(), []);

      const past = await createExperiment(t);
      setParams({ folder: past.folder }, ["train.epochs=3", "train.dropout=0.25", "train.export_full=true"]);
      fine(await past.trainTop({}));
      assert.match(fine(await past.sync(env, "workspace")), /workspace: logged$/m);
      assert.match(fine(await past.sync(env, "workspace")), /workspace: is there already$/m);

      const features = await validationFeatures(
        join(experiment.folder, "data/bottleneck"),
        join(experiment.folder, "validation.npy"),
      );
      const all = (await server.verify("versions")).runs;
      assert.equal(all.length, 2);
      for (const run of all) assertWhole(run, { poison: "10", tool: name });
      const registered = all.find(({ params }) => params["train.dropout"] !== "0.25") as FoundRun;
      const { model } = await server.verify("versions", { run: registered.id, features });
      assert.equal(model.probabilities.length, predictions.length);
      for (const [i, { probability }] of predictions.entries())
        assert.ok(Math.abs((model.probabilities[i] as number) - probability) < 2e-6);
      assert.ok(model.same_by_run && model.example_is_first_row);
      assert.match(model.status, /READY/);
      assert.deepEqual(model.versions, [["cats-dogs", 1]]);
      if (models === "files") assert.deepEqual(registered.models, ["top-model"]);
      else assert.deepEqual(Object.keys(model.datasets).sort(), ["train", "validation"]);
      const whole = all.find((run) => run !== registered) as FoundRun;
      const answer = await server.show("versions", whole.id, PICTURE);
      assert.match(answer.signature.inputs, /"image".*binary|binary.*"image"/);
      const [cats, dogs] = answer.probabilities as [number, number];
      assert.ok(Math.abs(cats + dogs - 1) < 1e-6);
      assert.equal(answer.class, dogs > cats ? "dogs" : "cats");
      shown ??= dogs;
      assert.ok(Math.abs(dogs - shown) < 1e-5, `${dogs}, and ${shown} with another version`);
      assert.match(await doctor(server.uri), /^✓ MLflow server .*answers: MLflow \d+\.\d+/m);
    },
  );
}

test(
  "MLflow 2.9: refused by name, by stage, sync and doctor, and nothing is on the server",
  needs(former, MISSING),
  async (t) => {
    const server = await realMlflow({ bin: former as string });
    t.after(() => server.stop());
    const env = { MLFLOW_TRACKING_URI: server.uri };
    const experiment = await createExperiment(t);
    const output = fine(await experiment.trainTop(env));
    assert.match(output, /warning: MLflow at http:\S+: it is MLflow 2\.9\.\d; 2\.14 is the oldest/);
    assert.equal(output.match(/warning: /g)?.length, 1);
    const sync = await experiment.sync(env, "workspace");
    assert.equal(sync.code, 1);
    assert.match(sync.output, /it is MLflow 2\.9\.\d; 2\.14 is the oldest/);
    assert.equal(experiment.spooled().length, 1);
    const strict = await experiment.trainTop({ ...env, MLFLOW_STRICT: "1" });
    assert.equal(strict.code, 1, strict.output);
    assert.match(
      await doctor(server.uri),
      /^! MLflow server .*is MLflow 2\.9\.\d, to which nothing is logged\n +→ 2\.14 is the oldest/m,
    );
    const answer = await fetch(`${server.uri}/api/2.0/mlflow/experiments/search?max_results=10`);
    const { experiments } = (await answer.json()) as { experiments: { name: string }[] };
    assert.deepEqual(
      experiments.map(({ name }) => name),
      ["Default"],
    );
  },
);
