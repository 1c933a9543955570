import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../../../../src/commands/report/values.ts";

test("differences of nested values, by dotted key: changed, new and gone", () => {
  const base = { poison: 0, train: { epochs: 10, dropout: 0.5 }, old: [1, 2] };
  const head = { poison: 5, train: { epochs: 10, dropout: 0.5, warm: { up: true } }, list: [1] };
  assert.deepEqual(differences(base, head), [
    { key: "poison", base: 0, head: 5 },
    { key: "train.warm.up", base: undefined, head: true },
    { key: "list", base: undefined, head: [1] },
    { key: "old", base: [1, 2], head: undefined },
  ]);
  assert.deepEqual(differences(undefined, undefined), []);
});
