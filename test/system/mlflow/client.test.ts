import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { z } from "zod";
import { createClient, openRun, replaySpool } from "../../../src/public/mlflow.ts";
import { examplePrograms, findExamples, runExample } from "../../support/examples.ts";
import { type FoundRun, realMlflow } from "../../support/mlflow/real-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const server = await realMlflow();
after(() => server.stop());

const silent = () => {};
const found = async (experiment: string, name: string) =>
  (await server.verify(experiment)).runs.find((run) => run.name === name) as FoundRun;

/** The status of the one run of an experiment, as the client itself asks for it. */
async function statusIn(experiment: string): Promise<string> {
  const client = createClient(server.uri);
  const id = z.object({ experiment: z.object({ experiment_id: z.string() }) });
  const { experiment: found } = await client.get("experiments/get-by-name", { experiment_name: experiment }, id);
  const answer = z.object({ runs: z.tuple([z.object({ info: z.object({ status: z.string() }) })]) });
  const { runs } = await client.send("POST", "runs/search", { experiment_ids: [found.experiment_id] }, answer);
  return runs[0].info.status;
}

for (const example of findExamples().filter(({ module }) => module === "mlflow"))
  test(`the example at ${example.place} prints what it says`, async (t) => {
    const { folder, files } = examplePrograms(t, [example]);
    const lines = await runExample(files[0] as string, folder, { MLFLOW_TRACKING_URI: server.uri });
    assert.deepEqual(lines, example.prints);
    assert.ok(example.prints.length > 0, "it says nothing");
    const spool = join(folder, ".mlflow", "spool");
    assert.deepEqual(existsSync(spool) ? readdirSync(spool) : [], []);
  });

test("a run holds what a program logs, is gone on with by its key and its id, and logs nothing twice", async (t) => {
  const folder = temporaryFolder(t);
  const model = join(folder, "model");
  mkdirSync(join(model, "data"), { recursive: true });
  writeFileSync(join(model, "data", "words.txt"), "good\n");
  const common = { uri: server.uri, experiment: "texts", spool: join(folder, "spool"), onWarning: silent };
  const log = async (run: ReturnType<typeof openRun>) => {
    run.logParams({ smoothing: 0.5, "n-grams": 2 });
    for (const step of [1, 2]) run.logMetrics({ loss: 1 / step }, step);
    run.setTags({ language: "en" });
    run.logDatasets([
      { name: "reviews", digest: "d1", uri: "reviews.csv", context: "training", profile: { num_rows: 4 } },
    ]);
    run.logText("good\n", "words/classes.txt");
    await run.logModel(model, { flavors: { words: { data: "data" } }, name: "words", register: "words" });
    await run.end();
  };
  await log(openRun({ ...common, key: "k", name: "first" }));
  await log(openRun({ ...common, key: "k", name: "again" }));
  const by = openRun({ ...common, key: "k" });
  await by.settled();
  const run = openRun({ ...common, runId: by.id as string });
  run.logMetrics({ loss: 0.25 }, 3);
  await run.end("FAILED");

  const { runs } = await server.verify("texts");
  assert.equal(runs.length, 1);
  const [only] = runs as [FoundRun];
  assert.equal(only.name, "first");
  assert.equal(only.status, "FAILED");
  assert.deepEqual(only.params, { smoothing: "0.5", "n-grams": "2" });
  assert.deepEqual(only.metrics.loss, [
    [1, 1],
    [2, 0.5],
    [3, 0.25],
  ]);
  assert.equal(only.tags.language, "en");
  assert.equal(only.tags.failed_stage, "client.test");
  assert.deepEqual(only.datasets, [["reviews", "d1", "training"]]);
  assert.ok(only.artifacts.includes("words/classes.txt"), only.artifacts.join());
  assert.equal(only.models.length, 1);
  await by.end();
  await openRun({ ...common, key: "k" }).end();
  assert.deepEqual((await found("texts", "first")).status, "FINISHED");
  assert.equal((await found("texts", "first")).tags.failed_stage, undefined);
});

test("a param with another value, and a name that MLflow refuses, cost a warning and nothing else", async (t) => {
  const warnings: string[] = [];
  const spool = join(temporaryFolder(t), "spool");
  const options = { uri: server.uri, experiment: "refused", key: "k", spool };
  const first = openRun({ ...options, params: { a: 1 }, onWarning: silent });
  await first.end();
  const run = openRun({ ...options, params: { a: 2 }, onWarning: (text) => warnings.push(text) });
  run.logMetrics({ "not/a/$name": 1 });
  run.logMetrics({ accuracy: 0.5 });
  await run.end();
  assert.match(warnings.join("\n"), /params refused: [\s\S]*metrics refused: /);
  assert.equal(warnings.length, 2);
  const { params, metrics, status } = (await server.verify("refused")).runs[0] as FoundRun;
  assert.deepEqual([params, metrics, status], [{ a: "1" }, { accuracy: [[0, 0.5]] }, "FINISHED"]);
  assert.deepEqual(readdirSync(spool), []);
});

test("a program that is killed leaves its record: replayed, its run is KILLED", async (t) => {
  const spool = join(temporaryFolder(t), "spool");
  const program = `
    import { openRun } from ${JSON.stringify(join(process.cwd(), "src/public/mlflow.ts"))};
    const run = openRun({ experiment: "killed", name: "gone", spool: ${JSON.stringify(spool)} });
    run.logMetrics({ loss: 1 }, 1);
    await run.settled();
    run.logText("late", "late.txt");
    process.kill(process.pid, "SIGKILL");`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    env: { ...process.env, MLFLOW_TRACKING_URI: server.uri },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const signal = await new Promise((end) => child.once("close", (_code, signal) => end(signal)));
  assert.equal(signal, "SIGKILL");
  assert.equal(await statusIn("killed"), "RUNNING");
  const told = await replaySpool({ uri: server.uri, spool, onWarning: silent });
  assert.deepEqual(told, [{ name: "gone", outcome: "delivered" }]);
  const { status, artifacts, metrics } = await found("killed", "gone");
  assert.deepEqual([status, metrics.loss], ["KILLED", [[1, 1]]]);
  assert.ok(artifacts.includes("late.txt"));
  assert.deepEqual(readdirSync(spool), []);
});

test("MLflow's own client finds the run, and the registered model", () => {
  if (!existsSync(".venv/bin/python")) return;
  const python = `
import mlflow, sys
mlflow.set_tracking_uri(sys.argv[1])
run = mlflow.search_runs(experiment_names=["texts"], output_format="list")[0]
print(run.data.params["smoothing"], mlflow.MlflowClient().get_registered_model("words").name)`;
  const said = execFileSync(".venv/bin/python", ["-c", python, server.uri], { encoding: "utf8" });
  assert.equal(said.trim().split("\n").at(-1), "0.5 words");
});
