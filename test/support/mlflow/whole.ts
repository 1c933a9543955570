import assert from "node:assert/strict";
import type { FakeMlflow, FakeRun } from "./fake-server.ts";

const EPOCH_METRICS = ["loss", "accuracy", "val_loss", "val_accuracy"];

/** The one run. */
export const theRun = (server: FakeMlflow): FakeRun => {
  assert.equal(server.runs.length, 1);
  return server.runs[0] as FakeRun;
};

/** Steps at which a metric was logged, in order. */
export const stepsOf = (run: FakeRun, key: string) =>
  run.metrics.filter((point) => point.key === key).map(({ step }) => step);

/** 1, 2, … */
export const upTo = (epochs: number) => Array.from({ length: epochs }, (_, i) => i + 1);

/** The run holds everything a training has to say, each figure once. */
export function assertWhole(server: FakeMlflow, epochs: number): void {
  const run = theRun(server);
  assert.equal(run.status, "FINISHED");
  assert.ok((run.end_time as number) >= run.start_time);
  for (const key of EPOCH_METRICS) assert.deepEqual(stepsOf(run, key), upTo(epochs), key);
  for (const key of ["generalization_gap", "system/duration_s", "system/images_per_s", "validation.auroc"])
    assert.deepEqual(stepsOf(run, key), [epochs], key);
  assert.ok(Number(run.tags.best_epoch) >= 1);
  assert.match(run.tags["mlflow.note.content"] as string, /^\*\*[\d.]+ % validation accuracy\*\*/);
  const root = `1/${run.id}/artifacts/`;
  for (const path of ["plots/history.json", "plots/history.csv", "data/labels.csv", "params.yaml"])
    assert.ok(server.artifacts.has(root + path), path);
  assert.equal(server.models.length, 1);
  assert.equal(server.models[0]?.status, "LOGGED_MODEL_READY");
  assert.deepEqual(run.models, ["m0"]);
}
