import { mkdir } from "node:fs/promises";
import { readTop } from "../../export/read-model.ts";
import type { Pool } from "../../networks/pool.ts";
import type { ImageParams } from "../../records/features/image-params.ts";
import type { EpochMetrics } from "../../records/training/history.ts";
import { type Device, wantedDevice } from "../../runtime/device.ts";
import { StageError } from "../../runtime/errors.ts";
import { probabilitiesOf } from "../../train/cross-entropy.ts";
import { trainTop as fit } from "../../train/fit.ts";
import { loadBackend } from "../../train/load-backend.ts";
import { OPTIMIZERS, type TrainParams } from "../../train/optimizer.ts";
import { STANDARDIZATIONS, scaleToLength } from "../../train/standardize.ts";
import type { TopModel, TopWeights } from "../../train/top-model.ts";
import { wasmBackend } from "../../train/wasm-backend.ts";
import { type LabelledTable, labelledFeatures } from "./labelled.ts";

/** How a top model is trained. */
export interface TrainOptions {
  /** Class names in the order that numbers them, two or more. */
  classes: readonly string[];
  /** Initial weights, order and dropout: whole number, 0 to 2³² - 1. Equal seeds, equal models. */
  seed: number;
  params: TrainParams;
  /** What trains. Default: `POISON_DEVICE`, else a GPU where there is one, else the CPU. */
  device?: Device;
  /** Is told each epoch's figures. */
  onEpoch?: (epoch: EpochMetrics) => void | Promise<void>;
}

/** A top model and what is needed to use it. */
export interface Top {
  model: TopModel;
  weights: TopWeights;
  /** Names, in the order that numbers the classes. */
  classes: string[];
  /** Shape of one row of features, e.g. [4, 4, 512]. */
  featureShape: number[];
}

/** A trained top model and how it got there. */
export interface TrainedModel extends Top {
  /** Loss and accuracy by epoch. */
  history: EpochMetrics[];
  /** Probability of each class after the last epoch, [rows][classes], of the training and of the validation rows. */
  probabilities: { train: number[][]; validation: number[][] };
  /** What trained: `cpu`, which gives the same bytes everywhere, or TensorFlow's version and device. */
  backend: string;
}

/**
 * Trains a top model on features of anything: dense (ReLU) → dropout → dense, one sigmoid output for two classes, else one softmax output
 * a class. The same features, targets, seed and device give the same weights.
 *
 * @example
 * ```ts
 * import { predict, trainTop } from "dvc-poison/train";
 *
 * const features = { shape: [4, 2], values: Float32Array.of(0, 1, 0, 2, 1, 0, 2, 0) };
 * const table = { features, targets: [0, 0, 1, 1] };
 * const params = { epochs: 60, batch_size: 4, optimizer: "adam", learning_rate: 0.1, hidden_units: 8, dropout: 0 } as const;
 * const top = await trainTop(table, table, { classes: ["ham", "spam"], seed: 1, params });
 * console.log(top.history.at(-1)?.val_accuracy); // → 1
 * const [row] = predict(top, Float32Array.of(3, 0));
 * console.log((row?.[1] ?? 0) > 0.9); // → true
 * ```
 *
 * @param train what it learns from. @param validation what it is measured on after each epoch: rows of the same shape.
 * @throws StageError when tables, classes or params cannot be, or the device is not there.
 */
export async function trainTop(
  train: LabelledTable,
  validation: LabelledTable,
  options: TrainOptions,
): Promise<TrainedModel> {
  const { classes, seed, params, device = wantedDevice(), onEpoch = () => {} } = options;
  assertOptions(options);
  const tables = {
    train: labelledFeatures("train", train, classes.length),
    validation: labelledFeatures("validation", validation, classes.length),
  };
  const { rowShape } = tables.train.features;
  if (rowShape.join() !== tables.validation.features.rowShape.join())
    throw new StageError(
      `train: a row has the shape [${rowShape.join(", ")}], validation: [${tables.validation.features.rowShape.join(", ")}].`,
    );
  const { build, backend } = await loadBackend(device);
  const settings = { numClasses: classes.length, seed, params };
  const result = await fit(build, tables.train, tables.validation, settings, { onEpoch, onStep() {} });
  const { model, weights, history, trainLogits, validationLogits } = result;
  return {
    model,
    weights,
    history,
    classes: [...classes],
    featureShape: rowShape,
    probabilities: {
      train: probabilitiesOf(trainLogits, model.outputs),
      validation: probabilitiesOf(validationLogits, model.outputs),
    },
    backend,
  };
}

/** Rows of features that a model judges at once. */
const JUDGED = 64;

