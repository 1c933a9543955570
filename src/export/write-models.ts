import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { NetworkWeights } from "../networks/weights.ts";
import { weightsH5 } from "./hdf5.ts";
import { baseLayers } from "./keras-base.ts";
import { writeKerasModel } from "./keras-model.ts";
import { writeTensorFlowJsModel } from "./tensorflowjs-model.ts";
import { type ExportMetadata, type TrainedTop, topLayers } from "./top-layers.ts";

/**
 * Writes a trained top model in all forms: `model.json` with `weights.bin` (TensorFlow.js), `model.keras` and `model.weights.h5`
 * (Keras 3).
 * @param base with VGG16's weights also `full.keras`, the whole network: image [size, size, 3] RGB 0–255 → probability.
 */
export async function writeModels(
  folder: string,
  trained: TrainedTop,
  metadata: ExportMetadata,
  base?: NetworkWeights,
): Promise<void> {
  const classNames = metadata.classes;
  const layers = topLayers(trained, metadata);
  await writeTensorFlowJsModel(folder, { name: "top_model", layers }, metadata);
  await writeFile(join(folder, "model.weights.h5"), await weightsH5(layers));
  await writeKerasModel(join(folder, "model.keras"), { name: "top_model", layers, classNames });
  if (base === undefined) return;
  if (metadata.image === undefined) throw new Error("the whole network is one of images: metadata.image is missing");
  const all = [...baseLayers(base, metadata.image, metadata.pool), ...layers];
  await writeKerasModel(join(folder, "full.keras"), { name: "full_model", layers: all, classNames });
}
