import { roundDeep } from "../numbers/round-deep.ts";
import type { Dataset } from "../records/dataset.ts";
import { type LabelRow, poisonLevel, swappedRows } from "../records/labels.ts";
import { type Progress, startProgress } from "../runtime/progress.ts";
import { probabilitiesOf } from "../train/cross-entropy.ts";
import type { EpochMetrics, TrainResult } from "../train/fit.ts";
import type { LabelledFeatures } from "../train/training-set.ts";

/** What metrics/train.json holds: the last epoch's figures and what they were got from. */
export interface TrainMetrics {
  /** Mean cross-entropy of the last epoch's training batches, with dropout, in nats. */
  loss: number;
  /** Share of the training images classified as their given label says, 0–1. */
  accuracy: number;
  val_loss: number;
  /** Share of the validation images classified truly, 0–1. */
  val_accuracy: number;
  /** The epoch with the highest validation accuracy, the first of equals; from 1. */
  best_epoch: number;
  /** accuracy - val_accuracy. */
  generalization_gap: number;
  /** % of the training images whose label was swapped. */
  poison: number;
  poisoned_images: number;
  dataset: { name: string; classes: number; train_images: number; validation_images: number };
  /** What computed: `tensorflow 2.21.0 cpu`. */
  backend: string;
}

/** A row of plots/predictions.json: one validation image. */
export interface Prediction {
  image: string;
  /** The true class. */
  label: string;
  /** The most probable class. */
  predicted: string;
  /** Two classes: probability of the second one by name. More: of the predicted one. */
  probability: number;
  /** More than two classes: the probability of each. */
  probabilities?: Record<string, number>;
}

/** Sums a training up for DVC's metrics. */
export function summarize(
  { history }: TrainResult,
  labels: readonly LabelRow[],
  classes: readonly string[],
  dataset: Dataset,
  backend: string,
): TrainMetrics {
  const last = history.at(-1) as EpochMetrics;
  const best = Math.max(...history.map((epoch) => epoch.val_accuracy));
  const train = labels.filter((row) => row.split === "train").length;
  return {
    loss: roundDeep(last.loss),
    accuracy: roundDeep(last.accuracy),
    val_loss: roundDeep(last.val_loss),
    val_accuracy: roundDeep(last.val_accuracy),
    best_epoch: (history.find((epoch) => epoch.val_accuracy === best) as EpochMetrics).epoch,
    generalization_gap: roundDeep(last.accuracy - last.val_accuracy),
    poison: roundDeep(poisonLevel(labels)),
    poisoned_images: swappedRows(labels).length,
    dataset: {
      name: dataset.name,
      classes: classes.length,
      train_images: train,
      validation_images: labels.length - train,
    },
    backend,
  };
}

/** One row per validation image, in the order of the label table. */
export function predictionRows(
  { validationLogits, model }: TrainResult,
  validation: LabelledFeatures,
  classes: readonly string[],
): Prediction[] {
  return probabilitiesOf(validationLogits, model.outputs).map((probabilities, i) => {
    const predicted = probabilities.indexOf(Math.max(...probabilities));
    const row = {
      image: validation.features.images[i] as string,
      label: classes[validation.classes[i] as number] as string,
      predicted: classes[predicted] as string,
      probability: roundDeep(probabilities[classes.length === 2 ? 1 : predicted] as number),
    };
    if (classes.length === 2) return row;
    return {
      ...row,
      probabilities: Object.fromEntries(classes.map((name, c) => [name, roundDeep(probabilities[c] as number)])),
    };
  });
}

/** Progress of a training on the terminal: a line per epoch, and the time left. */
export function followTraining(
  epochs: number,
  images: number,
): { onEpoch(epoch: EpochMetrics): void; onStep(images: number): void; progress: Progress } {
  const progress = startProgress("train-top", epochs * images, "images");
  return {
    onEpoch: (epoch) => progress.note(describeEpoch(epoch, epochs)),
    onStep: (count) => progress.advance(count),
    progress,
  };
}

const describeEpoch = ({ epoch, loss, accuracy, val_loss, val_accuracy }: EpochMetrics, epochs: number): string =>
  `epoch ${epoch} of ${epochs}: loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(4)}, val_loss ${val_loss.toFixed(4)}, val_accuracy ${val_accuracy.toFixed(4)}`;
