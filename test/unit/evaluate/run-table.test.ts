import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluateTraining } from "../../../src/evaluate/evaluate.ts";
import { levelRows, runTable } from "../../../src/evaluate/run-table.ts";
import { LABELS, SETS, trained } from "../../support/trained.ts";

test("the table of a run names parameters as in params.yaml and metrics as in their files", () => {
  const review = evaluateTraining(trained([-1, 1, -1, 1], [-2, 3]), SETS, LABELS);
  const metrics = {
    loss: 0.123456,
    accuracy: 1,
    val_loss: null,
    val_accuracy: 0.88125,
    best_epoch: 7,
    generalization_gap: -0.00004567,
    poison: 2.5,
    poisoned_images: 50,
    dataset: { name: "cats-dogs", classes: 2, train_images: 2000, validation_images: 800 },
    backend: "tensorflow",
  };
  const train = {
    epochs: 10,
    batch_size: 10,
    optimizer: "sgd",
    learning_rate: 0.00005,
    hidden_units: 256,
    dropout: 0.5,
    export_full: false,
  } as const;
  const rows = runTable(
    { train, seed: 3 },
    { image: { size: 150, resize: "nearest", preprocess: "rescale" }, base: "vgg16" },
    metrics,
    review,
  );
  const value = new Map(rows.map(({ name, value }) => [name, value]));
  const expected = {
    poison: "2.5",
    seed: "3",
    "dataset.train_images": "2000",
    "image.size": "150",
    "train.optimizer": "sgd",
    "train.learning_rate": "0.00005",
    loss: "0.1235",
    accuracy: "1",
    val_loss: "–",
    val_accuracy: "0.8812",
    generalization_gap: "-0.00004567",
    "recall.cats": "1",
    wrong_labels_memorized: "0.5",
  };
  for (const [name, text] of Object.entries(expected)) assert.equal(value.get(name), text, name);
  assert.equal(value.size, rows.length, "each name once");
  assert.deepEqual([...new Set(rows.map(({ group }) => group))], ["parameters", "metrics"]);
  const levels = (table = rows) => levelRows(metrics, table) as { series: string }[];
  const [training, validation] = levels();
  assert.match(training?.series ?? "", /^cats-dogs · rescale · seed 3 · [0-9a-f]{8}$/);
  const series = training?.series;
  assert.deepEqual(training, { poison: 2.5, images: "training", accuracy: 1, series });
  assert.deepEqual(validation, { poison: 2.5, images: "validation", accuracy: 0.88125, series });
  const changed = (name: string, value: string) =>
    levels(rows.map((row) => (row.name === name ? { ...row, value } : row)))[0]?.series;
  assert.equal(changed("poison", "10"), series, "another level is the same series");
  assert.equal(changed("val_accuracy", "0.1"), series, "and so is another result");
  assert.notEqual(changed("train.epochs", "20"), series, "other parameters are another");
});
