import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import type { RunEvent } from "../../../../src/mlflow/record/events.ts";
import { openJournal } from "../../../../src/mlflow/record/journal.ts";
import { setAside } from "../../../../src/mlflow/record/set-aside.ts";
import { listJournals, type SpooledRun } from "../../../../src/mlflow/record/spool.ts";
import { end, loss, start } from "../../../support/mlflow/events.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const silent = () => {};

test("a journal belongs to one process; what waits has its own copies", (t) => {
  const spool = join(temporaryFolder(t), "spool");
  const journal = openJournal(spool, "run", { name: "e" }, silent);
  assert.ok(journal);
  assert.equal(openJournal(spool, "run", { name: "e" }, silent), undefined); // this very process has it

  const file = join(spool, "..", "history.json");
  writeFileSync(file, "old");
  const artifacts: RunEvent = { type: "artifacts", files: [{ path: "history.json", file }] };
  for (const event of [start("train-top"), loss(1, 0.5), artifacts]) journal.append(event);
  journal.keep([artifacts]);
  writeFileSync(file, "new");
  const [waiting] = listJournals(spool);
  assert.deepEqual(
    waiting?.events.map(({ type }) => type),
    ["start", "artifacts"],
  );
  assert.deepEqual(readdirSync(join(spool, "run", "files")), ["0"]);
  journal.remove();
  assert.ok(!existsSync(join(spool, "run")));
});

test("a line that is no event is set aside with its number; a last line without its end is passed over", (t) => {
  const spool = join(temporaryFolder(t), ".mlflow/spool");
  const journal = openJournal(spool, "run", { name: "e" }, silent);
  journal?.append(start("train-top"));
  const file = join(spool, "run/journal.jsonl");
  const strange = ['{"type":"graph","nodes":[]}', '{"type":"metrics","step":"one"}', "no JSON"];
  appendFileSync(file, `${strange.join("\n")}\n`);
  journal?.append(loss(1, 0.5));
  appendFileSync(file, '{"type":"end","ti');
  const [run] = listJournals(spool);
  assert.deepEqual(
    run?.events.map(({ type }) => type),
    ["start", "metrics"],
  );
  assert.deepEqual(
    run?.strange.map(({ number }) => number),
    [3, 4, 5],
  );
  const said: string[] = [];
  setAside(run as SpooledRun, (text) => said.push(text));
  const aside = join(spool, "../set-aside/run.jsonl");
  assert.match(said.join(), /line 3, 4, 5: no event .* kept in .*set-aside\/run\.jsonl\.$/);
  assert.equal(readFileSync(aside, "utf8"), `${strange.join("\n")}\n`);
});

test("what does not begin as a journal is found, and not taken for one", (t) => {
  const spool = join(temporaryFolder(t), "spool");
  for (const [name, text] of Object.entries({ empty: "", other: '{"version":2}\n', torn: '{"version":1,"exp' })) {
    mkdirSync(join(spool, name), { recursive: true });
    writeFileSync(join(spool, name, "journal.jsonl"), text);
  }
  const found = listJournals(spool);
  assert.equal(found.length, 3);
  for (const { experiment, events, alive } of found)
    assert.deepEqual([experiment, events, alive], [undefined, [], false]);
});

/** What lies in the spool: a run's events by its folder. */
const lying = (spool: string) =>
  Object.fromEntries(
    listJournals(spool).map(({ folder, events }) => [basename(folder), events.map(({ type }) => type).join(" ")]),
  );

/** A journal as a process leaves it that is gone: there is no process 2³¹ − 1. */
function leave(spool: string, events: RunEvent[]): void {
  const journal = openJournal(spool, "run", { name: "e" }, assert.fail);
  for (const event of events) journal?.append(event);
  journal?.keep(events);
  const file = join(spool, "run/journal.jsonl");
  writeFileSync(file, readFileSync(file, "utf8").replace(/"pid":\d+/, `"pid":${2 ** 31 - 1}`));
}

test("a run that has FINISHED waits on while its repeat is under way, fails, and fails again", (t) => {
  const spool = join(temporaryFolder(t), "spool");
  const file = join(spool, "../a.txt");
  mkdirSync(spool);
  writeFileSync(file, "as it was");
  const files: RunEvent = { type: "artifacts", files: [{ path: "a.txt", file }] };
  leave(spool, [start("train-top"), loss(1, 0.5), files, end("FINISHED")]);
  const finished = "start metrics artifacts end";
  for (let repeat = 0; repeat < 2; repeat++) {
    leave(spool, [start("train-top"), end("FAILED")]);
    assert.deepEqual(lying(spool), { "run.finished": finished, run: "start end" });
  }
  writeFileSync(file, "changed");
  const waiting = listJournals(spool).flatMap(({ events }) => events);
  const copies = waiting.flatMap((event) => ("files" in event ? event.files : []));
  assert.deepEqual(
    copies.map((copy) => "file" in copy && readFileSync(copy.file, "utf8")),
    ["as it was"],
  );

  const repeat = openJournal(spool, "run", { name: "e" }, assert.fail);
  repeat?.append(start("train-top"));
  assert.deepEqual(lying(spool), { "run.finished": finished, run: "start" });
  repeat?.append(end("FINISHED"));
  repeat?.remove();
  assert.deepEqual(lying(spool), {});
});

test("a repeat that finishes and cannot be told either takes the place of the run that waits", (t) => {
  const spool = join(temporaryFolder(t), "spool");
  leave(spool, [start("train-top"), loss(1, 0.5), end("FINISHED")]);
  leave(spool, [start("train-top"), end("KILLED")]);
  leave(spool, [start("train-top"), loss(1, 0.5), loss(2, 0.25), end("FINISHED")]);
  assert.deepEqual(lying(spool), { run: "start metrics metrics end" });
});

test("what is no journal and has the name of one is set aside as it is, and the run is recorded", (t) => {
  const spool = join(temporaryFolder(t), ".mlflow/spool");
  const said: string[] = [];
  for (const [i, bytes] of [Buffer.from([0, 255, 10, 7]), Buffer.from("null\n")].entries()) {
    mkdirSync(join(spool, "run"), { recursive: true });
    writeFileSync(join(spool, "run/journal.jsonl"), bytes);
    const journal = openJournal(spool, "run", { name: "e" }, (text) => said.push(text));
    journal?.append(start("train-top"));
    assert.deepEqual(lying(spool), { run: "start" });
    journal?.remove();
    const aside = join(spool, "../set-aside", i === 0 ? "run" : "run-2", "journal.jsonl");
    assert.deepEqual(readFileSync(aside), bytes);
  }
  assert.match(
    said.join("\n"),
    /spool\/run: is no journal .* kept in .*set-aside\/run, .*\n.*kept in .*set-aside\/run-2,/,
  );
});
