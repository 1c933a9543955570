import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { withLock } from "../../../../scripts/setup/lock.mjs";
import { setupUrl } from "../../../support/node.ts";

test("a lock is kept while its process runs, and taken over when that was killed", async () => {
  const script = `
    const { withLock } = await import(${setupUrl("lock.mjs")});
    await withLock(() => { console.log("held"); return new Promise((end) => setTimeout(end, 60_000)); });`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const text of holder.stdout) if (String(text).includes("held")) break;
  let killed = false;
  setTimeout(() => {
    killed = true;
    holder.kill("SIGKILL");
  }, 700);
  assert.equal(await withLock(async () => killed), true);
});
