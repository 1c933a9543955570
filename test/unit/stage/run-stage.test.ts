import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { studyParams } from "../../../tools/study-params.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Starts the stage test/support/grow.ts in a folder where an earlier run left both outputs. */
function start(t: TestContext) {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "params.yaml"), studyParams());
  mkdirSync(join(folder, "out"));
  for (const name of ["live.json", "other.txt"]) writeFileSync(join(folder, "out", name), "old");
  const args = [
    "--import",
    import.meta.resolve("tsx"),
    resolve("test/support/grow.ts"),
    "--live",
    "out/live.json",
    "--other",
    "out/other.txt",
  ];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["pipe", "ignore", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  const ended = new Promise<number | null>((settle) => child.on("close", settle));
  const live = join(folder, "out", "live.json");
  return {
    child,
    ended,
    live,
    list: () => readdirSync(join(folder, "out")).sort(),
    other: () => readFileSync(join(folder, "out", "other.txt"), "utf8"),
    /** Has a row written and waits until others can read it. */
    async row(count: number) {
      child.stdin.write("row\n");
      const rows = () => {
        const text = existsSync(live) ? readFileSync(live, "utf8") : "old";
        return text === "old" ? 0 : (JSON.parse(text) as number[]).length; // never half a file
      };
      for (let i = 0; i < 2000 && rows() !== count && child.exitCode === null; i++) await sleep(10);
      assert.equal(rows(), count);
    },
  };
}

test("a live output can be read whole while the stage runs; the others appear when it has ended well", {
  timeout: 60_000,
}, async (t) => {
  const stage = start(t);
  await stage.row(1);
  await stage.row(2);
  assert.equal(stage.other(), "old");
  stage.child.stdin.end("end\n");
  assert.equal(await stage.ended, 0);
  assert.deepEqual(JSON.parse(readFileSync(stage.live, "utf8")), [1, 2]);
  assert.equal(stage.other(), "other");
  assert.deepEqual(stage.list(), ["live.json", "other.txt"]);
});

test("a live output is removed when the stage fails", { timeout: 60_000 }, async (t) => {
  const stage = start(t);
  await stage.row(1);
  stage.child.stdin.end("fail\n");
  assert.equal(await stage.ended, 1);
  assert.deepEqual(stage.list(), ["other.txt"]);
  assert.equal(stage.other(), "old");
});

test("a live output is removed when the stage is stopped", { timeout: 60_000 }, async (t) => {
  const stage = start(t);
  await stage.row(1);
  stage.child.kill("SIGTERM");
  assert.equal(await stage.ended, 143);
  assert.deepEqual(stage.list(), ["other.txt"]);
});
