import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { historyFile } from "../../../src/records/training/history.ts";
import { predictionsFile } from "../../../src/records/training/predictions.ts";
import { readPredictions, readTraining, readTrainingLabels } from "../../../src/records/training/training.ts";
import { StageError } from "../../../src/runtime/errors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const HISTORY = [
  { epoch: 1, loss: 0.57, accuracy: 0.76, val_loss: 0.55, val_accuracy: 0.75 },
  { epoch: 2, loss: null, accuracy: 0.84, val_loss: 0.5, val_accuracy: 0.5 },
];
const DATASET = { name: "cats-dogs", classes: 2, train_images: 20, validation_images: 4 };
const METRICS = {
  loss: null,
  accuracy: 0.84,
  val_loss: 0.5,
  val_accuracy: 0.5,
  best_epoch: 1,
  generalization_gap: 0.34,
  poison: 10,
  poisoned_images: 2,
  dataset: DATASET,
  backend: "webassembly simd cpu",
};

/** Reads a record from files of these texts. */
function read(t: TestContext, { history = JSON.stringify(HISTORY), metrics = JSON.stringify(METRICS) }) {
  const folder = temporaryFolder(t);
  const files = { history: join(folder, "history.json"), metrics: join(folder, "train.json") };
  writeFileSync(files.history, history);
  writeFileSync(files.metrics, metrics);
  return readTraining(files);
}

test("a record holds the history and what was trained on; a diverged loss is null; other keys are kept", async (t) => {
  const metrics = { ...METRICS, attack: "new", dataset: { ...DATASET, url: "new" } };
  const history = HISTORY.map((epoch) => ({ ...epoch, learning_rate: 0.1 }));
  const texts = { metrics: JSON.stringify(metrics), history: JSON.stringify(history) };
  assert.deepEqual(await read(t, texts), { history, metadata: metrics });
});

