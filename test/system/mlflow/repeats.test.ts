import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createExperiment, fine } from "../../support/mlflow/experiment.ts";
import { type FakeMlflow, fakeMlflow } from "../../support/mlflow/fake-server.ts";
import { assertWhole, theRun } from "../../support/mlflow/whole.ts";

async function setting(t: TestContext, epochs = 3) {
  const server = await fakeMlflow(t);
  const experiment = await createExperiment(t, { epochs });
  return { server, experiment, env: { MLFLOW_TRACKING_URI: server.uri } };
}

test("a finished run that waits is not lost when its repeats fail or are killed; sync delivers it whole", async (t) => {
  const { server, experiment, env } = await setting(t);
  await server.stop();
  fine(await experiment.trainTop(env));
  for (let repeat = 0; repeat < 2; repeat++) {
    const failed = await experiment.trainTop({ ...env, POISON_DEVICE: "toaster" });
    assert.equal(failed.code, 1, failed.output);
  }
  assert.equal(experiment.spooled().length, 2);
  // What the finished run has written is gone by now; its copies are not.
  for (const item of ["plots", "metrics", "data/model"])
    rmSync(join(experiment.folder, item), { recursive: true, force: true });
  await server.start();
  fine(await experiment.sync(env));
  assertWhole(server, 3);
  assert.equal(theRun(server).tags.failed_stage, undefined);
  assert.deepEqual(experiment.spooled(), []);
});

test("a repeat that finishes with the server there again settles the one that waits", async (t) => {
  const { server, experiment, env } = await setting(t);
  await server.stop();
  fine(await experiment.trainTop(env));
  await server.start();
  fine(await experiment.trainTop(env));
  assertWhole(server, 3);
  assert.deepEqual(experiment.spooled(), []);
  assert.match(fine(await experiment.sync(env)), /nothing waits/);
});

test("sync onto a run that was killed: it is FINISHED, of the experiment's name, and lasted no negative time", async (t) => {
  const { server, experiment, env } = await setting(t);
  fine(await experiment.trainTop({}));
  await pause(1100);
  server.before = ({ body }) => ((body.metrics as unknown[] | undefined)?.length ? new Promise(() => {}) : undefined);
  const copy = await createExperiment(t); // as `dvc exp run --temp` makes one
  const running = copy.start(["stages/train-top.ts"], { ...env, DVC_EXP_NAME: "first-try" });
  while (server.runs[0]?.params.poison === undefined) await pause(50);
  running.child.kill("SIGTERM");
  await running.ended;
  assert.deepEqual([theRun(server).name, theRun(server).status], ["first-try", "KILLED"]);
  server.before = () => undefined;

  assert.match(fine(await experiment.sync(env, "workspace")), /workspace: logged$/m);
  const run = theRun(server);
  assert.deepEqual([run.status, run.name, run.tags.failed_stage], ["FINISHED", "poison-10-seed-1", undefined]);
  assert.ok((run.end_time as number) >= run.start_time, `${run.start_time} to ${run.end_time}`);
});

test("a server slower to create a run than its answer may take: one training, one run", async (t) => {
  const { server, experiment, env } = await setting(t);
  const creations = () => server.requests.filter(({ what }) => what === "POST runs/create").length;
  server.before = async ({ what }) => {
    if (what === "POST runs/create" && creations() === 1) await pause(1000);
    return undefined;
  };
  const output = fine(await experiment.trainTop({ ...env, MLFLOW_HTTP_REQUEST_TIMEOUT: "0.4" }));
  assert.doesNotMatch(output, /warning/);
  assertWhole(server, 3);
  assert.equal(creations(), 1);
});

/** Says yes to everything that adds to a run, and adds nothing. */
const lie: FakeMlflow["before"] = ({ what }) =>
  ["POST runs/log-batch", "POST runs/outputs"].includes(what) || what.startsWith("PUT") ? "{}" : undefined;

test("a server that says yes to all and keeps nothing: nothing is lost for the next one", async (t) => {
  const { server, experiment, env } = await setting(t);
  server.before = lie;
  const output = fine(await experiment.trainTop(env));
  assert.match(output, /warning: MLflow at http:\S+: the server said yes to everything, but the run r0 lacks/);
  assert.equal(experiment.spooled().length, 1);
  for (const item of ["plots", "metrics", "data/model"])
    rmSync(join(experiment.folder, item), { recursive: true, force: true });
  server.before = () => undefined;
  server.models.length = 0; // READY without its files
  fine(await experiment.sync(env));
  assertWhole(server, 3);
  assert.deepEqual(experiment.spooled(), []);
});

test("a server that says yes to all and then is gone: the next one has every epoch", async (t) => {
  const { server, experiment, env } = await setting(t);
  server.before = (request, count) => (request.what.startsWith("PUT") ? 503 : lie(request, count));
  assert.equal(warningsIn(fine(await experiment.trainTop(env))), 1);
  const next = await fakeMlflow(t);
  fine(await experiment.sync({ MLFLOW_TRACKING_URI: next.uri }));
  assertWhole(next, 3);
});

const warningsIn = (output: string) => output.match(/warning: /g)?.length ?? 0;
