import { Random } from "../numbers/random.ts";
import type { EpochMetrics } from "../records/training/history.ts";
import type { BuildTopModelBackend, TopModelBackend } from "./backend.ts";
import { scoreLogits } from "./cross-entropy.ts";
import type { TrainParams } from "./optimizer.ts";
import { scaledReader, scalingOf } from "./standardize.ts";
import { initialWeights, outputsFor, type TopModel, type TopWeights } from "./top-model.ts";
import type { LabelledFeatures } from "./training-set.ts";

/** A trained top model, which takes features as they are, however training scaled them, and how it got there. */
export interface TrainResult {
  model: TopModel;
  weights: TopWeights;
  history: EpochMetrics[];
  /** Logits of the training and of the validation rows after the last epoch, without dropout, [n, outputs]. */
  trainLogits: Float32Array;
  validationLogits: Float32Array;
}

/** Rows of features that the model judges at once. */
const JUDGED_BATCH = 64;

/** Steps between two turns of the event loop, so that signals and network are served. */
const STEPS_PER_TURN = 16;

/**
 * Trains the top model: mini-batches in a new order each epoch, validation after each. Order, initial weights and dropout masks
 * depend on `seed` alone. Features are read row by row; memory does not grow with their number.
 * @param onEpoch called after each epoch with its figures. @param onStep called after every weight update with the batch's size.
 */
export async function trainTop(
  buildBackend: BuildTopModelBackend,
  raw: LabelledFeatures,
  rawValidation: LabelledFeatures,
  options: { numClasses: number; seed: number; params: TrainParams },
  { onEpoch, onStep }: { onEpoch: (epoch: EpochMetrics) => void | Promise<void>; onStep: (images: number) => void },
): Promise<TrainResult> {
  const { seed, params } = options;
  const scaling = await scalingOf(params.standardize ?? "none", raw.features);
  const scaled = (set: LabelledFeatures) => ({ ...set, features: scaledReader(set.features, scaling) });
  const [train, validation] = [scaled(raw), scaled(rawValidation)];
  const model: TopModel = {
    inputs: train.features.rowLength,
    hidden: params.hidden_units,
    outputs: outputsFor(options.numClasses),
  };
  const capacity = Math.max(JUDGED_BATCH, Math.min(params.batch_size, train.targets.length));
  const trainer = buildBackend(model, initialWeights(model, seed), params, capacity);
  const masks = new Random(seed, "dropout");
  const history: EpochMetrics[] = [];
  let validationLogits: Float32Array = new Float32Array(0);
  for (let epoch = 1; epoch <= params.epochs; epoch++) {
    const order = new Random(seed, "order", epoch).permutation(train.targets.length);
    for (let start = 0, step = 1; start < order.length; start += params.batch_size, step++) {
      const rows = order.subarray(start, start + params.batch_size);
      trainer.step({
        features: readRows(train, rows, model),
        targets: targetsOf(train, rows, model),
        mask: dropoutMask(masks, rows.length, model.hidden, params.dropout),
      });
      onStep(rows.length);
      if (step % STEPS_PER_TURN === 0) await new Promise(setImmediate);
    }
    const targets = order.map((row) => train.targets[row] as number);
    const trained = scoreLogits(trainer.trainingLogits(), targets, model.outputs);
    validationLogits = judge(trainer, validation, model);
    const validated = scoreLogits(validationLogits, validation.targets, model.outputs);
    const figures = {
      epoch,
      loss: orNull(trained.loss),
      accuracy: trained.accuracy,
      val_loss: orNull(validated.loss),
      val_accuracy: validated.accuracy,
    };
    history.push(figures);
    await onEpoch(figures);
  }
  const trainLogits = judge(trainer, train, model);
  const weights = trainer.weights();
  trainer.dispose();
  const folded = scaling?.fold(model, weights) ?? { model, weights };
  return { ...folded, history, trainLogits, validationLogits };
}

/** A loss as a history holds it: null when the training diverged. */
const orNull = (loss: number): number | null => (Number.isFinite(loss) ? loss : null);

/** Logits [n, outputs] of all rows of a split. */
function judge(trainer: TopModelBackend, labelled: LabelledFeatures, model: TopModel): Float32Array {
  const { length } = labelled.targets;
  const logits = new Float32Array(length * model.outputs);
  for (let start = 0; start < length; start += JUDGED_BATCH) {
    const rows = Array.from({ length: Math.min(JUDGED_BATCH, length - start) }, (_, i) => start + i);
    logits.set(trainer.logits(readRows(labelled, rows, model)), start * model.outputs);
  }
  return logits;
}

/** Features [rows, inputs]. */
function readRows({ features }: LabelledFeatures, rows: ArrayLike<number>, { inputs }: TopModel): Float32Array {
  const values = new Float32Array(rows.length * inputs);
  features.read(rows, values);
  return values;
}

/** Targets [rows, outputs], 0 or 1. */
function targetsOf({ targets }: LabelledFeatures, rows: Uint32Array, { outputs }: TopModel): Float32Array {
  const values = new Float32Array(rows.length * outputs);
  for (const [i, row] of rows.entries()) {
    const target = targets[row] as number;
    if (outputs === 1) values[i] = target;
    else values[i * outputs + target] = 1;
  }
  return values;
}

/** A dropout mask [rows, hidden]. */
function dropoutMask(random: Random, rows: number, hidden: number, rate: number): Float32Array | null {
  if (rate === 0) return null;
  const threshold = rate * 2 ** 32;
  const kept = 1 / (1 - rate);
  return Float32Array.from({ length: rows * hidden }, () => (random.bits() < threshold ? 0 : kept));
}
