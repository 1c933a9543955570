import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import type { Params } from "../params.ts";
import { Random } from "../random.ts";
import type { Compute } from "../tensorflow.ts";
import { scoreLogits } from "./cross-entropy.ts";
import { initialWeights, outputsFor, type TopModel, type TopWeights } from "./top-model.ts";
import { buildTrainer, type Trainer } from "./trainer.ts";
import type { LabelledFeatures } from "./training-set.ts";

/** What one epoch came to. As in Keras, training figures are means over the epoch's batches, with dropout. */
export interface Epoch {
  epoch: number;
  loss: number;
  accuracy: number;
  val_loss: number;
  val_accuracy: number;
}

/** A trained top model and how it got there. */
export interface Trained {
  model: TopModel;
  weights: TopWeights;
  history: Epoch[];
  /** Logits of the training and of the validation rows after the last epoch, without dropout, [n, outputs]. */
  trainLogits: Float32Array;
  validationLogits: Float32Array;
}

/** Rows of features that the model judges at once. */
const JUDGED_BATCH = 256;

/** Steps between two turns of the event loop, so that signals and network are served. */
const STEPS_PER_TURN = 16;

/**
 * Trains the top model: mini-batches in a new order each epoch, validation after each. Order, initial weights and dropout masks
 * depend on `seed` alone. Features are read row by row; memory does not grow with their number.
 * @param onEpoch called after each epoch with its figures. @param onStep called after every weight update with the batch's size.
 */
export async function trainTop(
  compute: Compute,
  train: LabelledFeatures,
  validation: LabelledFeatures,
  options: { classes: number; seed: number; params: Params["train"] },
  { onEpoch, onStep }: { onEpoch: (epoch: Epoch) => void | Promise<void>; onStep: (images: number) => void },
): Promise<Trained> {
  const { seed, params } = options;
  const model = { inputs: train.features.rowLength, hidden: params.hidden_units, outputs: outputsFor(options.classes) };
  const trainer = buildTrainer(compute, model, initialWeights(model, seed), params);
  const masks = new Random(seed, "dropout");
  const history: Epoch[] = [];
  let validationLogits: Float32Array = new Float32Array(0);
  for (let epoch = 1; epoch <= params.epochs; epoch++) {
    const order = new Random(seed, "order", epoch).permutation(train.classes.length);
    const logits: Tensor2D[] = [];
    for (let start = 0; start < order.length; start += params.batch_size) {
      const rows = order.subarray(start, start + params.batch_size);
      const features = readRows(compute, train, rows, model); // [n, inputs]
      const targets = targetsOf(compute, train, rows, model); // [n, outputs]
      const mask = dropoutMask(compute, masks, rows.length, model.hidden, params.dropout); // [n, hidden]
      logits.push(trainer.step(features, targets, mask));
      compute.tf.dispose([features, targets, ...(mask ? [mask] : [])]);
      onStep(rows.length);
      if (logits.length % STEPS_PER_TURN === 0) await new Promise(setImmediate);
    }
    const classes = order.map((row) => train.classes[row] as number);
    const trained = scoreLogits(takeValues(compute, logits), classes, model.outputs);
    validationLogits = judge(compute, trainer, validation, model);
    const validated = scoreLogits(validationLogits, validation.classes, model.outputs);
    const figures = { epoch, ...trained, val_loss: validated.loss, val_accuracy: validated.accuracy };
    history.push(figures);
    await onEpoch(figures);
  }
  const trainLogits = judge(compute, trainer, train, model);
  const weights = trainer.weights();
  trainer.dispose();
  return { model, weights, history, trainLogits, validationLogits };
}

/** Logits [n, outputs] of all rows of a split. */
function judge(
  compute: Compute,
  trainer: Trainer,
  { features, classes }: LabelledFeatures,
  model: TopModel,
): Float32Array {
  const logits = new Float32Array(classes.length * model.outputs);
  for (let start = 0; start < classes.length; start += JUDGED_BATCH) {
    const rows = Array.from({ length: Math.min(JUDGED_BATCH, classes.length - start) }, (_, i) => start + i);
    const input = readRows(compute, { features, classes }, rows, model);
    logits.set(takeValues(compute, [trainer.logits(input)]), start * model.outputs);
    input.dispose();
  }
  return logits;
}

function readRows(
  { tf }: Compute,
  { features }: LabelledFeatures,
  rows: ArrayLike<number>,
  { inputs }: TopModel,
): Tensor2D {
  const values = new Float32Array(rows.length * inputs);
  features.read(rows, values);
  return tf.tensor2d(values, [rows.length, inputs]);
}

function targetsOf({ tf }: Compute, { classes }: LabelledFeatures, rows: Uint32Array, { outputs }: TopModel): Tensor2D {
  const values = new Float32Array(rows.length * outputs);
  for (const [i, row] of rows.entries()) {
    const target = classes[row] as number;
    if (outputs === 1) values[i] = target;
    else values[i * outputs + target] = 1;
  }
  return tf.tensor2d(values, [rows.length, outputs]);
}

function dropoutMask({ tf }: Compute, random: Random, rows: number, hidden: number, rate: number): Tensor2D | null {
  if (rate === 0) return null;
  const threshold = rate * 2 ** 32;
  const kept = 1 / (1 - rate);
  return tf.tensor2d(
    Float32Array.from({ length: rows * hidden }, () => (random.bits() < threshold ? 0 : kept)),
    [rows, hidden],
  );
}

/** The values of some tensors, one after the other; disposes them. One transfer for a whole epoch instead of one a step. */
function takeValues({ tf }: Compute, tensors: Tensor2D[]): Float32Array {
  const all: Tensor = tensors.length === 1 ? (tensors[0] as Tensor2D) : tf.concat(tensors);
  const values = all.dataSync<"float32">();
  tf.dispose([all, ...tensors]);
  return values;
}
