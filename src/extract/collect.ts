import { join } from "node:path";
import type { ConvolutionalBase } from "../networks/network.ts";
import { createFeatures } from "../records/features/features.ts";
import type { ImageParams } from "../records/features/image-params.ts";
import { type ImageEntry, SPLITS } from "../records/format/image-folder.ts";
import { startProgress } from "../runtime/progress.ts";
import { extractBatches } from "./batches.ts";

/**
 * Streams every image through the convolutional base to `folder` (layout: records/features/features.ts).
 * @throws StageError naming the file when an image cannot be decoded.
 */
export async function extractFeatures(
  base: ConvolutionalBase,
  dataset: { root: string; images: readonly ImageEntry[] },
  image: ImageParams,
  folder: string,
): Promise<void> {
  const progress = startProgress("extract-bottleneck", dataset.images.length, "images");
  for (const split of SPLITS) {
    const names = dataset.images.filter((entry) => entry.split === split).map((entry) => entry.image);
    await using writer = await createFeatures(folder, split, names, base.rowShape);
    const files = names.map((name) => join(dataset.root, name));
    for await (const batch of extractBatches(base, files, image)) {
      await writer.append(batch.features);
      progress.advance(batch.files.length);
    }
    await writer.close();
  }
  progress.end();
}
