import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createExperiment, type Experiment, type Outcome, write } from "../../support/mlflow/experiment.ts";
import { fakeMlflow } from "../../support/mlflow/fake-server.ts";
import { assertWhole, stepsOf, theRun, upTo } from "../../support/mlflow/whole.ts";

const warnings = ({ output }: Outcome) => output.match(/warning: /g)?.length ?? 0;
/** All files of an experiment that stages write, with their content. */
function outputs({ folder }: Experiment): Map<string, Buffer> {
  const files = ["data/model", "metrics", "plots"].flatMap((part) =>
    readdirSync(join(folder, part), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  );
  return new Map(files.sort().map((file) => [file.slice(folder.length), readFileSync(file)]));
}

test("silent without MLFLOW_TRACKING_URI; logging changes no byte of the outputs", async (t) => {
  const server = await fakeMlflow(t);
  const experiment = await createExperiment(t);
  const off = await experiment.trainTop({});
  assert.equal(off.code, 0, off.output);
  assert.doesNotMatch(off.output, /mlflow/i);
  const before = outputs(experiment);
  assert.ok(before.size >= 5);
  assert.ok(!readdirSync(experiment.folder).includes(".mlflow"));

  const on = await experiment.trainTop({ MLFLOW_TRACKING_URI: server.uri });
  assert.equal(on.code, 0, on.output);
  assertWhole(server, 3);
  assert.deepEqual(outputs(experiment), before);
  assert.deepEqual(experiment.spooled(), []);

  // The same again: nothing is there twice.
  assert.equal((await experiment.trainTop({ MLFLOW_TRACKING_URI: server.uri })).code, 0);
  assertWhole(server, 3);
});

test("server away: the run succeeds with one warning; sync delivers what waited, once", async (t) => {
  const server = await fakeMlflow(t);
  const experiment = await createExperiment(t);
  await server.stop();
  const env = { MLFLOW_TRACKING_URI: server.uri };
  const away = await experiment.trainTop(env);
  assert.equal(away.code, 0, away.output);
  assert.equal(warnings(away), 1, away.output);
  assert.match(away.output, /ECONNREFUSED[\s\S]*mlflow:sync/);
  assert.equal(experiment.spooled().length, 1);

  const early = await experiment.sync(env);
  assert.equal(early.code, 1);
  assert.match(early.output, /ECONNREFUSED/);
  assert.equal(experiment.spooled().length, 1);

  rmSync(join(experiment.folder, "plots"), { recursive: true }); // what waits has copies of its own
  rmSync(join(experiment.folder, "data/model"), { recursive: true });
  await server.start();
  const synced = await experiment.sync(env);
  assert.equal(synced.code, 0, synced.output);
  assert.match(synced.output, /poison-10-seed-1 \(train-top\): delivered/);
  assertWhole(server, 3);
  assert.deepEqual(experiment.spooled(), []);
  assert.match((await experiment.sync(env)).output, /nothing waits/);
});

test("server that never answers: given up after the time limit, with one warning", async (t) => {
  const server = await fakeMlflow(t);
  server.before = () => new Promise(() => {});
  const experiment = await createExperiment(t);
  const slow = await experiment.trainTop({ MLFLOW_TRACKING_URI: server.uri, MLFLOW_HTTP_REQUEST_TIMEOUT: "0.4" });
  assert.equal(slow.code, 0, slow.output);
  assert.equal(warnings(slow), 1, slow.output);
  assert.match(slow.output, /no answer within 0\.4 s/);
  assert.ok(server.requests.length <= 4, `${server.requests.length} requests`); // three attempts, and one at the end
  assert.equal(experiment.spooled().length, 1);
});

test("server that stumbles: asked again, without a word", async (t) => {
  const server = await fakeMlflow(t);
  server.before = (_, count) => (count % 7 === 1 ? 500 : count % 7 === 4 ? 429 : undefined);
  const experiment = await createExperiment(t);
  const run = await experiment.trainTop({ MLFLOW_TRACKING_URI: server.uri });
  assert.equal(run.code, 0, run.output);
  assert.doesNotMatch(run.output, /warning|mlflow:sync/i);
  assert.ok(run.output.includes(`MLflow: ${server.uri}/#/experiments/1/runs/r0?workflowType=machine_learning\n`));
  assert.ok(server.requests.length > 14);
  assertWhole(server, 3);
});

test("wrong password: one warning, which does not tell it, nor does the spool", async (t) => {
  const server = await fakeMlflow(t);
  server.before = ({ authorization }) => (authorization === `Basic ${btoa("reviewer-q7x:right")}` ? undefined : 401);
  const experiment = await createExperiment(t);
  const env = (word: string) => ({ MLFLOW_TRACKING_URI: server.uri.replace("://", `://reviewer-q7x:${word}@`) });
  const refused = await experiment.trainTop(env("wr0ng-secret"));
  assert.equal(refused.code, 0, refused.output);
  assert.equal(warnings(refused), 1, refused.output);
  assert.match(refused.output, /401 Unauthorized/);
  assert.doesNotMatch(refused.output, /wr0ng/);
  assert.equal(server.requests.length, 1); // asking again would lock the account
  const [journal] = experiment.spooled();
  assert.doesNotMatch(experiment.read(`.mlflow/spool/${journal}/journal.jsonl`), /wr0ng|reviewer-q7x/);

  assert.equal((await experiment.sync(env("right"))).code, 0);
  assertWhole(server, 3);
});

test("server killed and restarted in the middle of training: everything arrives, once", async (t) => {
  const server = await fakeMlflow(t);
  const experiment = await createExperiment(t, { epochs: 80 });
  let restarted: Promise<void> | undefined;
  server.before = async ({ body }) => {
    const [point] = (body.metrics ?? []) as { step: number }[];
    if (restarted || point?.step !== 3) return undefined;
    restarted = server.stop().then(async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await server.start();
    });
    return new Promise(() => {}); // its answer never arrives
  };
  const run = await experiment.trainTop({ MLFLOW_TRACKING_URI: server.uri });
  await restarted;
  assert.equal(run.code, 0, run.output);
  assert.ok(warnings(run) <= 1, run.output);
  assertWhole(server, 80);
  assert.deepEqual(experiment.spooled(), []);
});

