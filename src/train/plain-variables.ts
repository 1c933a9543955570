import type * as TensorFlow from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";
import { KERAS, type MakeVariable, type OptimizerParams } from "./optimizer.ts";

/** Variables updated by plain TensorFlow.js operations: the same rules for backends without TensorFlow's kernels (WASM). */
export function plainVariables(tf: typeof TensorFlow, { optimizer, learning_rate }: OptimizerParams): MakeVariable {
  return (values, shape) => {
    let weights: Tensor = tf.tensor(values, shape);
    let state: Tensor[] = []; // rmsprop: mean of squared gradients; adam: mean of gradients, mean of squared gradients
    let steps = 0;

    const mean = (before: Tensor | undefined, value: Tensor, decay: number) => {
      const share = value.mul(1 - decay);
      return before ? before.mul(decay).add(share) : share;
    };
    /** The new weights, then the new state. */
    const rules: Record<typeof optimizer, (gradient: Tensor) => [Tensor, ...Tensor[]]> = {
      sgd: (gradient) => [weights.sub(gradient.mul(learning_rate))],
      rmsprop: (gradient) => {
        const squares = mean(state[0], gradient.square(), KERAS.rho);
        return [weights.sub(gradient.mul(learning_rate).div(squares.add(KERAS.epsilon).sqrt())), squares];
      },
      adam: (gradient) => {
        const rate = (learning_rate * Math.sqrt(1 - KERAS.beta2 ** steps)) / (1 - KERAS.beta1 ** steps);
        const means = mean(state[0], gradient, KERAS.beta1);
        const squares = mean(state[1], gradient.square(), KERAS.beta2);
        return [weights.sub(means.mul(rate).div(squares.sqrt().add(KERAS.epsilon))), means, squares];
      },
    };
    return {
      read: () => weights.clone(),
      update(gradient) {
        steps++;
        const next = tf.tidy(() => rules[optimizer](gradient));
        for (const tensor of next) tf.keep(tensor); // they outlive the caller's tidy
        tf.dispose([weights, ...state]);
        [weights, ...state] = next;
      },
      dispose: () => tf.dispose([weights, ...state]),
    };
  };
}
