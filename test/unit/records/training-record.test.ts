import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readTrainingRecord } from "../../../src/records/training-record.ts";
import { StageError } from "../../../src/runtime/errors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const HISTORY = [
  { epoch: 1, loss: 0.57, accuracy: 0.76, val_loss: 0.55, val_accuracy: 0.81 },
  { epoch: 2, loss: null, accuracy: 0.84, val_loss: null, val_accuracy: 0.82 },
];
const DATASET = { name: "cats-dogs", train_images: 2000, validation_images: 800 };
const METRICS = { poison: 7.5, poisoned_images: 150, best_epoch: 2, dataset: DATASET };

/** Reads a record from files of these texts. */
function read(t: TestContext, { history = JSON.stringify(HISTORY), metrics = JSON.stringify(METRICS) }) {
  const folder = temporaryFolder(t);
  const files = { history: join(folder, "history.json"), metrics: join(folder, "train.json") };
  writeFileSync(files.history, history);
  writeFileSync(files.metrics, metrics);
  return readTrainingRecord(files);
}

test("a record holds the history and what was trained on; a diverged loss is null; other keys are let be", async (t) => {
  const metrics = JSON.stringify({ ...METRICS, backend: "tensorflow", dataset: { ...DATASET, classes: 2 } });
  assert.deepEqual(await read(t, { metrics }), { history: HISTORY, facts: METRICS });
});

test("what is wrong in a record is named by file, key and value", async (t) => {
  const second = (change: object) => ({ history: JSON.stringify([HISTORY[0], { ...HISTORY[1], ...change }]) });
  const metrics = (change: object) => ({ metrics: JSON.stringify({ ...METRICS, ...change }) });
  const cases: [Parameters<typeof read>[1], RegExp][] = [
    [{ history: '[{"epoch": 1, ' }, /history\.json: cannot be read: .*JSON/],
    [{ history: "[]" }, /history\.json: is \[\]: .*>=1/],
    [{ history: "{}" }, /history\.json: is \{\}: .*expected array/],
    [second({ val_loss: undefined }), /history\.json: \[1\]\.val_loss is missing\./],
    [second({ accuracy: 94.25 }), /history\.json: \[1\]\.accuracy is 94\.25: .*<=1/],
    [second({ epoch: 1.5 }), /history\.json: \[1\]\.epoch is 1\.5: .*expected int/],
    [{ metrics: "null" }, /train\.json: is null: .*expected object/],
    [metrics({ poisoned_images: undefined }), /train\.json: poisoned_images is missing\./],
    [metrics({ dataset: { ...DATASET, name: undefined } }), /train\.json: dataset\.name is missing\./],
    [metrics({ poison: "7.5" }), /train\.json: poison is "7\.5": .*expected number/],
    [metrics({ best_epoch: 4 }), /train\.json: best_epoch is 4, which .*history\.json does not hold/],
  ];
  for (const [files, message] of cases) {
    await assert.rejects(read(t, files), (error: unknown) => {
      assert.ok(error instanceof StageError, `${error}`);
      assert.match(error.message, message);
      assert.match(error.hint ?? "", /dvc repro --force --single-item train-top/);
      return true;
    });
  }
});
