import type { ExportMetadata } from "../../src/export/top-layers.ts";
import { initialWeights, type TopModel } from "../../src/train/top-model.ts";

/** What an export writes. */
export const FILES = ["model.json", "model.keras", "model.weights.h5", "weights.bin"];

/** How the images of such a model are read. */
export const image = { size: 150, resize: "nearest", preprocess: "rescale" } as const;

/** What it tells of a model with so many outputs. */
export const metadataOf = (outputs: number, featureShape: number[]): ExportMetadata => ({
  classes: ["a", "b", "c"].slice(0, Math.max(2, outputs)),
  featureShape,
  dropout: 0.5,
  base: "vgg16",
  image,
});

/** A top model of random weights. */
export function randomModel(inputs: number, outputs: number, hidden = 6) {
  const model: TopModel = { inputs, hidden, outputs };
  const weights = initialWeights(model, 4);
  weights.hiddenBias.set([0.1, -0.2, 0.3]);
  weights.outputBias.fill(0.05);
  return { model, weights };
}
