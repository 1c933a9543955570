import assert from "node:assert/strict";
import { test } from "node:test";
import { attempt } from "../../../../scripts/setup/run.mjs";
import { SetupError } from "../../../../scripts/setup/setup-error.mjs";
import { runSteps } from "../../../../scripts/setup/step.mjs";

/** A step whose doing takes the promise that `run` gives. */
const step = (name: string, run: () => Promise<unknown>, after: string[] = []) => {
  let ran = false;
  return {
    name,
    after,
    done: () => ran,
    run: async () => {
      await run();
      ran = true;
      return "did it";
    },
  };
};
const quickly = async () => {};

test("only steps that are not done run", async () => {
  const done = { name: "a", done: () => true, run: () => Promise.reject(new Error("it was done")) };
  const steps = [done, step("b", quickly)];
  assert.deepEqual(await runSteps(() => steps), ["b"]);
  assert.deepEqual(await runSteps(() => steps), []);
});

test("steps run beside each other, and each after those that it names", async () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const waits = step("waits", () => opened);
  const opens = step("opens", async () => open()); // in order, one by one, "waits" would wait for ever
  const last = step("last", quickly, ["waits", "not in this set-up"]);
  const ran = await runSteps(() => [waits, last, opens]);
  assert.deepEqual([...ran].sort(), ["last", "opens", "waits"]);
  assert.ok(ran.indexOf("last") > ran.indexOf("waits"));
});

test("a step that fails ends the programs of the others, and none begins after it", async () => {
  const began: string[] = [];
  const sleeps = step("sleeps", async () => {
    began.push("sleeps");
    const { ok } = await attempt(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
    began.push(`ended, ok: ${ok}`); // a step may go on with something else where a program fails
  });
  const fails = step("fails", async () => {
    await attempt(process.execPath, ["-e", ""]);
    throw new SetupError("no network");
  });
  const last = step("last", async () => began.push("last"), ["sleeps"]);
  const start = performance.now();
  await assert.rejects(
    runSteps(() => [sleeps, fails, last]),
    { name: "SetupError", message: "no network" },
  );
  assert.ok(performance.now() - start < 20_000);
  assert.deepEqual(began, ["sleeps"]);
  assert.equal((await attempt(process.execPath, ["-e", ""])).ok, true); // later ones run again
});
