import assert from "node:assert/strict";
import { test } from "node:test";
import { numbersIn } from "../../../../src/mlflow/experiment/metric-names.ts";

test("metrics are the numbers of a file, under names that MLflow takes", () => {
  const file = { auroc: 0.9, none: null, recall: { "big cat (tabby)": 1, dog: 0.5 }, list: [1], name: "x" };
  const expected = { "v.auroc": 0.9, "v.recall.big cat _tabby_": 1, "v.recall.dog": 0.5 };
  assert.deepEqual(numbersIn(file, "v."), expected);
  const of = (classes: number) => Object.fromEntries(Array.from({ length: classes }, (_, i) => [`class ${i}`, 0.5]));
  assert.equal(Object.keys(numbersIn({ ...of(11), recall: of(10), precision: of(11) })).length, 21);
});
