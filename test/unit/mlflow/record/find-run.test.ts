import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { retry } from "../../../../src/mlflow/client/retry.ts";
import type { StartEvent } from "../../../../src/mlflow/record/events.ts";
import { end, loss, start, tell } from "../../../support/mlflow/events.ts";
import { type FakeMlflow, fakeMlflow } from "../../../support/mlflow/fake-server.ts";

const EVENTS = [start("train-top"), loss(1, 0.5), loss(2, 0.25), end("FINISHED")];

const creations = ({ requests }: FakeMlflow) => requests.filter(({ what }) => what === "POST runs/create").length;

/** A server whose first `runs/create` takes its time, and then does it. */
async function slowToCreate(t: TestContext, delay_ms: number): Promise<FakeMlflow> {
  const server = await fakeMlflow(t);
  server.before = async ({ what }) => {
    if (what === "POST runs/create" && creations(server) === 1) await pause(delay_ms);
    return undefined;
  };
  return server;
}

test("runs/create takes longer than its answer may: the run that it has made is found, no second one is asked for", async (t) => {
  const server = await slowToCreate(t, 900);
  await tell(server, EVENTS, {}, { timeout_s: 0.3 });
  assert.equal(creations(server), 1);
  assert.equal(server.runs.length, 1);
  assert.deepEqual(
    server.runs[0]?.metrics.map(({ step }) => step),
    [1, 2],
  );
});

test("runs/create takes longer than it is waited for, and another is made: in the end there is one run", async (t) => {
  const server = await slowToCreate(t, 5800);
  // As the recorder tells an event again that had no answer.
  await retry(
    () => tell(server, EVENTS.slice(0, 2), {}, { timeout_s: 0.3 }),
    () => true,
  );
  assert.equal(creations(server), 2);
  while (server.runs.length < 2) await pause(50);
  await tell(server, EVENTS);
  assert.equal(server.runs.length, 1);
  const [run] = server.runs;
  assert.equal(run?.status, "FINISHED");
  assert.deepEqual(
    run?.metrics.map(({ step }) => step),
    [1, 2],
  );
});

test("an older run with the key that was begun at another time is not taken for a leftover", async (t) => {
  const server = await fakeMlflow(t);
  const other = { params: {}, metrics: [], datasets: [], models: [] };
  server.runs.push({ id: "theirs", name: "n", start_time: 500, status: "RUNNING", tags: { run_key: "k" }, ...other });
  server.runs.push({
    id: "ours",
    name: "n",
    start_time: 900,
    status: "RUNNING",
    tags: { run_key: "k" },
    ...other,
    params: { a: "1" },
  });
  await tell(server, EVENTS);
  assert.deepEqual(
    server.runs.map(({ id, status }) => [id, status]),
    [
      ["theirs", "RUNNING"],
      ["ours", "FINISHED"],
    ],
  );
});

/** A run that somebody else has made, with MLflow's client say. */
const made = (tags: Record<string, string> = {}): FakeMlflow["runs"][0] => ({
  ...{ id: "abc", name: "theirs", start_time: 500, status: "RUNNING", tags },
  ...{ params: {}, metrics: [], datasets: [], models: [] },
});

const named: StartEvent = { ...start("train-top"), run_id: "abc" };

test("a run that is named is logged into, and found again by its key; its name stays", async (t) => {
  const server = await fakeMlflow(t);
  server.runs.push(made());
  assert.deepEqual(await tell(server, [named, loss(1, 0.5), end("FINISHED")], { repeatable: true }), []);
  await tell(server, [start("plot"), end("FINISHED")], { repeatable: true });
  assert.equal(server.runs.length, 1);
  const [run] = server.runs;
  assert.deepEqual(
    [run?.name, run?.status, run?.tags.run_key, run?.params],
    ["theirs", "FINISHED", "k", { poison: "5" }],
  );
});

test("a run that is named and has other parameters keeps them, which is said", async (t) => {
  const server = await fakeMlflow(t);
  server.runs.push({ ...made(), params: { poison: "7" } });
  const warnings = await tell(server, [named, end("FINISHED")]);
  assert.deepEqual(server.runs[0]?.params, { poison: "7" });
  assert.match(warnings.join(), /^the run abc has other values of poison; they stay\.$/);
});

for (const [what, runs, why] of [
  ["is not there", [], /MLFLOW_RUN_ID: the run abc is not on this server: this experiment gets a run of its own/],
  ["is another experiment's", [made({ run_key: "other" })], /MLFLOW_RUN_ID: the run abc is another experiment's/],
] as const)
  test(`a run that is named and ${what}: the experiment gets one of its own, which is said`, async (t) => {
    const server = await fakeMlflow(t);
    server.runs.push(...runs);
    assert.match((await tell(server, [named, end("FINISHED")])).join(), why);
    assert.equal(server.runs.length, runs.length + 1);
    const own = server.runs.at(-1);
    assert.deepEqual([own?.tags.run_key, own?.status], ["k", "FINISHED"]);
    if (runs.length > 0) assert.equal(server.runs[0]?.status, "RUNNING");
  });
