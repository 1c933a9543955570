import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readResults, underNamesOf } from "../../../../src/commands/report/read-results.ts";
import type { RevisionResults } from "../../../../src/commands/report/revision-results.ts";
import { summary } from "../../../../src/commands/report/summary.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** A folder with the results of version 0.1.0. @param memorization how it calls the file. */
function results(t: TestContext, memorization = "metrics/poison.json", flag = "memorised") {
  const folder = temporaryFolder(t);
  for (const item of ["metrics", "plots"])
    cpSync(`test/fixtures/0.1.0/${item}`, join(folder, item), { recursive: true });
  const metrics = ["metrics/train.json", memorization].map((file) => `      - ${file}: {cache: false}\n`).join("");
  const paths = "--history plots/history.json --metrics metrics/train.json --predictions plots/predictions.json";
  const cmd = `node stages/train-top.ts ${paths} --${flag} ${memorization}`;
  writeFileSync(join(folder, "dvc.yaml"), `stages:\n  train-top:\n    cmd: ${cmd}\n    metrics:\n${metrics}`);
  writeFileSync(join(folder, "dvc.lock"), `schema: '2.0'\nstages:\n  train-top:\n    cmd: ${cmd}\n`);
  return { name: "old", commit: "0".repeat(40), folder };
}

test("what version 0.1.0 called poison.json, the British way, is read as memorization", async (t) => {
  const before = await readResults(results(t));
  const renamed = results(t, "metrics/memorization.json", "memorization");
  writeFileSync(
    join(renamed.folder, "metrics/memorization.json"),
    '{"wrong_labels_memorized": 0.25, "true_labels_learned": 0.5}',
  );
  const now = await readResults(renamed);
  const old = underNamesOf(before, now);
  assert.deepEqual(old.metrics["metrics/memorization.json"], { wrong_labels_memorized: 0.5, true_labels_learned: 0.5 });
  assert.deepEqual(Object.keys(old.metrics), Object.keys(now.metrics), "the report sets them side by side");
  const said = summary(
    { ...old, labels: undefined } as RevisionResults,
    { ...now, labels: undefined } as RevisionResults,
    "none",
  );
  assert.match(said.join("\n"), /25\.0 % of the poisoned images .+ \(base: 50\.0 %\)\./);
});

test("what is wrong in a revision's files is told by the revision's name and the file", async (t) => {
  const revision = results(t);
  const file = join(revision.folder, "plots/history.json");
  writeFileSync(file, readFileSync(file, "utf8").replace('"epoch":3', '"epoch":2'));
  await assert.rejects(readResults(revision), {
    name: "StageError",
    message: "old: plots/history.json: [2].epoch is 2: the epochs must be 1, 2, 3, … in this order.",
  });
});
