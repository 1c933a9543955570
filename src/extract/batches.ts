import sharp from "sharp";
import type { ConvolutionalBase } from "../networks/network.ts";
import { decodeImage } from "../networks/pixels/decode.ts";
import { preprocessor } from "../networks/pixels/preprocess.ts";
import type { ImageParams } from "../records/features/image-params.ts";
import { StageError } from "../runtime/errors.ts";
import type { Compute } from "../tensorflow/load.ts";

/** Images per call of the network. On CPUs more gains no speed; on GPUs it does. 16 images of 150 px take about 0.3 GB. */
const BATCH_SIZE = { cpu: 16, gpu: 128 };

/** Images per call: what suits the device, or `POISON_BATCH_SIZE`. The features are the same. @throws StageError when it is no whole number >= 1. */
export function batchSize(device: Compute["device"], set = process.env.POISON_BATCH_SIZE): number {
  if (!set) return BATCH_SIZE[device];
  if (/^[1-9]\d{0,5}$/.test(set)) return Number(set);
  throw new StageError(`POISON_BATCH_SIZE is "${set}"; it must be a whole number, at least 1.`, {
    hint: `Unset it: ${BATCH_SIZE[device]} suits this device.`,
  });
}

/** Some image files and their features, row by row. */
export interface FeatureBatch {
  files: string[];
  features: Float32Array;
}

/**
 * Streams image files through the convolutional base, in order. While one batch is convolved the next is being decoded; at most
 * two batches of images are in memory, however many there are.
 * @param refuse told, in order, of each file that cannot be decoded (a StageError names it), which is passed over; by default it throws.
 */
export async function* extractBatches(
  compute: Compute,
  base: ConvolutionalBase,
  files: readonly string[],
  image: ImageParams,
  refuse: (error: Error, file: string) => void = (error) => {
    throw error;
  },
): AsyncGenerator<FeatureBatch> {
  sharp.concurrency(1); // one thread an image, several images at once
  const decode = (file: string) =>
    decodeImage(file, image).then(
      (pixels) => ({ file, pixels }),
      (error: Error) => ({ file, error }),
    );
  const size = batchSize(compute.device);
  const decodeBatch = (start: number) => Promise.all(files.slice(start, start + size).map(decode));
  let next = decodeBatch(0);
  for (let start = 0; start < files.length; start += size) {
    const decoded: { file: string; pixels: Uint8Array }[] = [];
    for (const outcome of await next) {
      if ("pixels" in outcome) decoded.push(outcome);
      else refuse(outcome.error, outcome.file);
    }
    next = decodeBatch(start + size);
    const pixels = decoded.map((entry) => entry.pixels);
    const features = pixels.length > 0 ? convolve(compute, base, pixels, image) : new Float32Array();
    yield { files: decoded.map(({ file }) => file), features };
  }
}

/** Pixels of n images → their features, n rows after each other. */
function convolve(
  { tf }: Compute,
  base: ConvolutionalBase,
  pixels: Uint8Array[],
  { size, preprocess }: ImageParams,
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
