import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WEIGHT_NAMES, weightShapes } from "../train/top-model.ts";
import type { TrainedTop } from "./keras-layers.ts";
import { type ModelFacts, topLayers } from "./topology.ts";

/** What the file says beside the model: class names in their order, and how images become features. */
export type ModelMetadata = Pick<ModelFacts, "classes" | "base" | "image">;

const NAMES = {
  hiddenKernel: "dense/kernel",
  hiddenBias: "dense/bias",
  outputKernel: "dense_1/kernel",
  outputBias: "dense_1/bias",
};

/**
 * Writes the top model as a TensorFlow.js layers model: `model.json` and `weights.bin`, which `tf.loadLayersModel` reads.
 * What is needed to classify images with it stands in `userDefinedMetadata`.
 */
export async function writeTensorFlowJsModel(
  folder: string,
  { model, weights }: TrainedTop,
  facts: ModelFacts,
): Promise<void> {
  const shapes = weightShapes(model);
  const description = {
    format: "layers-model",
    generatedBy: "dvc-poison",
    convertedBy: null,
    userDefinedMetadata: { classes: facts.classes, base: facts.base, image: facts.image } satisfies ModelMetadata,
    modelTopology: {
      keras_version: "tfjs-layers 4.22.0",
      backend: "tensor_flow.js",
      model_config: { class_name: "Sequential", config: { name: "top_model", layers: topLayers(model, facts) } },
    },
    weightsManifest: [
      {
        paths: ["weights.bin"],
        weights: WEIGHT_NAMES.map((name) => ({ name: NAMES[name], shape: shapes[name], dtype: "float32" })),
      },
    ],
  };
  await writeFile(join(folder, "model.json"), `${JSON.stringify(description, null, 2)}\n`);
  const bytes = WEIGHT_NAMES.map((name) =>
    Buffer.from(weights[name].buffer, weights[name].byteOffset, weights[name].byteLength),
  );
  await writeFile(join(folder, "weights.bin"), Buffer.concat(bytes));
}
