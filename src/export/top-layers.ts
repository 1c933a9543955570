import type { AnyModelMetadata } from "../records/training/model.ts";
import { type TopModel, type TopWeights, weightShapes } from "../train/top-model.ts";
import type { Layer, Weight } from "./layers.ts";

/** A trained top model. */
export interface TrainedTop {
  model: TopModel;
  weights: TopWeights;
}

/** What else the files say of a model, so that it can be used without the pipeline. */
export interface ExportMetadata extends AnyModelMetadata {
  /** Shape of one row of features, e.g. [4, 4, 512] for an image. */
  featureShape: number[];
  dropout: number;
}

/** The one description of the top model, features [h, w, channels] → probability: its layers with names, shapes, activations, weights. */
export function topLayers(
  { model, weights }: TrainedTop,
  { featureShape, dropout }: Pick<ExportMetadata, "featureShape" | "dropout">,
): Layer[] {
  const { inputs, hidden, outputs, unitLength } = model;
  const shapes = weightShapes(model);
  const take = (name: Weight["name"], key: keyof TopWeights): Weight => ({
    name,
    values: weights[key],
    shape: shapes[key],
  });
  return [
    // What is flat already needs no such layer, and TensorFlow.js does not let it pass.
    ...(featureShape.length > 1
      ? [{ class_name: "Flatten" as const, name: "flatten", input: featureShape, config: {}, weights: [] }]
      : []),
    ...(unitLength
      ? [
          {
            class_name: "UnitNormalization" as const,
            name: "unit_normalization",
            input: [inputs],
            config: {},
            weights: [],
          },
        ]
      : []),
    {
      class_name: "Dense",
      name: "dense",
      input: [inputs],
      config: { units: hidden, activation: "relu" },
      weights: [take("kernel", "hiddenKernel"), take("bias", "hiddenBias")],
    },
    { class_name: "Dropout", name: "dropout", input: [hidden], config: { rate: dropout }, weights: [] },
    {
      class_name: "Dense",
      name: "dense_1",
      input: [hidden],
      config: { units: outputs, activation: outputs === 1 ? "sigmoid" : "softmax" },
      weights: [take("kernel", "outputKernel"), take("bias", "outputBias")],
    },
  ];
}
