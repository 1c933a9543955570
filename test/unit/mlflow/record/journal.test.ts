import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { MetricsEvent, RunEvent, StartEvent } from "../../../../src/mlflow/record/events.ts";
import { openJournal } from "../../../../src/mlflow/record/journal.ts";
import { listJournals } from "../../../../src/mlflow/record/spool.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const start = (stage: string, key = "k"): StartEvent => ({
  ...{ type: "start", time: 1000, key, stage, joins: stage === "plot", name: "n" },
  ...{ params: { poison: "5" }, tags: { stage }, datasets: [] },
});

const loss = (step: number, value: number, time = 1500): MetricsEvent => ({
  ...{ type: "metrics", time, step, values: { loss: value } },
});

test("a journal belongs to one process; what waits has its own copies", (t) => {
  const spool = join(temporaryFolder(t), "spool");
  const journal = openJournal(spool, "run", "e");
  assert.ok(journal);
  assert.equal(openJournal(spool, "run", "e"), undefined); // this very process has it
  mkdirSync(join(spool, "begun")); // a process is between making the folder and writing into it
  assert.equal(openJournal(spool, "begun", "e"), undefined);

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
