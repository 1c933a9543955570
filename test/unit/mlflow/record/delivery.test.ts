import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { MetricsEvent, RunEvent } from "../../../../src/mlflow/record/events.ts";
import { end, loss, model, start, tell } from "../../../support/mlflow/events.ts";
import { type FakeMlflow, type FakeRun, fakeMlflow } from "../../../support/mlflow/fake-server.ts";

/** Delivers events to a fake server, each list as another process would. */
async function setting(t: TestContext) {
  const server: FakeMlflow = await fakeMlflow(t);
  const warnings: string[] = [];
  const deliver = async (events: RunEvent[], replay = false) => {
    warnings.push(...(await tell(server, events, { replay })));
  };
  const run = () => {
    assert.equal(server.runs.length, 1);
    return server.runs[0] as FakeRun;
  };
  return { server, deliver, warnings, run };
}

test("a repeat adds nothing; a figure that has changed is added; a duration is measured once", async (t) => {
  const { deliver, run } = await setting(t);
  const took = (value: number): MetricsEvent => ({ ...loss(2, 0), values: { duration_s: value }, once: true });
  await deliver([start("train-top"), loss(1, 0.5), loss(2, 0.25), took(10), end("FINISHED")]);
  await deliver([start("train-top"), loss(1, 0.5, 9000), loss(2, 0.3, 9000), took(11), end("FINISHED")]);
  const points = run().metrics.map(({ key, step, value }) => `${key} ${step} ${value}`);
  assert.deepEqual(points, ["loss 1 0.5", "loss 2 0.25", "duration_s 2 10", "loss 2 0.3"]);
});

test("two that create the same run at once end up with one", async (t) => {
  const { server, deliver, run } = await setting(t);
  let waiting: (() => void)[] = [];
  server.before = async ({ what }) => {
    // Both have searched in vain before either creates.
    if (what !== "POST runs/create") return undefined;
    await new Promise<void>((go) => {
      waiting.push(go);
      if (waiting.length < 2) return;
      for (const each of waiting) each();
      waiting = [];
    });
    return undefined;
  };
  await Promise.all([0, 1].map(() => deliver([start("train-top"), loss(1, 0.5), end("FINISHED")])));
  assert.equal(server.requests.filter(({ what }) => what === "POST runs/create").length, 2);
  assert.equal(run().status, "FINISHED");
});

test("plot adds to train-top's run: its failure marks the run, its success takes only that back", async (t) => {
  const { deliver, run } = await setting(t);
  const pictures: RunEvent = { type: "artifacts", files: [{ path: "plots/a.png", text: "a" }] };
  await deliver([start("train-top"), end("FINISHED")]);
  await deliver([start("plot"), end("FAILED")]);
  assert.equal(run().status, "FAILED");
  assert.equal(run().tags.failed_stage, "plot");
  assert.equal(run().tags.stage, "train-top");
  await deliver([start("plot"), pictures, end("FINISHED")]);
  assert.equal(run().status, "FINISHED");
  assert.equal(run().tags.failed_stage, undefined);
  await deliver([start("train-top"), end("FAILED")]);
  await deliver([start("plot"), end("FINISHED")]);
  assert.equal(run().status, "FAILED");
});

test("a run is RUNNING while it is repeated, but not while the past is replayed", async (t) => {
  const { deliver, run } = await setting(t);
  await deliver([start("train-top"), end("FINISHED")]);
  await deliver([start("train-top")], true);
  assert.equal(run().status, "FINISHED");
  await deliver([start("train-top")]);
  assert.equal(run().status, "RUNNING");
});

test("that a process is gone concerns a run that is still RUNNING, no other", async (t) => {
  const { deliver, run } = await setting(t);
  await deliver([start("train-top"), end("FINISHED")]); // finished elsewhere meanwhile
  await deliver([start("train-top"), end("KILLED", true)], true);
  assert.equal(run().status, "FINISHED");
  await deliver([start("train-top")]);
  await deliver([start("train-top"), end("KILLED", true)], true);
  assert.equal(run().status, "KILLED");
});

test("the same model again is the same logged model, another one is another; a broken upload is finished", async (t) => {
  const { server, deliver, run } = await setting(t);
  server.before = ({ what }) => (what.startsWith("PATCH") ? 400 : undefined);
  await assert.rejects(deliver([start("train-top"), model("a")]));
  assert.equal(server.models[0]?.status, "LOGGED_MODEL_PENDING");
  server.before = () => undefined;
  await deliver([start("train-top"), model("a")]);
  await deliver([start("train-top"), model("a"), model("b")]);
  assert.deepEqual(
    server.models.map(({ digest, status }) => [digest, status]),
    [
      ["a", "LOGGED_MODEL_READY"],
      ["b", "LOGGED_MODEL_READY"],
    ],
  );
  assert.deepEqual(run().models, ["m0", "m1"]);
});

test("a file that is gone is named; the others are there", async (t) => {
  const { server, deliver, warnings } = await setting(t);
  const files = [
    { path: "gone.json", file: "/nowhere/gone.json" },
    { path: "a b/ü.txt", text: "here" },
  ];
  await deliver([start("train-top"), { type: "artifacts", files }, end("FINISHED")]);
  assert.deepEqual([...server.artifacts], [["1/r0/artifacts/a b/ü.txt", "here"]]);
  assert.deepEqual(warnings, ["gone.json: gone from the disk before it could be logged."]);
});

test("a journal that is told to a run which a later attempt has left KILLED: no negative duration, and the name of who finished", async (t) => {
  const { server, deliver, run } = await setting(t);
  const late = { time: 5000 };
  await deliver([
    { ...start("train-top"), ...late, name: "first try" },
    { ...end("KILLED"), time: 6000 },
  ]);
  const finished = [start("train-top"), loss(1, 0.5), end("FINISHED")];
  await tell(server, finished, { replay: true, repeatable: true, keepsLaterEnd: true });
  assert.deepEqual([run().status, run().name, run().tags.failed_stage], ["FINISHED", "n", undefined]);
  assert.ok((run().end_time as number) >= run().start_time, `${run().start_time} to ${run().end_time}`);
});

test("a past attempt that failed takes nothing from the run that has FINISHED", async (t) => {
  const { server, deliver, run } = await setting(t);
  await deliver([start("train-top"), loss(1, 0.5), { ...end("FINISHED"), time: 2000 }]);
  for (const status of ["FAILED", "KILLED"] as const)
    await tell(server, [start("train-top"), { ...end(status), time: 9000 }], { replay: true, repeatable: true });
  assert.deepEqual([run().status, run().tags.failed_stage, run().end_time], ["FINISHED", undefined, 2000]);
});
