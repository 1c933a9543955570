import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluateTraining } from "../../../src/evaluate/evaluate.ts";
import type { LabelRow } from "../../../src/records/labels/labels.ts";
import type { TrainResult } from "../../../src/train/fit.ts";
import type { TopWeights } from "../../../src/train/top-model.ts";
import type { LabelledFeatures } from "../../../src/train/training-set.ts";

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
const split = (images: string[], targets: number[], values = new Float32Array()): LabelledFeatures => ({
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
  targets: Uint16Array.from(targets),
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
  classNames: ["cats", "dogs"],
};

test("a review joins what is true to what training was told, by image", () => {
  // d, given cats, is taken for a cat: memorized; c for a dog; b, given dogs, for a cat: not memorized; a for a dog.
  const { memorization, validation, figures } = evaluateTraining(trained([-1, 1, -1, 1], [-2, 3]), SETS, LABELS);
  assert.deepEqual(memorization, { wrong_labels_memorized: 0.5, true_labels_learned: 0.5 });
  assert.deepEqual(validation.recall, { cats: 1, dogs: 1 });
  assert.equal(validation.auroc, 1);
  assert.equal(validation.brier_score, 0.008229); // (0.119203² + 0.047426²) / 2, to six decimals
  assert.deepEqual(Object.keys(figures), ["confusion", "roc", "precision-recall", "probabilities", "reliability"]);
  assert.deepEqual(figures.confusion?.[0], { label: "cats", predicted: "cats", images: 1, share: 1 });
});

test("a model that diverged is reviewed as one that knows nothing", () => {
  const { memorization, validation, figures } = evaluateTraining(
    trained([NaN, NaN, NaN, NaN], [NaN, NaN]),
    SETS,
    LABELS,
  );
  assert.deepEqual(memorization, { wrong_labels_memorized: 0.5, true_labels_learned: 0.5 });
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
