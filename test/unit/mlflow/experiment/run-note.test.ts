import assert from "node:assert/strict";
import { test } from "node:test";
import { runNote } from "../../../../src/mlflow/experiment/run-note.ts";

const metrics = {
  ...{ loss: 0.1, accuracy: 0.9475, val_loss: 0.4, val_accuracy: 0.875, best_epoch: 3, generalization_gap: 0.0725 },
  ...{ poison: 7.5, poisoned_images: 150, backend: "cpu" },
  dataset: { name: "cats-dogs (mirror)", classes: 2, train_images: 2000, validation_images: 800 },
};

test("a run says what came out, what was poisoned and of which images", () => {
  assert.equal(
    runNote(metrics, { seed: "4" }),
    "**87.5 % validation accuracy**, 94.8 % in training. Poison 7.5 %: 150 of 2000 training labels swapped, seed 4.\n\n" +
      "Data set: `cats-dogs (mirror)`, 2 classes, 2000 training and 800 validation images. Trained by `cpu`.",
  );
  assert.match(
    runNote({ ...metrics, poison: 0, poisoned_images: 0 }, {}),
    / Poison 0 %: no training label swapped\.\n/,
  );
});

test("a data set's name stays a name", () => {
  const dataset = { ...metrics.dataset, name: "`![x](https://example.org)\n# a" };
  assert.match(
    runNote({ ...metrics, dataset }, {}),
    /^Data set: `'!\[x\]\(https:\/\/example\.org\)\\n# a`, 2 classes/m,
  );
});
