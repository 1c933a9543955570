import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluateTraining } from "../../../src/evaluate/evaluate.ts";
import { levelRow, runTable } from "../../../src/evaluate/run-table.ts";
import { Random } from "../../../src/numbers/random.ts";
import type { LabelRow } from "../../../src/records/labels.ts";
import { type TrainResult, trainTop } from "../../../src/train/fit.ts";
import type { TopModel, TopWeights } from "../../../src/train/top-model.ts";
import type { LabelledFeatures } from "../../../src/train/training-set.ts";
import { wasmBackend } from "../../../src/train/wasm-backend.ts";

const NO_WEIGHTS: TopWeights = {
  hiddenKernel: new Float32Array(),
  hiddenBias: new Float32Array(),
  outputKernel: new Float32Array(),
  outputBias: new Float32Array(),
};
const trained = (trainLogits: number[], validationLogits: number[], outputs = 1): TrainResult => ({
  model: { inputs: 1, hidden: 1, outputs },
  weights: NO_WEIGHTS,
  history: [],
  trainLogits: Float32Array.from(trainLogits),
  validationLogits: Float32Array.from(validationLogits),
});
/** A split whose rows are these images, of these class numbers. */
const split = (images: string[], classes: number[], values = new Float32Array()): LabelledFeatures => ({
  features: {
    images,
    rowShape: [values.length / images.length],
    rowLength: values.length / images.length,
    read(rows, target) {
      for (let i = 0; i < rows.length; i++)
        target.set(
          values.subarray((rows[i] as number) * this.rowLength, ((rows[i] as number) + 1) * this.rowLength),
          i * this.rowLength,
        );
    },
    close: async () => {},
  },
  classes: Uint16Array.from(classes),
});
const row = (image: string, label: string, true_label: string): LabelRow => ({
  image,
  split: "train",
  label,
  true_label,
});

/** Training rows in another order than the label table; `b` is a cat said to be a dog, `d` a dog said to be a cat. */
const LABELS = [row("a", "cats", "cats"), row("b", "dogs", "cats"), row("c", "dogs", "dogs"), row("d", "cats", "dogs")];
const SETS = {
  train: split(["d", "c", "b", "a"], [0, 1, 1, 0]),
  validation: split(["v", "w"], [0, 1]),
  labels: LABELS,
  classes: ["cats", "dogs"],
};

test("a review joins what is true to what training was told, by image", () => {
  // d, given cats, is taken for a cat: memorized; c for a dog; b, given dogs, for a cat: not memorized; a for a dog.
  const { poison, validation, figures } = evaluateTraining(trained([-1, 1, -1, 1], [-2, 3]), SETS);
  assert.deepEqual(poison, { wrong_labels_memorized: 0.5, true_labels_learned: 0.5 });
  assert.deepEqual(validation.recall, { cats: 1, dogs: 1 });
  assert.equal(validation.auroc, 1);
  assert.equal(validation.brier_score, 0.008229); // (0.119203² + 0.047426²) / 2, to six decimals
  assert.deepEqual(Object.keys(figures), ["confusion", "roc", "precision-recall", "probabilities", "reliability"]);
  assert.deepEqual(figures.confusion?.[0], { label: "cats", predicted: "cats", images: 1, share: 1 });
});

test("a model that diverged is reviewed as one that knows nothing", () => {
  const { poison, validation, figures } = evaluateTraining(trained([NaN, NaN, NaN, NaN], [NaN, NaN]), SETS);
  assert.deepEqual(poison, { wrong_labels_memorized: 0.5, true_labels_learned: 0.5 });
  const { recall, precision, ...rest } = validation;
  assert.deepEqual(rest, { auroc: 0.5, average_precision: 0.5, brier_score: 0.25, expected_calibration_error: 0 });
  assert.deepEqual(
    [recall, precision],
    [
      { cats: 1, dogs: 0 },
      { cats: 0.5, dogs: null },
    ],
  );
  assert.doesNotMatch(JSON.stringify(figures), /null/);
});

test("the table of a run names parameters as in params.yaml and metrics as in their files", () => {
  const review = evaluateTraining(trained([-1, 1, -1, 1], [-2, 3]), SETS);
  const metrics = {
    loss: 0.123456,
    accuracy: 1,
    val_loss: Number.NaN,
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
  assert.deepEqual(levelRow(metrics), { poison: 2.5, accuracy: 1, val_accuracy: 0.88125 });
});

test("training gives back the logits of both splits by its last weights, without dropout", async () => {
  const random = new Random(5, "features");
  const features = (images: number) => Float32Array.from({ length: images * 4 }, () => random.float());
  const values = { train: features(300), validation: features(7) };
  const names = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);
  const sets = {
    train: split(
      names(300),
      names(300).map((_, i) => i % 3),
      values.train,
    ),
    validation: split(
      names(7),
      names(7).map((_, i) => i % 3),
      values.validation,
    ),
  };
  const params = {
    epochs: 2,
    batch_size: 50,
    optimizer: "adam",
    learning_rate: 0.01,
    hidden_units: 5,
    dropout: 0.5,
    export_full: false,
  } as const;
  const follow = { onEpoch: () => {}, onStep: () => {} };
  const result = await trainTop(wasmBackend, sets.train, sets.validation, { classes: 3, seed: 1, params }, follow);
  for (const name of ["train", "validation"] as const) {
    const expected = forward(values[name], result);
    const actual = result[`${name}Logits`];
    assert.equal(actual.length, expected.length);
    for (const [i, value] of expected.entries())
      assert.ok(Math.abs((actual[i] as number) - value) < 1e-5, `${name} ${i}`);
  }
});

/** The top model in float64. */
function forward(values: Float32Array, { model, weights }: { model: TopModel; weights: TopWeights }): number[] {
  const layer = (x: number[], kernel: Float32Array, bias: Float32Array) =>
    Array.from(bias, (b, j) => x.reduce((sum, value, i) => sum + value * (kernel[i * bias.length + j] as number), b));
  return Array.from({ length: values.length / model.inputs }, (_, i) => {
    const x = [...values.subarray(i * model.inputs, (i + 1) * model.inputs)];
    const hidden = layer(x, weights.hiddenKernel, weights.hiddenBias).map((z) => Math.max(0, z));
    return layer(hidden, weights.outputKernel, weights.outputBias);
  }).flat();
}
