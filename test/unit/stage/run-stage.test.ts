import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { exitCodeOf } from "../../../src/runtime/ending-signals.mjs";
import { studyParams } from "../../../tools/study-params.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A folder in which an earlier run of test/support/grow.ts left both outputs. */
function place(t: TestContext): string {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "params.yaml"), studyParams());
  mkdirSync(join(folder, "out"));
  for (const name of ["live.json", "other.txt"]) writeFileSync(join(folder, "out", name), "old");
  return folder;
}

/** Starts the stage there. @param says where its standard output goes: a file's descriptor, or to a reader; by default nowhere. */
function start(
  t: TestContext,
  { folder = place(t), says = "ignore" }: { folder?: string; says?: "pipe" | "ignore" | number } = {},
) {
  const args = [
    "--import",
    import.meta.resolve("tsx"),
    resolve("test/support/grow.ts"),
    "--live",
    "out/live.json",
    "--other",
    "out/other.txt",
  ];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["pipe", says, "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    complaint += text;
  });
  const ended = new Promise<number | null>((settle) => child.on("close", settle));
  const live = join(folder, "out", "live.json");
  return {
    child,
    ended,
    folder,
    live,
    complaint: () => complaint,
    list: () => readdirSync(join(folder, "out")).sort(),
    other: () => readFileSync(join(folder, "out", "other.txt"), "utf8"),
    /** Has a row written and waits until others can read it. */
    async row(count: number) {
      child.stdin?.write("row\n");
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
  stage.child.stdin?.end("end\n");
  assert.equal(await stage.ended, 0);
  assert.deepEqual(JSON.parse(readFileSync(stage.live, "utf8")), [1, 2]);
  assert.equal(stage.other(), "other");
  assert.deepEqual(stage.list(), ["live.json", "other.txt"]);
});

test("a live output is removed when the stage fails", { timeout: 60_000 }, async (t) => {
  const stage = start(t);
  await stage.row(1);
  stage.child.stdin?.end("fail\n");
  assert.equal(await stage.ended, 1);
  assert.deepEqual(stage.list(), ["other.txt"]);
  assert.equal(stage.other(), "old");
});

for (const signals of [["SIGTERM"], ["SIGTERM", "SIGTERM"], ["SIGINT", "SIGTERM"], ["SIGHUP"]] as const)
  test(`stopped by ${signals.join(" and ")}: no word, nothing half-written, the outputs of before`, {
    timeout: 60_000,
  }, async (t) => {
    const stage = start(t);
    await stage.row(1);
    for (const signal of signals) stage.child.kill(signal);
    const codes = signals.map((signal) => exitCodeOf(signal));
    assert.ok(codes.includes((await stage.ended) as number)); // of two that come at once, either is heard first
    assert.equal(stage.complaint(), "");
    assert.deepEqual(stage.list(), ["other.txt"]); // the live one was begun anew
    assert.equal(stage.other(), "old");
  });

test("what a killed stage leaves, the next one clears away", { timeout: 60_000 }, async (t) => {
  const killed = start(t);
  await killed.row(1);
  killed.child.kill("SIGKILL");
  await killed.ended;
  mkdirSync(join(killed.folder, "out/live.json.some-run.partial"));
  assert.deepEqual(killed.list(), ["live.json", "live.json.some-run.partial", "other.txt", "other.txt.partial"]);
  const stage = start(t, killed);
  await stage.row(1);
  stage.child.stdin?.end("end\n");
  assert.equal(await stage.ended, 0, stage.complaint());
  assert.deepEqual(stage.list(), ["live.json", "other.txt"]);
  assert.equal(stage.other(), "other");
});

test("a stage whose words nobody hears any more, or a full disk refuses, ends well", { timeout: 60_000 }, async (t) => {
  const unheard = start(t, { says: "pipe" });
  unheard.child.stdout?.destroy();
  const full = openSync("/dev/full", "w");
  t.after(() => closeSync(full));
  for (const stage of [unheard, start(t, { says: full })]) {
    await stage.row(1);
    stage.child.stdin?.end("end\n");
    assert.equal(await stage.ended, 0);
    assert.equal(stage.complaint(), "");
    assert.deepEqual(stage.list(), ["live.json", "other.txt"]);
    assert.equal(stage.other(), "other");
  }
});

test("the same stage twice at once: the second says who writes, or waits where that one ends", {
  timeout: 60_000,
}, async (t) => {
  const first = start(t);
  await first.row(1);
  const second = start(t, first);
  assert.equal(await second.ended, 1);
  assert.match(
    second.complaint(),
    new RegExp(
      `^grow: out/(live\\.json|other\\.txt): another process is writing it: grow, process ${first.child.pid}\\.\\n  → .*kill ${first.child.pid}.*\\n$`,
    ),
  );
  await first.row(2); // and is not disturbed

  const third = start(t, first);
  await sleep(1500);
  first.child.kill("SIGTERM");
  assert.equal(await first.ended, 143);
  await third.row(1);
  third.child.stdin?.end("end\n");
  assert.equal(await third.ended, 0, third.complaint());
  assert.deepEqual(third.list(), ["live.json", "other.txt"]);
  assert.equal(third.other(), "other");
});

test("an output that a stage has not written is named, and that of before is kept", { timeout: 60_000 }, async (t) => {
  const stage = start(t);
  await stage.row(1);
  stage.child.stdin?.end("forget\n");
  assert.equal(await stage.ended, 1);
  assert.match(stage.complaint(), /^grow: out\/other\.txt: the stage has not written it\.\n {2}→ /);
  assert.equal(stage.other(), "old");
});
