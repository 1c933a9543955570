import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { isAlive, thisProcess } from "../../../../src/mlflow/record/owner.ts";

test("a process is told from another that has its number", () => {
  const own = thisProcess();
  assert.ok(isAlive(own, 0));
  assert.ok(!isAlive({ ...own, started: "1 another boot" }, Date.now()));
  const { pid } = spawnSync("true");
  assert.ok(!isAlive({ ...own, pid }, Date.now()));
  const elsewhere = { ...own, host: "elsewhere" };
  assert.ok(isAlive(elsewhere, Date.now() - 60_000)); // cannot be asked; it wrote a minute ago
  assert.ok(!isAlive(elsewhere, Date.now() - 2 * 3_600_000));
});
