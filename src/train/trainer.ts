import type { Tensor2D } from "@tensorflow/tfjs";
import type { Compute } from "../tensorflow.ts";
import { nativeVariables } from "./native-variables.ts";
import type { OptimizerParams, Variable } from "./optimizer.ts";
import { plainVariables } from "./plain-variables.ts";
import { type TopModel, type TopWeights, WEIGHT_NAMES, weightShapes } from "./top-model.ts";

/** A top model in training. Tensors that go in or come out belong to the caller, who disposes them. */
export interface Trainer {
  /**
   * One update of all weights by the mean cross-entropy of a batch.
   * @param features [n, inputs]. @param targets [n, outputs], 0 or 1.
   * @param mask [n, hidden], the dropout mask: 0, or 1 / (1 - rate); null for no dropout.
   * @returns the logits before the update [n, outputs], as training saw them.
   */
  step(features: Tensor2D, targets: Tensor2D, mask: Tensor2D | null): Tensor2D;
  /** Logits [n, outputs] without dropout. */
  logits(features: Tensor2D): Tensor2D;
  weights(): TopWeights;
  dispose(): void;
}

/**
 * Builds a trainer for the top model. The network is small and fixed, so its gradients are written out by hand: the derivative of
 * the cross-entropy of a sigmoid or softmax is `probability - target`, and the rest is four matrix products.
 */
export function buildTrainer(compute: Compute, model: TopModel, initial: TopWeights, params: OptimizerParams): Trainer {
  const { tf } = compute;
  const make = (compute.backend === "native" ? nativeVariables : plainVariables)(tf, params);
  const shapes = weightShapes(model);
  const [hiddenKernel, hiddenBias, outputKernel, outputBias] = WEIGHT_NAMES.map((name) =>
    make(initial[name], shapes[name]),
  ) as [Variable, Variable, Variable, Variable];
  const variables = [hiddenKernel, hiddenBias, outputKernel, outputBias];

  // Tidied by itself, so that no reader of the weights is left when they are updated: the update then happens in place.
  const dense = (x: Tensor2D, kernel: Variable, bias: Variable, activation: "relu" | "linear"): Tensor2D =>
    tf.tidy(() => tf.fused.matMul({ a: x, b: kernel.read() as Tensor2D, bias: bias.read(), activation }) as Tensor2D);
  const probabilities = (logits: Tensor2D) => (model.outputs === 1 ? logits.sigmoid() : logits.softmax());

  return {
    step: (features, targets, mask) =>
      tf.tidy(() => {
        const h = dense(features, hiddenKernel, hiddenBias, "relu"); // [n, hidden]
        const d = (mask ? h.mul(mask) : h) as Tensor2D; // [n, hidden]
        const z = dense(d, outputKernel, outputBias, "linear"); // [n, outputs]

        const dz = probabilities(z).sub(targets).div(features.shape[0]) as Tensor2D; // [n, outputs]
        const passed = mask ? h.step().mul(mask) : h.step(); // [n, hidden]
        const dd = tf.tidy(() => tf.matMul(dz, outputKernel.read() as Tensor2D, false, true)); // [n, hidden]
        const dh = dd.mul(passed) as Tensor2D; // [n, hidden]
        hiddenKernel.update(tf.matMul(features, dh, true)); // [inputs, hidden]
        hiddenBias.update(dh.sum(0));
        outputKernel.update(tf.matMul(d, dz, true)); // [hidden, outputs]
        outputBias.update(dz.sum(0));
        return z;
      }),
    logits: (features) =>
      tf.tidy(() => dense(dense(features, hiddenKernel, hiddenBias, "relu"), outputKernel, outputBias, "linear")),
    weights: () => {
      const values = variables.map((variable) => tf.tidy(() => variable.read().dataSync<"float32">().slice()));
      return Object.fromEntries(WEIGHT_NAMES.map((name, i) => [name, values[i]])) as unknown as TopWeights;
    },
    dispose: () => {
      for (const variable of variables) variable.dispose();
    },
  };
}
