import type { Params } from "../stage/params.ts";

/** Which rule updates the weights, and how fast. The other constants are Keras's defaults. */
export type OptimizerParams = Pick<Params["train"], "optimizer" | "learning_rate">;

/** Constants of the update rules, as in keras.optimizers.RMSprop and Adam. */
export const KERAS = { rho: 0.9, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
