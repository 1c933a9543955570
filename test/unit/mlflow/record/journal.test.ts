import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { RunEvent } from "../../../../src/mlflow/record/events.ts";
import { openJournal } from "../../../../src/mlflow/record/journal.ts";
import { setAside } from "../../../../src/mlflow/record/set-aside.ts";
import { listJournals, type SpooledRun } from "../../../../src/mlflow/record/spool.ts";
import { loss, start } from "../../../support/mlflow/events.ts";
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
