import { join } from "node:path";
import { convolveImages } from "./convolve.ts";
import { type ImageEntry, SPLITS } from "./dataset.ts";
import { createFeatures } from "./features.ts";
import type { Params } from "./params.ts";
import { startProgress } from "./progress.ts";
import type { Compute } from "./tensorflow.ts";
import { type ConvolutionalBase, featureShape } from "./vgg16.ts";

/**
 * Streams every image through the convolutional base to `folder` (layout: features.ts).
 * @throws StageError naming the file when an image cannot be decoded.
 */
export async function extractFeatures(
  compute: Compute,
  base: ConvolutionalBase,
  dataset: { root: string; images: readonly ImageEntry[] },
  image: Params["image"],
  folder: string,
): Promise<void> {
  const progress = startProgress("extract-bottleneck", dataset.images.length, "images");
  for (const split of SPLITS) {
    const names = dataset.images.filter((entry) => entry.split === split).map((entry) => entry.image);
    const writer = await createFeatures(folder, split, names, featureShape(image.size));
    const files = names.map((name) => join(dataset.root, name));
    for await (const batch of convolveImages(compute, base, files, image)) {
      await writer.append(batch.features);
      progress.advance(batch.files.length);
    }
    await writer.close();
  }
  progress.end();
}