test("kill -9 during training: sync leaves the run alone while it trains, then sets it to KILLED", async (t) => {
  const server = await fakeMlflow(t);
  const experiment = await createExperiment(t, { epochs: 2000 });
  const env = { MLFLOW_TRACKING_URI: server.uri };
  const running = experiment.start(["stages/train-top.ts"], env);
  await running.printed("epoch 5 of");
  const meanwhile = await experiment.sync(env);
  assert.match(meanwhile.output, /a process is still at it/);
  running.child.kill("SIGKILL");
  await running.ended;
  assert.equal(theRun(server).status, "RUNNING");

  const synced = await experiment.sync(env);
  assert.equal(synced.code, 0, synced.output);
  assert.equal(theRun(server).status, "KILLED");
  assert.equal(theRun(server).tags.failed_stage, "train-top");
  const seen = stepsOf(theRun(server), "loss");
  assert.deepEqual(seen, upTo(seen.length));
  assert.ok(seen.length >= 5);
  assert.deepEqual(experiment.spooled(), []);
});

test("SIGTERM: the run is KILLED, soon, and no output is left", async (t) => {
  const server = await fakeMlflow(t);
  const experiment = await createExperiment(t, { epochs: 2000 });
  const running = experiment.start(["stages/train-top.ts"], { MLFLOW_TRACKING_URI: server.uri });
  await running.printed("epoch 3 of");
  const asked = performance.now();
  running.child.kill("SIGTERM");
  const { code } = await running.ended;
  assert.equal(code, 143);
  assert.ok(performance.now() - asked < 5000);
  assert.equal(theRun(server).status, "KILLED");
  assert.deepEqual(experiment.spooled(), []);
  assert.ok(!readdirSync(join(experiment.folder, "data")).some((name) => name.includes("model")));
});

test("SIGTERM while files are sent that nobody takes: the run is KILLED all the same", async (t) => {
  const server = await fakeMlflow(t);
  const experiment = await createExperiment(t);
  let sending = () => {};
  const sent = new Promise<void>((resolve) => {
    sending = resolve;
  });
  server.before = ({ what }) => {
    if (!what.startsWith("PUT")) return undefined;
    sending();
    return new Promise(() => {});
  };
  const running = experiment.start(["stages/train-top.ts"], { MLFLOW_TRACKING_URI: server.uri });
  await sent;
  running.child.kill("SIGTERM");
  assert.equal((await running.ended).code, 143);
  assert.equal(theRun(server).status, "KILLED");
  assert.equal(experiment.spooled().length, 1);
});

