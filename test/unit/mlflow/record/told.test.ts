import assert from "node:assert/strict";
import { test } from "node:test";
import { end, loss, start, tell } from "../../../support/mlflow/events.ts";
import { fakeMlflow } from "../../../support/mlflow/fake-server.ts";

const EVENTS = [start("train-top"), loss(1, 0.5), loss(2, 0.25), end("FINISHED")];

test("a server that says yes to figures and does not keep them is told once more at the end", async (t) => {
  const server = await fakeMlflow(t);
  let lies = 2;
  server.before = ({ what, body }) =>
    what === "POST runs/log-batch" && (body.metrics as []).length > 0 && lies-- > 0 ? "{}" : undefined;
  assert.deepEqual(await tell(server, EVENTS), []);
  assert.deepEqual(
    server.runs[0]?.metrics.map(({ step, value }) => [step, value]),
    [
      [1, 0.5],
      [2, 0.25],
    ],
  );
});

test("a server that goes on so is found out, and what it lacks is named", async (t) => {
  const server = await fakeMlflow(t);
  server.before = ({ what }) => (what === "POST runs/log-batch" ? "{}" : undefined);
  await assert.rejects(tell(server, EVENTS), {
    code: "NOT_KEPT",
    message: "the server said yes to everything, but the run r0 lacks the param poison, values of loss",
  });
  const other = await fakeMlflow(t);
  other.before = ({ what }) => (what === "POST runs/update" ? "{}" : undefined);
  await assert.rejects(tell(other, EVENTS), { code: "NOT_KEPT", message: /lacks its status: it is RUNNING$/ });
});
