import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ask } from "../../../src/runtime/fork-program.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A process that runs a text. */
function start(t: TestContext, text: string) {
  const file = join(temporaryFolder(t), "program.cjs");
  writeFileSync(file, text);
  return fork(file, [], { execArgv: [], serialization: "advanced" });
}

test("a program that ends without an answer: how, in one line", async (t) => {
  for (const [text, how] of [
    ["process.exit(3)", "exit code 3"],
    ["process.disconnect()", "exit code 0"],
    ['process.once("message", () => process.exit(0))', "exit code 0"],
    ['process.kill(process.pid, "SIGKILL")', "SIGKILL"],
  ] as const)
    await assert.rejects(ask(start(t, text), "program", { pixels: new Uint8Array(5_000_000) }), {
      name: "StageError",
      message: `program ended without an answer: ${how}.`,
    });
});
