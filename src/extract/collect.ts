import { join, relative, sep } from "node:path";
import type { ConvolutionalBase } from "../networks/network.ts";
import { FILE_LIMIT } from "../networks/pixels/files/decode-file.ts";
import type { ImageParams } from "../records/features/image-params.ts";
import { imageReader } from "../records/format/image-shards.ts";
import { startProgress } from "../runtime/progress.ts";
import { extractBatches } from "./batches.ts";

/** What takes rows of features, in order. */
export interface RowSink {
  append(rows: Float32Array): Promise<void>;
}

/**
 * Streams images through the convolutional base into a sink.
 * @param images paths from `root`. @param progress told of how many images are done, by default a line of its own.
 * @throws StageError naming the file when an image cannot be decoded.
 */
export async function extractFeatures(
  base: ConvolutionalBase,
  { root, images }: { root: string; images: readonly string[] },
  image: ImageParams,
  sink: RowSink,
  progress = startProgress("extract-bottleneck", images.length, "images"),
): Promise<void> {
  const files = images.map((name) => join(root, name));
  const readImage = await imageReader(root, FILE_LIMIT);
  const read = (file: string) => readImage(relative(root, file).replaceAll(sep, "/"));
  for await (const batch of extractBatches(base, files, image, undefined, read)) {
    await sink.append(batch.features);
    progress.advance(batch.files.length);
  }
  progress.end();
}
