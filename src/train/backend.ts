import type { OptimizerParams } from "./optimizer.ts";
import type { TopModel, TopWeights } from "./top-model.ts";

/** Some images of one weight update. */
export interface Batch {
  /** [n, inputs] */
  features: Float32Array;
  /** [n, outputs], 0 or 1. */
  targets: Float32Array;
  /** The dropout mask [n, hidden]: 0, or 1 / (1 - rate); null for no dropout. */
  mask: Float32Array | null;
}

/**
 * A top model in training. The network is small and fixed, so its gradients are written out by hand: the derivative of the
 * cross-entropy of a sigmoid or softmax is `probability - target`, and the rest is four matrix products.
 */
export interface TopModelBackend {
  /** One update of all weights by the mean cross-entropy of a batch. */
  step(batch: Batch): void;
  /** The logits of all steps since the last call [images, outputs], as training saw them: before the update, with dropout. */
  trainingLogits(): Float32Array;
  /** Logits [n, outputs] of features [n, inputs], without dropout. */
  logits(features: Float32Array): Float32Array;
  weights(): TopWeights;
  dispose(): void;
}

/**
 * Makes a trainer.
 * @param capacity the most images that one call is given.
 * @throws StageError where the model does not fit in memory.
 */
export type BuildTopModelBackend = (
  model: TopModel,
  initial: TopWeights,
  params: OptimizerParams,
  capacity: number,
) => TopModelBackend;
