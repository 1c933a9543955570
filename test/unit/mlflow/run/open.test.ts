import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openRun, withRun } from "../../../../src/mlflow/run/open.ts";
import { replaySpool } from "../../../../src/mlflow/run/replay.ts";
import type { OpenOptions } from "../../../../src/mlflow/run/run.ts";
import { type FakeRun, fakeMlflow } from "../../../support/mlflow/fake-server.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

async function setting(t: TestContext) {
  const server = await fakeMlflow(t);
  const folder = temporaryFolder(t);
  const warnings: string[] = [];
  const common: OpenOptions = {
    ...{ uri: server.uri, experiment: "e", spool: join(folder, "spool"), program: "bayes", key: "k" },
    onWarning: (text) => warnings.push(text),
  };
  const run = () => {
    assert.equal(server.runs.length, 1);
    return server.runs[0] as FakeRun;
  };
  const waiting = () => readdirSync(join(folder, "spool"));
  return { server, folder, warnings, common, run, waiting };
}

test("what a program logs is on the server, and nothing waits", async (t) => {
  const { common, folder, run, server, waiting, warnings } = await setting(t);
  writeFileSync(join(folder, "words.txt"), "good\n");
  const opened = openRun({
    ...common,
    name: "first",
    params: { smoothing: 0.5, stem: true },
    tags: { language: "en" },
  });
  assert.equal(opened.id, undefined);
  opened.logMetrics({ loss: 0.5, diverged: Number.NaN }, 2);
  opened.logFile(join(folder, "words.txt"));
  opened.logText("{}", "notes/a.json");
  opened.logDatasets([{ name: "reviews", digest: "d", uri: "r.csv", context: "training", profile: {} }]);
  await opened.settled();
  assert.equal(opened.id, "r0");
  assert.equal(waiting().length, 1);
  await opened.end();
  await opened.end("FAILED");
  opened.logMetrics({ late: 1 });
  assert.deepEqual(warnings, []);
  assert.deepEqual(waiting(), []);
  const { name, status, params, tags, metrics, datasets } = run();
  assert.deepEqual([name, status, params], ["first", "FINISHED", { smoothing: "0.5", stem: "true" }]);
  assert.deepEqual([tags.run_key, tags.language, tags["mlflow.source.name"]], ["k", "en", "bayes"]);
  assert.deepEqual(
    metrics.map(({ key, value, step }) => [key, value, step]),
    [
      ["loss", 0.5, 2],
      ["diverged", "NaN", 2],
    ],
  );
  assert.equal(datasets[0]?.digest, "d");
  assert.deepEqual(Object.fromEntries(server.artifacts), {
    "1/r0/artifacts/words.txt": "good\n",
    "1/r0/artifacts/notes/a.json": "{}",
  });
});

test("two programs with one key log to one run; without a key each is a run of its own", async (t) => {
  const { common, run, server } = await setting(t);
  const [one, other] = [openRun(common), openRun(common)];
  one.logMetrics({ a: 1 });
  other.logMetrics({ b: 2 });
  await one.end();
  await other.end();
  assert.deepEqual(
    run()
      .metrics.map(({ key }) => key)
      .sort(),
    ["a", "b"],
  );
  const { key: _, ...keyless } = common;
  for (let i = 0; i < 2; i++) await openRun(keyless).end();
  assert.equal(server.runs.length, 3);
});

test("a server that is away costs one warning; what waits is told later by the same process, once, files as they were", async (t) => {
  const { common, folder, server, warnings, waiting, run } = await setting(t);
  const file = join(folder, "words.txt");
  writeFileSync(file, "good\n");
  await server.stop();
  const opened = openRun(common);
  opened.logFile(file);
  opened.logMetrics({ loss: 1 }, 1);
  await opened.end();
  assert.equal(warnings.filter((text) => text.startsWith("warning: ")).length, 1, warnings.join("\n"));
  assert.match(warnings.join("\n"), /spool: replaySpool\(\)/);
  assert.doesNotMatch(warnings.join("\n"), /npm run/);
  assert.equal(waiting().length, 1);
  writeFileSync(file, "changed\n");

  assert.equal((await replaySpool(common))[0]?.outcome, "waiting");
  await server.start();
  await new Promise((resolve) => setTimeout(resolve, 1100)); // so long after its absence a server would be asked again
  await opened.end();
  assert.equal(server.runs.length, 0, "a run that has ended is not told again");
  assert.deepEqual(await replaySpool(common), [{ name: "bayes", outcome: "delivered" }]);
  assert.deepEqual(await replaySpool(common), []);
  assert.equal(run().status, "FINISHED");
  assert.equal(server.artifacts.get("1/r0/artifacts/words.txt"), "good\n");
});

