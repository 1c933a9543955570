import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { findImages } from "../../commands/predict/find-images.ts";
import { NETWORKS, type NetworkName, networkName } from "../../networks/index.ts";
import type { ConvolutionalBase } from "../../networks/network.ts";
import type { ImageParams } from "../../records/features/image-params.ts";
import { npyHeader } from "../../records/features/npy.ts";
import { writeWhole } from "../../runtime/atomic-write.ts";
import { type Device, wantedDevice } from "../../runtime/device.ts";
import { StageError } from "../../runtime/errors.ts";

/** What computes features, and what it sees of an image. */
export interface FeatureOptions {
  /** Name of a network, whose weights are found or fetched, or one that is open already. Default: `vgg16`. */
  network?: NetworkName | ConvolutionalBase;
  /** Width and height in px to which images are brought, how, and what becomes of their pixels. */
  image: ImageParams;
  /** What computes a network that is named. Default: `POISON_DEVICE`, else a GPU where there is one, else the CPU. */
  device?: Device;
  /** Is told how many of how many images are done. */
  onProgress?: (done: number, total: number) => void;
}

/** The features of some images. */
export interface ExtractedFeatures {
  /** The image of each row. */
  files: string[];
  /** [images, …rowShape] float32 in C order: `.npy`, what `trainTop` takes. */
  shape: number[];
  values: Float32Array;
  /** Whose results these are: `cpu` for our own build, which gives the same bytes everywhere, else TensorFlow's version and device. */
  backend: string;
}

/**
 * Makes features of images with a network without its top, all in memory.
 *
 * @example
 * ```ts
 * import { extractFeatures } from "dvc-poison/features";
 *
 * const image = { size: 150, resize: "nearest", preprocess: "caffe" } as const;
 * const { files, shape } = await extractFeatures("photos", { image });
 * console.log(files.length, shape); // → 2 [ 2, 4, 4, 512 ]
 * ```
 *
 * @param images files, or folders, which stand for all images anywhere in them in natural order.
 * @throws StageError naming the file when an image is missing or cannot be decoded, and when weights or device are not to be had.
 */
export async function extractFeatures(
  images: string | readonly string[],
  options: FeatureOptions,
): Promise<ExtractedFeatures> {
  return stream(images, options, async ({ files, rowShape, batches, backend }) => {
    const row = rowShape.reduce((a, b) => a * b, 1);
    const values = new Float32Array(files.length * row);
    let at = 0;
    for await (const features of batches) {
      values.set(features, at);
      at += features.length;
    }
    return { files, shape: [files.length, ...rowShape], values, backend };
  });
}

/**
 * As {@link extractFeatures}, into a .npy file, batch by batch: however many images there are, memory does not grow. The file appears
 * whole or not at all.
 * @returns what was made, without the values.
 * @throws StageError as {@link extractFeatures}.
 */
export async function extractFeaturesTo(
  file: string,
  images: string | readonly string[],
  options: FeatureOptions,
): Promise<Omit<ExtractedFeatures, "values">> {
  return stream(images, options, async ({ files, rowShape, batches, backend }) => {
    const shape = [files.length, ...rowShape];
    await writeWhole(file, async (partial) => {
      const content = async function* () {
        yield npyHeader(shape);
        for await (const { buffer, byteOffset, byteLength } of batches)
          yield Buffer.from(buffer, byteOffset, byteLength);
      };
      await pipeline(content, createWriteStream(partial));
    });
    return { files, shape, backend };
  });
}

interface Extraction {
  files: string[];
  rowShape: readonly number[];
  backend: string;
  /** Features of some rows, in order. */
  batches: AsyncIterable<Float32Array>;
}

/** Opens the network for as long as features are made, and closes it if it was opened here. */
async function stream<T>(
  images: string | readonly string[],
  { network = "vgg16", image, device = wantedDevice(), onProgress }: FeatureOptions,
  use: (extraction: Extraction) => Promise<T>,
): Promise<T> {
  const files = await findImages(typeof images === "string" ? [images] : images);
  if (files.length === 0) throw new StageError("there is no image.");
  for (const file of files) if (!(await stat(file)).isFile()) throw new StageError(`${file}: is no file.`);
  const base = typeof network === "string" ? await openNetwork(network, image.size, device) : network;
  // Here and not before: a program that draws pictures has no use for what decodes images.
  const { extractBatches } = await import("../../extract/batches.ts");
  async function* batches() {
    let done = 0;
    for await (const batch of extractBatches(base, files, image)) {
      done += batch.files.length;
      yield batch.features;
      onProgress?.(done, files.length);
    }
  }
  try {
    return await use({ files, rowShape: base.rowShape, backend: base.backend, batches: batches() });
  } finally {
    if (typeof network === "string") base.close();
  }
}

/**
 * Opens a network for images of one size, to be given to several calls of {@link extractFeatures}: its weights are found on this machine
 * or fetched, and checked.
 * @param size width and height of the images, px. @param device default: as {@link FeatureOptions}.
 * @returns what its caller has to `close`.
 * @throws StageError when the network is not known, or weights or device are not to be had.
 */
export async function openNetwork(
  name: NetworkName,
  size: number,
  device: Device = wantedDevice(),
): Promise<ConvolutionalBase> {
  const network = NETWORKS[networkName(name, "network")];
  const [{ loadWeights }, { loadBase }] = await Promise.all([
    import("../../weights/find.ts"),
    import("../../networks/load-base.ts"),
  ]);
  return loadBase(network, await loadWeights(name), size, device);
}
