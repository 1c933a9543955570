import assert from "node:assert/strict";
import { test } from "node:test";
import { experimentKey, flatten } from "../../../../src/mlflow/experiment/key.ts";

test("the key depends on every input and on nothing else", () => {
  const params = flatten({ poison: 7.5, train: { epochs: 10, shape: { rows: 2 } } });
  assert.deepEqual(params, { poison: "7.5", "train.epochs": "10", "train.shape.rows": "2" });
  const inputs = { labels: "a", features: "b", params };
  const key = experimentKey(inputs);
  assert.match(key, /^[0-9a-f]{32}$/);
  assert.equal(experimentKey({ ...inputs, params: Object.fromEntries(Object.entries(params).reverse()) }), key);
  const others = [{ labels: "x" }, { features: "x" }, { params: { ...params, poison: "7" } }];
  assert.equal(new Set([key, ...others.map((other) => experimentKey({ ...inputs, ...other }))]).size, 4);
});
