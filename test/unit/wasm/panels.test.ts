import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const file = fileURLToPath(new URL("../../../src/wasm/panels.cjs", import.meta.url));
const { awaitChange } = createRequire(import.meta.url)(file) as typeof import("../../../src/wasm/panels.cjs");

test("a thread that is woken with nothing changed goes on waiting: notices come late on a busy machine", async (t) => {
  const words = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(
    `const { workerData: { words, file } } = require("node:worker_threads");
     require(file).awaitChange(words, 0, 0);
     Atomics.store(words, 1, 1);`,
    { eval: true, workerData: { words, file } },
  );
  t.after(() => worker.terminate());
  let woken = 0;
  for (let i = 0; i < 500 && woken === 0; i++) {
    await sleep(10);
    woken = Atomics.notify(words, 0); // a notice without a change
  }
  assert.ok(woken > 0, "the thread waits");
  await sleep(100);
  assert.equal(Atomics.load(words, 1), 0, "it waits still");
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
  await new Promise((end) => worker.once("exit", end));
  assert.equal(Atomics.load(words, 1), 1);
});

test("a wait that will never end is an error", () => {
  const words = new Int32Array(new SharedArrayBuffer(4));
  assert.throws(() => awaitChange(words, 0, 0, 0), /does not answer/);
});
