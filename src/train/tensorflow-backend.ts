import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { Compute } from "../tensorflow/load.ts";
import type { BuildTopModelBackend } from "./backend.ts";
import { makeTensorVariable, type Variable } from "./tensorflow-variables.ts";
import { type TopWeights, WEIGHT_NAMES, weightShapes } from "./top-model.ts";

/**
 * A trainer on TensorFlow's own kernels, for GPUs: nothing comes back from the device until logits are taken. On a CPU
 * wasm-backend.ts is several times faster.
 */
export function tensorflowBackend({ tf }: Compute): BuildTopModelBackend {
  return (model, initial, params) => {
    const make = makeTensorVariable(tf, params);
    const shapes = weightShapes(model);
    const [hiddenKernel, hiddenBias, outputKernel, outputBias] = WEIGHT_NAMES.map((name) =>
      make(initial[name], shapes[name]),
    ) as [Variable, Variable, Variable, Variable];
    const variables = [hiddenKernel, hiddenBias, outputKernel, outputBias];
    const seen: Tensor2D[] = [];

    const tensor = (values: Float32Array, columns: number) => tf.tensor2d(values, [values.length / columns, columns]);
    // Tidied by itself, so that no reader of the weights is left when they are updated: the update then happens in place.
    const dense = (x: Tensor2D, kernel: Variable, bias: Variable, activation: "relu" | "linear"): Tensor2D =>
      tf.tidy(() => tf.fused.matMul({ a: x, b: kernel.read() as Tensor2D, bias: bias.read(), activation }) as Tensor2D);
    const probabilities = (logits: Tensor2D) => (model.outputs === 1 ? logits.sigmoid() : logits.softmax());

    return {
      step: (batch) =>
        tf.tidy(() => {
          const features = tensor(batch.features, model.inputs);
          const targets = tensor(batch.targets, model.outputs);
          const mask = batch.mask && tensor(batch.mask, model.hidden);
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
          seen.push(tf.keep(z));
        }),
      trainingLogits() {
        const values = tf.tidy(() => tf.concat(seen).dataSync<"float32">());
        tf.dispose(seen.splice(0));
        return values;
      },
      logits: (features) =>
        tf.tidy(() => {
          const h = dense(tensor(features, model.inputs), hiddenKernel, hiddenBias, "relu");
          return dense(h, outputKernel, outputBias, "linear").dataSync<"float32">();
        }),
      weights: () => {
        const values = variables.map((variable) => tf.tidy(() => variable.read().dataSync<"float32">().slice()));
        return Object.fromEntries(WEIGHT_NAMES.map((name, i) => [name, values[i]])) as unknown as TopWeights;
      },
      dispose: () => {
        for (const variable of variables) variable.dispose();
        tf.dispose(seen);
      },
    };
  };
}
