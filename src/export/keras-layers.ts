import { type TopModel, type TopWeights, weightShapes } from "../train/top-model.ts";
import type { ModelFacts } from "./topology.ts";

/** float32 values and their shape. */
interface Weight {
  values: Float32Array;
  shape: number[];
}

/** A layer of a Keras 3 model. `config` leaves out what is Keras's default, so that older versions read it too. */
export interface KerasLayer {
  class_name: "Rescaling" | "Conv2D" | "MaxPooling2D" | "Flatten" | "Dense" | "Dropout";
  config: Record<string, unknown> & { name: string };
  /** Shape of one input. */
  input: number[];
  /** In Keras's order: kernel, bias. */
  weights: Weight[];
}

/** A trained top model. */
export interface TrainedTop {
  model: TopModel;
  weights: TopWeights;
}

/** Stated, because Keras would else take it from the user's `keras.json`. */
export const DATA_FORMAT = "channels_last";

/** The layers of the top model, features → probability. */
export function topKerasLayers({ model, weights }: TrainedTop, { featureShape, dropout }: ModelFacts): KerasLayer[] {
  const shapes = weightShapes(model);
  const take = (name: keyof TopWeights): Weight => ({ values: weights[name], shape: shapes[name] });
  return [
    { class_name: "Flatten", config: { name: "flatten", data_format: DATA_FORMAT }, input: featureShape, weights: [] },
    {
      class_name: "Dense",
      config: { name: "dense", units: model.hidden, activation: "relu" },
      input: [model.inputs],
      weights: [take("hiddenKernel"), take("hiddenBias")],
    },
    { class_name: "Dropout", config: { name: "dropout", rate: dropout }, input: [model.hidden], weights: [] },
    {
      class_name: "Dense",
      config: { name: "dense_1", units: model.outputs, activation: model.outputs === 1 ? "sigmoid" : "softmax" },
      input: [model.hidden],
      weights: [take("outputKernel"), take("outputBias")],
    },
  ];
}
