import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../../scripts/setup/paths.mjs";
import { askHolder, takeLock } from "../../../src/runtime/lock.mjs";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const MODULE = JSON.stringify(pathToFileURL(join(root, "src/runtime/lock.mjs")).href);

/** Waits for the lock, marks that it is in, stays some milliseconds, or for ever, and marks that it leaves. */
const CONTENDER = `
  import { appendFileSync } from "node:fs";
  import { setTimeout as sleep } from "node:timers/promises";
  import { takeLock } from ${MODULE};
  const [path, log, stay] = process.argv.slice(-3);
  let release;
  while (!(release = await takeLock(path, "process " + process.pid))) await sleep(1);
  appendFileSync(log, "in " + process.pid + "\\n");
  process.stdout.write("in");
  if (stay === "for ever") await new Promise((end) => setTimeout(end, 600_000));
  await sleep(Number(stay));
  appendFileSync(log, "out " + process.pid + "\\n");
  release();
`;

const ROUNDS = 15;
const AT_ONCE = 4;

function contend(t: TestContext, path: string, log: string, stay: string): ChildProcess {
  const child = spawn(process.execPath, ["--input-type=module", "-e", CONTENDER, path, log, stay], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  return child;
}

test(`a lock whose holder was killed lets one in at a time, in ${ROUNDS} rounds of ${AT_ONCE} that wait for it`, {
  timeout: 120_000,
}, async (t) => {
  const folder = temporaryFolder(t);
  for (let round = 0; round < ROUNDS; round++) {
    const [path, log] = [join(folder, "lock"), join(folder, `log-${round}`)];
    writeFileSync(log, "");
    const holder = contend(t, path, log, "for ever");
    if (holder.stdout) await once(holder.stdout, "data");
    assert.equal(await takeLock(path, "this one"), undefined);
    assert.equal(await askHolder(path), `process ${holder.pid}`);
    const waiting = Array.from({ length: AT_ONCE }, () => contend(t, path, log, String(round % 5)));
    const ended = waiting.map((child) => once(child, "exit"));
    setTimeout(() => holder.kill("SIGKILL"), 20 * round); // before they ask, while they do, after
    await Promise.all(ended);
    assert.deepEqual(
      waiting.map(({ exitCode }) => exitCode),
      waiting.map(() => 0),
    );
    const lines = readFileSync(log, "utf8").trim().split("\n").slice(1); // the holder's own
    assert.equal(lines.length, 2 * AT_ONCE);
    for (let i = 0; i < lines.length; i += 2)
      assert.deepEqual(lines.slice(i, i + 2), [lines[i], lines[i]?.replace("in", "out")], lines.join("\n"));
  }
});

test("a lock is of the file, whichever way leads to its folder, and of no other", async (t) => {
  const folder = temporaryFolder(t);
  const release = await takeLock(join(folder, "a"), "first");
  assert.ok(release);
  assert.equal(await takeLock(join(folder, ".", "a"), "second"), undefined);
  const other = await takeLock(join(folder, "b"), "second");
  assert.ok(other);
  other();
  release();
  const again = await takeLock(join(folder, "a"), "second");
  assert.ok(again);
  again();
});
