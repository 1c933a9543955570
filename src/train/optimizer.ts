import type { Tensor } from "@tensorflow/tfjs";
import type { Params } from "../params.ts";

/** Which rule updates the weights, and how fast. The other constants are Keras's defaults. */
export type OptimizerParams = Pick<Params["train"], "optimizer" | "learning_rate">;

/** Constants of the update rules, as in keras.optimizers.RMSprop and Adam. */
export const KERAS = { rho: 0.9, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/** A trainable tensor together with the state that its optimizer keeps for it. */
export interface Variable {
  /** The present value; dispose it before `update`, so that the update can happen in place. */
  read(): Tensor;
  /** One update by the loss's gradient (same shape); the caller disposes the gradient. */
  update(gradient: Tensor): void;
  dispose(): void;
}

/** Makes a variable from initial values, row by row. */
export type MakeVariable = (values: Float32Array, shape: number[]) => Variable;
