import { join } from "node:path";
import sharp from "sharp";
import { type ImageEntry, SPLITS } from "./dataset.ts";
import { createFeatures } from "./features.ts";
import { decodeImage } from "./images/decode.ts";
import { preprocessor } from "./images/preprocess.ts";
import type { Params } from "./params.ts";
import { startProgress } from "./progress.ts";
import type { Compute } from "./tensorflow.ts";
import { type ConvolutionalBase, featureShape } from "./vgg16.ts";

/** Images per call of the network. On CPUs more gains no speed; on GPUs it does. 32 images of 150 px take about 0.6 GB. */
const BATCH_SIZE = { cpu: 32, gpu: 128 };

/**
 * Streams every image through the convolutional base to `folder` (layout: features.ts). While one batch is convolved the next is
 * being decoded; at most two batches of images are in memory, however many there are.
 * @throws StageError naming the file when an image cannot be decoded.
 */
export async function extractFeatures(
  compute: Compute,
  base: ConvolutionalBase,
  dataset: { root: string; images: readonly ImageEntry[] },
  image: Params["image"],
  folder: string,
): Promise<void> {
  sharp.concurrency(1); // one thread an image, several images at once
  const batchSize = BATCH_SIZE[compute.device];
  const progress = startProgress("extract-bottleneck", dataset.images.length, "images");
  for (const split of SPLITS) {
    const names = dataset.images.filter((entry) => entry.split === split).map((entry) => entry.image);
    const writer = await createFeatures(folder, split, names, featureShape(image.size));
    const batches = Array.from({ length: Math.ceil(names.length / batchSize) }, (_, i) =>
      names.slice(i * batchSize, (i + 1) * batchSize),
    );
    const decode = (batch: string[] | undefined) => {
      const pixels = Promise.all((batch ?? []).map((name) => decodeImage(join(dataset.root, name), image)));
      pixels.catch(() => {}); // awaited one round later; until then a failure is not unhandled
      return pixels;
    };
    let next = decode(batches[0]);
    for (const [i, batch] of batches.entries()) {
      const pixels = await next;
      next = decode(batches[i + 1]);
      await writer.append(convolve(compute, base, pixels, image));
      progress.advance(batch.length);
    }
    await writer.close();
  }
  progress.end();
}

/** Pixels of n images → their features, n rows after each other. */
function convolve(
  { tf }: Compute,
  base: ConvolutionalBase,
  pixels: Uint8Array[],
  { size, preprocess }: Params["image"],
): Float32Array {
  const values = new Float32Array(pixels.length * size * size * 3);
  const write = preprocessor(preprocess);
  for (const [i, image] of pixels.entries()) write(image, values, i * size * size * 3);
  const images = tf.tensor4d(values, [pixels.length, size, size, 3]);
  const features = base.features(images);
  images.dispose();
  const rows = features.dataSync<"float32">();
  features.dispose();
  return rows;
}