/**
 * What a top model makes of features.
 * @param features [n, …] float32, rows of the model's shape one after the other.
 * @returns the probability of each class [n][classes]; rows sum to 1.
 * @throws StageError when there are not whole rows.
 */
export function predict({ model, weights }: Pick<Top, "model" | "weights">, features: Float32Array): number[][] {
  const { inputs, outputs, unitLength } = model;
  if (features.length % inputs !== 0)
    throw new StageError(`there are ${features.length} values; a row of features has ${inputs}.`);
  const trained = wasmBackend(model, weights, { optimizer: "sgd", learning_rate: 0 }, JUDGED);
  try {
    const rows: number[][] = [];
    for (let at = 0; at < features.length; at += JUDGED * inputs) {
      const batch = features.slice(at, at + JUDGED * inputs);
      if (unitLength) scaleToLength(batch, inputs);
      rows.push(...probabilitiesOf(trained.logits(batch), outputs));
    }
    return rows;
  } finally {
    trained.dispose();
  }
}

/** What the files say of a model beside its layers. */
export interface ModelNotes {
  /** Share of hidden units that training dropped, 0 ≤ dropout < 1: for whoever trains on. Default: 0. */
  dropout?: number;
  /** The network that made the features, and what it saw of an image: with both, `dvc-poison predict` classifies images with the model. */
  base?: string;
  image?: ImageParams;
  /** `avg` where the features are means over an image's cells. */
  pool?: Pool;
}

/**
 * Writes a top model into a folder, which is made: `model.json` and `weights.bin` (TensorFlow.js), `model.keras` and `model.weights.h5`
 * (Keras 3). Equal models give equal bytes.
 *
 * @example
 * ```ts
 * import { predict, readModel, trainTop, writeModel } from "dvc-poison/train";
 *
 * const table = { features: { shape: [2, 1], values: Float32Array.of(-1, 1) }, targets: [0, 1] };
 * const params = { epochs: 1, batch_size: 2, optimizer: "sgd", learning_rate: 0.1, hidden_units: 4, dropout: 0 } as const;
 * const top = await trainTop(table, table, { classes: ["ham", "spam"], seed: 1, params });
 * await writeModel("model", top);
 * const same = await readModel("model");
 * console.log(same.classes, predict(same, Float32Array.of(1))[0]?.length); // → [ 'ham', 'spam' ] 2
 * ```
 *
 * @throws Error when a class has no name: a reader would not accept it.
 */
export async function writeModel(
  folder: string,
  top: Top,
  { dropout = 0, base, image, pool }: ModelNotes = {},
): Promise<void> {
  const { model, weights, classes, featureShape } = top;
  const { writeModels } = await import("../../export/write-models.ts"); // with what writes HDF5, which predicting does without
  await mkdir(folder, { recursive: true });
  const notes = { ...(base !== undefined && { base }), ...(image && { image }), ...(pool && { pool }) };
  await writeModels(folder, { model, weights }, { classes, featureShape, dropout, ...notes });
}

/** Reads the top model that {@link writeModel} or the stage `train-top` has written. @throws StageError when it is missing or damaged. */
export async function readModel(folder: string): Promise<Top & Pick<ModelNotes, "base" | "image" | "pool">> {
  const { model, weights, classes, featureShape, base, image, pool } = await readTop(folder);
  return {
    model,
    weights,
    classes,
    featureShape,
    ...(base !== undefined && { base }),
    ...(image && { image }),
    ...(pool && { pool }),
  };
}

function assertOptions({ classes, seed, params }: TrainOptions): void {
  const refuse = (what: string) => new StageError(`${what}.`);
  if (classes.length < 2 || new Set(classes).size !== classes.length)
    throw refuse(`classes are ${classes.join(", ") || "none"}; there must be two or more, each once`);
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32))
    throw refuse(`seed is ${seed}; it must be a whole number, 0 to 4294967295`);
  for (const key of ["epochs", "batch_size", "hidden_units"] as const)
    if (!(Number.isInteger(params[key]) && params[key] >= 1))
      throw refuse(`params.${key} is ${params[key]}; it must be a whole number, at least 1`);
  if (!OPTIMIZERS.includes(params.optimizer))
    throw refuse(`params.optimizer is ${params.optimizer}; it must be ${OPTIMIZERS.join(" or ")}`);
  if (!(params.learning_rate > 0))
    throw refuse(`params.learning_rate is ${params.learning_rate}; it must be more than 0`);
  if (!(params.dropout >= 0 && params.dropout < 1))
    throw refuse(`params.dropout is ${params.dropout}; it must be at least 0 and less than 1`);
  if (!STANDARDIZATIONS.includes(params.standardize ?? "none"))
    throw refuse(`params.standardize is ${params.standardize}; it must be ${STANDARDIZATIONS.join(" or ")}`);
}