test("what is wrong in a record is named by file, key and value", async (t) => {
  const history = (i: number, change: object) => ({
    history: JSON.stringify(HISTORY.with(i, { ...HISTORY[i], ...change } as never)),
  });
  const metrics = (change: object) => ({ metrics: JSON.stringify({ ...METRICS, ...change }) });
  const cases: [Parameters<typeof read>[1], RegExp][] = [
    [{ history: '[{"epoch": 1, ' }, /history\.json: cannot be read: .*JSON/],
    [{ history: "[]" }, /history\.json: is \[\]: .*>=1/],
    [{ history: "{}" }, /history\.json: is \{\}: .*expected array/],
    [history(1, { val_loss: undefined }), /history\.json: \[1\]\.val_loss is missing\./],
    [history(1, { accuracy: 94.25 }), /history\.json: \[1\]\.accuracy is 94\.25: .*<=1/],
    [history(1, { epoch: 1.5 }), /history\.json: \[1\]\.epoch is 1\.5: .*expected int/],
    [history(1, { epoch: 1 }), /history\.json: \[1\]\.epoch is 1: the epochs must be 1, 2, 3, … in this order\./],
    [history(1, { epoch: 3 }), /\[1\]\.epoch is 3: the epochs/],
    [history(0, { epoch: 2 }), /\[0\]\.epoch is 2: the epochs/],
    [{ metrics: "null" }, /train\.json: is null: .*expected object/],
    [metrics({ poisoned_images: undefined }), /train\.json: poisoned_images is missing\./],
    [metrics({ dataset: { ...DATASET, name: undefined } }), /train\.json: dataset\.name is missing\./],
    [metrics({ poison: "7.5" }), /train\.json: poison is "7\.5": .*expected number/],
    [metrics({ poison: 7.5 }), /train\.json: poison is 7\.5: 2 of 20 images are 10 %\./],
    [metrics({ poisoned_images: 21, poison: 100 }), /poisoned_images is 21: there are 20 training images\./],
    [metrics({ generalization_gap: 0.1 }), /generalization_gap is 0\.1: it must be accuracy - val_accuracy\./],
    [metrics({ dataset: { ...DATASET, validation_images: 0 } }), /dataset\.validation_images is 0: .*>=1/],
    [metrics({ best_epoch: 2 }), /best_epoch is 2, but by .*history\.json it is 1: they are of two trainings\./],
    [metrics({ best_epoch: 4 }), /best_epoch is 4, but by .*history\.json it is 1/],
    [metrics({ val_loss: 0.4 }), /val_loss is 0\.4, but by .*history\.json it is 0\.5: they are of two trainings\./],
    [metrics({ loss: 0.4 }), /loss is 0\.4, but by .*history\.json it is null/],
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

const TWO = [
  { image: "validation/cats/1.jpg", label: "cats", predicted: "cats", probability: 0.1 },
  { image: "validation/cats/2.jpg", label: "cats", predicted: "dogs", probability: 0.9 },
  { image: "validation/dogs/1.jpg", label: "dogs", predicted: "cats", probability: 0.5 },
  { image: "validation/dogs/2.jpg", label: "dogs", predicted: "dogs", probability: 0.5 },
];
const THREE = ["a", "b", "c"].map((label) => ({
  image: `validation/${label}/1.jpg`,
  label,
  predicted: "b",
  probability: 0.5,
  probabilities: { a: 0.300001, b: 0.5, c: 0.2 },
}));

test("predictions that cannot be true are refused by row and value", () => {
  const parse = (rows: readonly object[]) => predictionsFile.parse(JSON.stringify(rows), "predictions.json");
  assert.deepEqual(parse(TWO), TWO);
  assert.deepEqual(parse(THREE), THREE);
  const two = (i: number, change: object) => TWO.with(i, { ...TWO[i], ...change } as never);
  const three = (i: number, change: object) => THREE.with(i, { ...THREE[i], ...change } as never);
  const cases: [readonly object[], RegExp][] = [
    [[], /^predictions\.json: is \[\]: /],
    [TWO.slice(0, 2), /\[0\]\.label is "cats": it is the only class/],
    [
      two(1, { image: TWO[0]?.image }),
      /\[1\]\.image is "validation\/cats\/1\.jpg": the image stands in the file twice\./,
    ],
    [two(1, { predicted: "foxes" }), /\[1\]\.predicted is "foxes": the classes are cats, dogs\./],
    [
      two(1, { predicted: "cats" }),
      /\[1\]\.predicted is "cats": with a probability of 0\.9 for dogs it must be dogs\./,
    ],
    [
      two(0, { predicted: "dogs" }),
      /\[0\]\.predicted is "dogs": with a probability of 0\.1 for dogs it must be cats\./,
    ],
    [two(0, { probability: 1.2 }), /\[0\]\.probability is 1\.2: .*<=1/],
    [two(0, { probability: null }), /\[0\]\.probability is null: /],
    [two(0, { probabilities: { cats: 0.9, dogs: 0.1 } }), /\[0\]\.probabilities is .*: there are two classes/],
    [three(2, { probabilities: undefined }), /\[2\]\.probabilities.*: there are more than two classes/],
    [three(2, { probabilities: { a: 0.5, b: 0.5 } }), /\[2\]\.probabilities is .*: the classes are a, b, c\./],
    [three(2, { probabilities: { a: 0.5, b: 0.5, d: 0 } }), /\[2\]\.probabilities is .*: the classes are a, b, c\./],
    [three(0, { probabilities: { a: 0.4, b: 0.5, c: 0.2 } }), /\[0\]\.probabilities is .*: they sum to 1\.1/],
    [three(0, { probability: 0.4 }), /\[0\]\.probability is 0\.4: probabilities give 0\.5 to b\./],
    [three(0, { predicted: "c", probability: 0.2 }), /\[0\]\.predicted is "c": another class is more probable\./],
  ];
  for (const [rows, message] of cases) assert.throws(() => parse(rows), { name: "StageError", message });
});

test("predictions and labels of another training are refused", async (t) => {
  const folder = temporaryFolder(t);
  const [predictions, labels] = [join(folder, "predictions.json"), join(folder, "labels.csv")];
  writeFileSync(predictions, JSON.stringify(TWO));
  assert.deepEqual(await readPredictions(predictions, METRICS), TWO);
  assert.equal((await readPredictions(predictions, { ...METRICS, val_loss: null, val_accuracy: 0 })).length, 4);
  const other = { ...METRICS, dataset: { ...DATASET, validation_images: 8 } };
  await assert.rejects(
    readPredictions(predictions, other),
    /there are 4 predictions, but the metrics say 8: they are of/,
  );
  writeFileSync(
    predictions,
    JSON.stringify(TWO.map((row) => ({ ...row, predicted: row.label, probability: row.label === "dogs" ? 1 : 0 }))),
  );
  await assert.rejects(
    readPredictions(predictions, METRICS),
    /1 of the predictions are right, but the metrics say 0\.5/,
  );

  const rows = ["train", "validation"].flatMap((split) =>
    ["cats", "dogs"].flatMap((name) =>
      Array.from({ length: split === "train" ? 10 : 2 }, (_, i) => {
        const label = i === 0 && split === "train" ? (name === "cats" ? "dogs" : "cats") : name;
        return `${split}/${name}/${i}.jpg,${split},${label},${name}\n`;
      }),
    ),
  );
  const write = (lines: string[]) => writeFileSync(labels, `image,split,label,true_label\n${lines.join("")}`);
  write(rows);
  assert.equal((await readTrainingLabels(labels, METRICS)).length, 24);
  write(rows.slice(1));
  await assert.rejects(readTrainingLabels(labels, METRICS), /there are 19 training images, but the metrics say 20/);
  write(rows.slice(0, -1));
  await assert.rejects(readTrainingLabels(labels, METRICS), /there are 3 validation images, but the metrics say 4/);
  write(rows.with(0, "train/cats/0.jpg,train,cats,cats\n"));
  await assert.rejects(readTrainingLabels(labels, METRICS), /there are 1 swapped labels, but the metrics say 2/);
});

test("what a reader would refuse is not written", async (t) => {
  const file = join(temporaryFolder(t), "history.json");
  await assert.rejects(historyFile.write(file, HISTORY.toReversed()), /not written: \[0\]\.epoch is 2/);
  await historyFile.write(file, HISTORY);
  assert.deepEqual(await historyFile.read(file), HISTORY);
});