test("a failing stage leaves the run FAILED; mended and run again it is FINISHED", async (t) => {
  const server = await fakeMlflow(t);
  const experiment = await createExperiment(t);
  const env = { MLFLOW_TRACKING_URI: server.uri };
  const failed = await experiment.trainTop({ ...env, POISON_DEVICE: "toaster" });
  assert.equal(failed.code, 1);
  assert.equal(theRun(server).status, "FAILED");
  assert.equal(theRun(server).tags.failed_stage, "train-top");
  assert.equal((await experiment.trainTop(env)).code, 0);
  assertWhole(server, 3);
  assert.equal(theRun(server).tags.failed_stage, undefined);
});

test("MLFLOW_STRICT=1 makes an absent server an error", async (t) => {
  const server = await fakeMlflow(t);
  await server.stop();
  const experiment = await createExperiment(t);
  const env = { MLFLOW_TRACKING_URI: server.uri, MLFLOW_STRICT: "1" };
  const strict = await experiment.trainTop(env);
  assert.equal(strict.code, 1);
  assert.match(strict.output, /train-top: MLflow at .*ECONNREFUSED\n {2}→ MLFLOW_STRICT=1/);
  assert.doesNotMatch(strict.output, /epoch 1|warning: /);
  await server.start();
  assert.equal((await experiment.sync({ MLFLOW_TRACKING_URI: server.uri })).code, 0);
  assert.equal(theRun(server).status, "FAILED");
});

test("an address that is no server's: one warning; an error when strict", async (t) => {
  const experiment = await createExperiment(t, { epochs: 1 });
  for (const uri of ["file:./mlruns", "databricks"]) {
    const run = await experiment.trainTop({ MLFLOW_TRACKING_URI: uri });
    assert.equal(run.code, 0, run.output);
    assert.equal(warnings(run), 1, run.output);
    assert.ok(run.output.includes(uri), run.output);
  }
  const strict = await experiment.trainTop({ MLFLOW_TRACKING_URI: "file:./mlruns", MLFLOW_STRICT: "1" });
  assert.equal(strict.code, 1);
  const registering = await experiment.trainTop({}, "--register", "cats-dogs");
  assert.equal(registering.code, 1);
  assert.match(registering.output, /--register cats-dogs: there is no MLflow server/);
});

test("two processes with the same experiment at once: one run", async (t) => {
  const server = await fakeMlflow(t);
  const main = await createExperiment(t, { epochs: 60 });
  const copy = await createExperiment(t, { epochs: 60 }); // as `dvc exp run --temp` makes one
  const env = { MLFLOW_TRACKING_URI: server.uri, DVC_ROOT: main.folder };
  const both = await Promise.all([main.trainTop(env), copy.trainTop(env)]);
  assert.ok(!existsSync(join(copy.folder, ".mlflow")));
  for (const { code, output } of both) assert.equal(code, 0, output);
  assert.equal(both.filter(({ output }) => output.includes("another process is logging")).length, 1);
  assert.equal(theRun(server).status, "FINISHED");
  assert.deepEqual(stepsOf(theRun(server), "loss"), upTo(60));
});

test("a journal whose last line is torn is delivered up to there", async (t) => {
  const server = await fakeMlflow(t);
  await server.stop();
  const experiment = await createExperiment(t);
  await experiment.trainTop({ MLFLOW_TRACKING_URI: server.uri });
  const file = `.mlflow/spool/${experiment.spooled()[0]}/journal.jsonl`;
  write(experiment, file, experiment.read(file).slice(0, -20)); // within the event of the end
  await server.start();
  const synced = await experiment.sync({ MLFLOW_TRACKING_URI: server.uri });
  assert.equal(synced.code, 0, synced.output);
  assert.equal(theRun(server).status, "KILLED");
  assert.deepEqual(stepsOf(theRun(server), "loss"), upTo(3));
});
