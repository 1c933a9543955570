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
}

/** Which rule updates the weights, and how fast. The other constants are Keras's defaults. */
export type OptimizerParams = Pick<TrainParams, "optimizer" | "learning_rate">;

/** Constants of the update rules, as in keras.optimizers.RMSprop and Adam. */
export const KERAS = { rho: 0.9, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
