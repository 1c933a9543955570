import type { ImageParams } from "../networks/pixels/image-params.ts";
import type { TopModel } from "../train/top-model.ts";

/** What else a model file says of the model, so that it can be used without the pipeline. */
export interface ModelFacts {
  /** Shape of one image's features, e.g. [4, 4, 512]. */
  featureShape: number[];
  /** Class names; their order numbers them. */
  classes: string[];
  dropout: number;
  /** How images were made into features. */
  base: string;
  image: ImageParams;
}

/** One layer as Keras writes it into a configuration. */
export interface LayerConfig {
  class_name: string;
  config: Record<string, unknown> & { name: string };
}

/** The layers of the top model as Keras's `Sequential` describes them, in the form that TensorFlow.js reads (Keras 2). */
export function topLayers(model: TopModel, { featureShape, dropout }: ModelFacts): LayerConfig[] {
  const dense = (name: string, units: number, activation: string): LayerConfig => ({
    class_name: "Dense",
    config: { name, units, activation, use_bias: true, trainable: true },
  });
  return [
    {
      class_name: "Flatten",
      config: { name: "flatten", trainable: true, batch_input_shape: [null, ...featureShape], dtype: "float32" },
    },
    dense("dense", model.hidden, "relu"),
    { class_name: "Dropout", config: { name: "dropout", rate: dropout, trainable: true } },
    dense("dense_1", model.outputs, model.outputs === 1 ? "sigmoid" : "softmax"),
  ];
}
