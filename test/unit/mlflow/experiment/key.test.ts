import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { declaredOf, experimentKey, flatten, NEUTRAL } from "../../../../src/mlflow/experiment/key.ts";

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

test("a parameter at its neutral value counts as absent, at another it does not; those that no stage declares don't count", () => {
  const former = flatten({ poison: 7.5, train: { epochs: 10 } });
  const key = (params: Record<string, string>) => experimentKey({ labels: "a", features: "b", params });
  for (const [name, value] of Object.entries(NEUTRAL)) {
    assert.equal(key({ ...former, [name]: value }), key(former), name);
    assert.notEqual(key({ ...former, [name]: `${value}!` }), key(former), name);
  }
  const all = flatten({ poison: 7.5, train: { epochs: 10 }, trainer: { name: "x" }, host: { lr: 1 } });
  assert.deepEqual(declaredOf(all, ["poison", "train.epochs"]), former);
  assert.deepEqual(declaredOf(all, ["poison", "train"]), former);
});

test("the key of version 0.1.0", () => {
  const params = flatten({ poison: 0, seed: 1, attack: { strategy: "random", balance: "equal" } });
  // Of '["a","b",[["poison","0"],["seed","1"]]]', as its code has it.
  const former = createHash("sha256").update('["a","b",[["poison","0"],["seed","1"]]]').digest("hex").slice(0, 32);
  assert.equal(experimentKey({ labels: "a", features: "b", params }), former);
});
