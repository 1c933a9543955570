import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createExample } from "../../support/example.ts";
import { type FoundRun, realMlflow } from "../../support/mlflow/real-server.ts";
import { stagesRun } from "../../support/project.ts";

const server = await realMlflow();
after(() => server.stop());

const DEFAULT = "http://localhost:5000";

test("labels of texts are poisoned, trained on, measured and logged, as the README says", async (t) => {
  const { follow, read, must, run } = await createExample(t, "text-labels");
  const said = follow((line) => line.replace(DEFAULT, server.uri));

  const ran = (line: string) => stagesRun(said.get(line) as string);
  assert.deepEqual(ran("dvc exp run"), ["swap", "train", "evaluate"]);
  assert.deepEqual(ran("dvc exp run -S poison=30"), ["swap", "train", "evaluate"]);
  assert.deepEqual(ran("dvc exp run -S model.hidden_units=8"), ["train", "evaluate"]);
  assert.match(said.get("dvc repro") as string, /up to date/);

  const committed = (file: string) => JSON.parse(must("git", "show", `HEAD:metrics/${file}.json`));
  assert.equal(committed("validation").accuracy.toFixed(2), "0.93");
  assert.equal(committed("comparison").accuracy_of_true_labels, 1);
  assert.ok(committed("comparison").mcnemar_p < 0.05);
  assert.ok(committed("memorization").wrong_labels_memorized > 0.9);

  const rows = read("data/labels.csv").trim().split("\n").slice(1);
  const lies = rows.map((row) => row.split(",")).filter(([, label, truth]) => label !== truth);
  assert.equal(rows.length, 240);
  assert.equal(lies.length, 45, "30 % of 150");
  assert.ok(lies.every(([split]) => split === "train"));
  const now = JSON.parse(read("metrics/comparison.json"));
  assert.ok(now.difference < -0.1, `${now.difference}`);
  assert.match(said.get("dvc metrics diff") as string, /metrics\/comparison\.json +difference/);

  must("bash", "-c", `MLFLOW_TRACKING_URI=${server.uri} dvc repro --force --single-item evaluate`);
  const { runs } = await server.verify("text-labels");
  assert.equal(runs.length, 1, "logged twice, and one run");
  const logged = runs[0] as FoundRun;
  assert.equal(logged.name, "poison-30-seed-1");
  assert.equal(logged.status, "FINISHED");
  assert.equal(logged.params.hidden_units, "8");
  assert.equal(logged.metrics.val_loss?.length, 30);
  assert.deepEqual(logged.metrics["comparison.difference"], [[0, now.difference]]);
  assert.ok("validation.recall.garden" in logged.metrics);
  assert.ok(logged.artifacts.includes("metrics/validation.json"));

  const refused = run("node", "stages/train.mjs", "-S", "model.optimizer=adagrad");
  assert.equal(refused.code, 1);
  assert.match(refused.output, /model is .*adagrad/);
});
