import { Random } from "../numbers/random.ts";

/** The top model: flatten → dense (ReLU) → dropout → dense. One sigmoid output for two classes, else one softmax output a class. */
export interface TopModel {
  /** Values in one row of features, e.g. 8192. */
  inputs: number;
  hidden: number;
  /** 1 (sigmoid, the probability of the second class) or the number of classes (softmax). */
  outputs: number;
  /** Each row of features is divided by its Euclidean length before the first layer. Default: it is not. */
  unitLength?: true;
}

/** Weights in Keras's order and layout, float32: kernels are [inputs, units], row by row. */
export interface TopWeights {
  hiddenKernel: Float32Array;
  hiddenBias: Float32Array;
  outputKernel: Float32Array;
  outputBias: Float32Array;
}

/** The order in which weights stand in every file. */
export const WEIGHT_NAMES = ["hiddenKernel", "hiddenBias", "outputKernel", "outputBias"] as const;

/** Shapes of the weights of a model. */
export function weightShapes({ inputs, hidden, outputs }: TopModel): Record<keyof TopWeights, number[]> {
  return {
    hiddenKernel: [inputs, hidden],
    hiddenBias: [hidden],
    outputKernel: [hidden, outputs],
    outputBias: [outputs],
  };
}

/** Number of outputs for a number of classes. */
export const outputsFor = (numClasses: number): number => (numClasses === 2 ? 1 : numClasses);

/** Initial weights as Keras's Dense has them: kernels uniform after Glorot and Bengio (2010), biases zero. */
export function initialWeights(model: TopModel, seed: number): TopWeights {
  const uniform = (fanIn: number, fanOut: number, name: string) => {
    const random = new Random(seed, "initial weights", name);
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    return Float32Array.from({ length: fanIn * fanOut }, () => (2 * random.float() - 1) * limit);
  };
  return {
    hiddenKernel: uniform(model.inputs, model.hidden, "hidden"),
    hiddenBias: new Float32Array(model.hidden),
    outputKernel: uniform(model.hidden, model.outputs, "output"),
    outputBias: new Float32Array(model.outputs),
  };
}