test("a run that was gone on with meanwhile keeps its later ending; what the older record holds is added", async (t) => {
  const { common, server, run } = await setting(t);
  await server.stop();
  const failed = openRun(common);
  failed.logMetrics({ loss: 1 }, 1);
  await failed.end("FAILED");
  await server.start();
  await new Promise((resolve) => setTimeout(resolve, 10));
  await openRun(common).end();
  assert.deepEqual(await replaySpool(common), [{ name: "bayes", outcome: "delivered" }]);
  assert.deepEqual([run().status, run().tags.failed_stage, run().metrics.length], ["FINISHED", undefined, 1]);
});

test("a run that is still open is left alone by a replay", async (t) => {
  const { common } = await setting(t);
  const opened = openRun(common);
  assert.deepEqual(await replaySpool(common), [{ name: "bayes", outcome: "running" }]);
  await opened.end();
});

test("what a server refuses for itself is passed over with a warning; in strict runs it is an error", async (t) => {
  const { common, server, warnings, run, waiting } = await setting(t);
  server.before = ({ what, body }) =>
    what === "POST runs/log-batch" && (body.params as []).length > 0 ? 400 : undefined;
  const opened = openRun({ ...common, params: { a: 1 } });
  opened.logMetrics({ loss: 1 });
  await opened.end();
  assert.match(warnings.join("\n"), /^warning: MLflow: params refused: POST mlflow\/runs\/log-batch: 400/);
  assert.deepEqual([run().status, run().metrics.length, waiting()], ["FINISHED", 1, []]);
  const strict = openRun({ ...common, params: { a: 1 }, strict: true });
  await assert.rejects(strict.end(), { name: "StageError", message: /params refused/ });
});

test("no secret is in a warning or in the spool", async (t) => {
  const { common, server, warnings, waiting, folder } = await setting(t);
  server.before = () => 401;
  const uri = server.uri.replace("//", "//ada:geheim@");
  const opened = openRun({ ...common, uri });
  await opened.end();
  assert.match(warnings.join("\n"), /401/);
  const [entry] = waiting();
  const journal = readFileSync(join(folder, "spool", entry as string, "journal.jsonl"), "utf8");
  for (const text of [...warnings, journal]) assert.doesNotMatch(text, /geheim|ada:/);
  assert.match(server.requests[0]?.authorization ?? "", /^Basic /);
});

test("a key that MLflow could not look for, an id that is none, and no address are refused", (t) => {
  const spool = join(temporaryFolder(t), "spool");
  const options = { uri: "http://127.0.0.1:9", spool };
  for (const key of ["", "it's", 'a"b', "a\\b", "a`b", "a\nb", "x".repeat(251)])
    assert.throws(() => openRun({ ...options, key }), { name: "StageError", message: /^key is/ });
  assert.throws(() => openRun({ ...options, runId: "../x" }), { name: "StageError", message: /^runId is/ });
  assert.throws(() => openRun({ ...options, uri: "" }), {
    name: "StageError",
    message: /MLFLOW_TRACKING_URI is ""/,
    hint: /`mlflow server`/,
  });
});

test("withRun ends a run as its work does", async (t) => {
  const { common, run } = await setting(t);
  assert.equal(await withRun(common, () => 3), 3);
  assert.equal(run().status, "FINISHED");
  const fails = withRun(common, () => {
    throw new RangeError("too much");
  });
  await assert.rejects(fails, { name: "RangeError" });
  assert.deepEqual([run().status, run().tags.failed_stage], ["FAILED", "bayes"]);
});

test("a folder is a model if it has an MLmodel, or flavors are said", async (t) => {
  const { common, folder, server, run } = await setting(t);
  const model = join(folder, "model");
  mkdirSync(model);
  writeFileSync(join(model, "words.txt"), "good\n");
  const opened = openRun(common);
  await assert.rejects(opened.logModel(model), { name: "StageError", message: /has no file MLmodel/ });
  await assert.rejects(opened.logModel(join(folder, "none")), { name: "StageError", message: /no such folder/ });
  await assert.rejects(opened.logModel(model, { flavors: {}, name: "a/b" }), { message: /the model's name is "a\/b"/ });
  for (let i = 0; i < 2; i++) await opened.logModel(model, { flavors: { words: { data: "words.txt" } } });
  await opened.end();
  assert.deepEqual(run().models, ["m0"]);
  assert.deepEqual(Object.fromEntries(server.artifacts), {
    "1/models/m0/artifacts/MLmodel": "flavors:\n  words:\n    data: words.txt\n",
    "1/models/m0/artifacts/words.txt": "good\n",
  });
});
