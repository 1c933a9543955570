import type { Standardization } from "./standardize.ts";

/** Rules that update the weights. */
export const OPTIMIZERS = ["rmsprop", "adam", "sgd"] as const;

/** How the top model is trained: the section `train` of params.yaml. */
export interface TrainParams {
  epochs: number;
  /** Images per weight update. */
  batch_size: number;
  optimizer: (typeof OPTIMIZERS)[number];
  learning_rate: number;
  /** Width of the dense layer before the last. */
  hidden_units: number;
  /** Share of the hidden units dropped while training, 0 ≤ dropout < 1. */
  dropout: number;
  /**
   * `l2`: each row of features is scaled to a mean square of 1; `zscore`: each feature to mean 0 and deviation 1 over the training rows. The
   * model that comes out takes features as they are. Default: `none`.
   */
  standardize?: Standardization;
}

/** Which rule updates the weights, and how fast. The other constants are Keras's defaults. */
export type OptimizerParams = Pick<TrainParams, "optimizer" | "learning_rate">;

/** Constants of the update rules, as in keras.optimizers.RMSprop and Adam. */
export const KERAS = { rho: 0.9, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
