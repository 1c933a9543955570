import type { LabelRow } from "../../src/records/labels/labels.ts";
import type { TrainResult } from "../../src/train/fit.ts";
import type { TopWeights } from "../../src/train/top-model.ts";
import type { LabelledFeatures } from "../../src/train/training-set.ts";

const NO_WEIGHTS: TopWeights = {
  hiddenKernel: new Float32Array(),
  hiddenBias: new Float32Array(),
  outputKernel: new Float32Array(),
  outputBias: new Float32Array(),
};

/** A training that ended with these logits. */
export const trained = (trainLogits: number[], validationLogits: number[], outputs = 1): TrainResult => ({
  model: { inputs: 1, hidden: 1, outputs },
  weights: NO_WEIGHTS,
  history: [],
  trainLogits: Float32Array.from(trainLogits),
  validationLogits: Float32Array.from(validationLogits),
});

/** A split whose rows are these images, of these class numbers. */
export const split = (images: string[], targets: number[], values = new Float32Array()): LabelledFeatures => ({
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

/** A training image with the label given and the true one. */
export const row = (image: string, label: string, true_label: string): LabelRow => ({
  image,
  split: "train",
  label,
  true_label,
});

/** Training rows in another order than the label table; `b` is a cat said to be a dog, `d` a dog said to be a cat. */
export const LABELS = [
  row("a", "cats", "cats"),
  row("b", "dogs", "cats"),
  row("c", "dogs", "dogs"),
  row("d", "cats", "dogs"),
];

/** Two classes, and what {@link LABELS} says of them. */
export const SETS = {
  train: split(["d", "c", "b", "a"], [0, 1, 1, 0]),
  validation: split(["v", "w"], [0, 1]),
  classNames: ["cats", "dogs"],
};
