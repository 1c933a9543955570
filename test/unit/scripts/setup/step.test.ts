import assert from "node:assert/strict";
import { test } from "node:test";
import { SetupError } from "../../../../scripts/setup/setup-error.mjs";
import { runSteps } from "../../../../scripts/setup/step.mjs";

test("only steps that are not done run, and a failing step ends the set-up", async () => {
  const ran: string[] = [];
  const step = (name: string, done: boolean, fails = false) => ({
    name,
    done: () => done || ran.includes(name),
    run: async () => {
      ran.push(name);
      if (fails) throw new SetupError("no network");
      return "did it";
    },
  });
  assert.deepEqual(await runSteps([step("a", true), step("b", false), step("c", true)]), ["b"]);
  assert.deepEqual(await runSteps([step("a", true), step("b", false)]), []);
  await assert.rejects(runSteps([step("d", false, true), step("e", false)]), /no network/);
  assert.deepEqual(ran, ["b", "d"]);
});
