import assert from "node:assert/strict";
import { type ExecFileException, execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../../scripts/setup/paths.mjs";

/** Runs Node and returns what came of it, whatever it was. */
function node(args: string[], env: NodeJS.ProcessEnv = process.env) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, args, { cwd: root, env }, (error: ExecFileException | null, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

test("a test file that does not exist is named, with those that do", async () => {
  const { code, stderr } = await node([join(root, "scripts", "test.mjs"), "no-such-test"]);
  assert.equal(code, 1);
  assert.match(stderr, /No test file has "no-such-test"[\s\S]*test\/system\/scripts\/setup\.test\.ts/);
});
