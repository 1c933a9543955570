import assert from "node:assert/strict";
import { test } from "node:test";
import { logBatch } from "../../../../src/mlflow/client/run-data.ts";

test("log-batch stays within MLflow's limits, and says NaN as a text", async () => {
  const sent: { metrics: unknown[]; params: unknown[]; tags: unknown[] }[] = [];
  const client = { send: async (_: string, __: string, body: unknown) => void sent.push(body as (typeof sent)[0]) };
  const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, "v"]));
  const metrics = Array.from({ length: 2001 }, (_, step) => ({
    key: "loss",
    value: "NaN" as const,
    timestamp: 1,
    step,
  }));
  await logBatch(client as never, "r", { metrics, params: many(101), tags: many(5) });
  const sizes = sent.map(({ metrics, params, tags }) => [metrics.length, params.length, tags.length]);
  assert.deepEqual(sizes, [
    [1000, 100, 5],
    [1000, 1, 0],
    [1, 0, 0],
  ]);
  assert.match(JSON.stringify(sent[2]), /"value":"NaN"/);
});
