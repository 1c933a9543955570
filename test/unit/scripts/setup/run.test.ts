import assert from "node:assert/strict";
import { test } from "node:test";
import { attempt, run } from "../../../../scripts/setup/run.mjs";

test("a program that fails, or does not exist, or takes too long is told apart from one that works", async () => {
  assert.deepEqual(await attempt(process.execPath, ["-p", "6 * 7"]), { ok: true, stdout: "42\n", output: "42\n" });
  assert.equal((await attempt("/nowhere/program", [])).ok, false);
  const start = performance.now();
  assert.equal((await attempt(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { timeout_s: 0.3 })).ok, false);
  assert.ok(performance.now() - start < 5000);
  await assert.rejects(
    run(process.execPath, ["-e", "console.error('no such index'); process.exit(3)"]),
    /failed:\nno such index$/,
  );
});
