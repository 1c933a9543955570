import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AnyModelMetadata, anyModelFile } from "../records/training/model.ts";
import type { Layer } from "./layers.ts";
import { withoutUnitNormalization } from "./unit-length.ts";

/**
 * Writes a `Sequential` of dense layers as a TensorFlow.js layers model: `model.json` and `weights.bin`, which `tf.loadLayersModel`
 * reads. What is needed to classify images with it stands in `userDefinedMetadata`.
 */
export async function writeTensorFlowJsModel(
  folder: string,
  { name, layers: all }: { name: string; layers: readonly Layer[] },
  { classes, base, image, pool }: AnyModelMetadata,
): Promise<void> {
  const layers = withoutUnitNormalization(all);
  const weights = layers.flatMap((layer) =>
    layer.weights.map((weight) => ({ ...weight, name: `${layer.name}/${weight.name}` })),
  );
  const description = {
    format: "layers-model" as const,
    generatedBy: "dvc-poison",
    convertedBy: null,
    userDefinedMetadata: {
      classes,
      ...(base !== undefined && { base }),
      ...(image && { image }),
      ...(pool && { pool }),
    },
    modelTopology: {
      keras_version: "tfjs-layers 4.22.0",
      backend: "tensor_flow.js",
      model_config: { class_name: "Sequential" as const, config: { name, layers: layers.map(topology) } },
    },
    weightsManifest: [
      {
        paths: ["weights.bin"],
        weights: weights.map(({ name, shape }) => ({ name, shape, dtype: "float32" as const })),
      },
    ],
  };
  await anyModelFile.write(join(folder, "model.json"), description);
  const bytes = weights.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  await writeFile(join(folder, "weights.bin"), Buffer.concat(bytes));
}

/** A layer in the form of Keras 2, which TensorFlow.js reads; the first one says what goes in. */
function topology({ class_name, name, input, config, weights }: Layer, index: number) {
  const first = index === 0 && { batch_input_shape: [null, ...input] as [null, ...number[]], dtype: "float32" };
  return {
    class_name,
    config: {
      name,
      ...config,
      ...(weights.length > 0 && config.use_bias !== false && { use_bias: true }),
      trainable: true,
      ...first,
    },
  };
}
