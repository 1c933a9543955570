import sharp from "sharp";
import type { ConvolutionalBase } from "../networks/network.ts";
import { decodeImage } from "../networks/pixels/decode.ts";
import { preprocessor } from "../networks/pixels/preprocess.ts";
import type { ImageParams } from "../records/features/image-params.ts";
import { StageError } from "../runtime/errors.ts";
import { isShortage } from "../runtime/system-error.mjs";

/** Images per call: what keeps the base at work, or `POISON_BATCH_SIZE`. On a CPU the features are the same. @throws StageError when it is no whole number >= 1. */
export function batchSize({ batch }: Pick<ConvolutionalBase, "batch">, set = process.env.POISON_BATCH_SIZE): number {
  if (!set) return batch;
  if (/^[1-9]\d{0,5}$/.test(set)) return Number(set);
  throw new StageError(`POISON_BATCH_SIZE is "${set}"; it must be a whole number, at least 1.`, {
    hint: `Unset it: ${batch} suits this device.`,
  });
}

/** Some image files and their features, row by row. */
export interface FeatureBatch {
  files: string[];
  features: Float32Array;
}

/** Batches that are decoded or computed while one is waited for: the base never waits for images, nor for who takes the features. */
const AHEAD = 2;

/**
 * Streams image files through the convolutional base, in order. At most three batches of images are in memory, however many there are.
 * @param read how a file's bytes are had, by default from the disk.
 * @param refuse told, in order, of each file that cannot be decoded (a StageError names it), which is passed over; by default it throws.
 */
export async function* extractBatches(
  base: ConvolutionalBase,
  files: readonly string[],
  image: ImageParams,
  refuse: (error: Error, file: string) => void = (error) => {
    throw error;
  },
  read?: (file: string) => Promise<Buffer>,
): AsyncGenerator<FeatureBatch> {
  sharp.concurrency(1); // one thread an image, several images at once
  const size = batchSize(base);
  const begin = (start: number) => {
    const batch = computeBatch(base, files.slice(start, start + size), image, read);
    batch.catch(() => {}); // whoever waits for it is told
    return batch;
  };
  const underWay: ReturnType<typeof begin>[] = [];
  let start = 0;
  while (start < files.length || underWay.length > 0) {
    for (; underWay.length <= AHEAD && start < files.length; start += size) underWay.push(begin(start));
    const { refused, ...batch } = await (underWay.shift() as (typeof underWay)[number]);
    for (const { error, file } of refused) refuse(error, file);
    yield batch;
  }
}

/** Decodes image files and computes the features of those that can be. */
async function computeBatch(
  base: ConvolutionalBase,
  files: readonly string[],
  image: ImageParams,
  read?: (file: string) => Promise<Buffer>,
) {
  const outcomes = await Promise.all(
    files.map((file) =>
      decodeImage(file, image, read).then(
        (pixels) => ({ file, pixels }),
        (error: Error) => {
          if (isShortage(error)) throw error; // no other image would fare better
          return { file, error };
        },
      ),
    ),
  );
  const decoded = outcomes.filter((outcome) => "pixels" in outcome);
  const values = new Float32Array(decoded.length * image.size * image.size * 3);
  const write = preprocessor(image.preprocess);
  for (const [i, { pixels }] of decoded.entries()) write(pixels, values, i * pixels.length);
  const features = decoded.length > 0 ? await base.features(values, decoded.length) : new Float32Array();
  const refused = outcomes.filter((outcome) => "error" in outcome);
  return { files: decoded.map(({ file }) => file), features, refused };
}
