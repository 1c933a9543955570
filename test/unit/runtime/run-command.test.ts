import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand } from "../../../src/runtime/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const env = process.env;

test("gives exit code and what was printed", async () => {
  const outcome = await runCommand("sh", ["-c", "echo out; echo err >&2; exit 3"], { env, limit_s: 10 });
  assert.deepEqual(outcome, { code: 3, stdout: Buffer.from("out\n"), stderr: "err\n", timedOut: false });
});

test("a program that is not there: the system's error", async () => {
  await assert.rejects(runCommand("no-such-program", [], { env, limit_s: 10 }), { code: "ENOENT" });
});

test("kills what shows no activity, and what it has started", async (t) => {
  const beats = join(temporaryFolder(t), "beats");
  const child = `while :; do echo beat >> ${beats}; sleep 0.05; done`;
  const started = performance.now();
  const outcome = await runCommand("sh", ["-c", `(${child}) & wait`], { env, limit_s: 0.6 });
  assert.deepEqual({ code: outcome.code, timedOut: outcome.timedOut }, { code: null, timedOut: true });
  assert.ok(performance.now() - started < 5000);
  const { length } = await readFile(beats);
  assert.ok(length > 0);
  await sleep(300);
  assert.equal((await readFile(beats)).length, length);
});

test("leaves alone what is active", async () => {
  let step = 0;
  const outcome = await runCommand("sleep", ["1.6"], { env, limit_s: 0.6, activity: async () => ++step });
  assert.deepEqual({ code: outcome.code, timedOut: outcome.timedOut }, { code: 0, timedOut: false });
});
