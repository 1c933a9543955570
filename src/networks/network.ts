import type { PREPROCESSINGS } from "../records/features/image-params.ts";
import type { TensorSpec } from "./weights.ts";

/** A network that makes features of images: `base` in params.yaml names it. It is made of convolutions 3 × 3 with ReLU and poolings 2 × 2. */
export interface Network {
  /** One sentence for people, with where it comes from. */
  describe: string;
  /** Convolutions before each pooling. */
  blocks: readonly number[];
  /** The preprocessing that it was trained with; any other may be asked for. */
  preprocess: (typeof PREPROCESSINGS)[number];
  /** Its weights, in the order in which an image passes through them: kernel and bias of each layer. */
  tensors: readonly TensorSpec[];
}

/** Shape of one image's features: each pooling halves the size, `[4, 4, 512]` for VGG16 and 150 px. @param size width and height of an image, px. */
export function featureShape({ blocks, tensors }: Network, size: number): [number, number, number] {
  const side = Math.floor(size / 2 ** blocks.length);
  return [side, side, tensors.at(-1)?.length as number];
}

/** A network without its top, ready to run on images of one size. */
export interface ConvolutionalBase {
  /** What computes, for people: `native avx512, 2 threads`. */
  name: string;
  /**
   * Whose results these are, for outputs: `cpu` for every build of our own that multiplies and adds in one rounding, which all give the
   * same bytes; `cpu-nofma` for the one that does not; else TensorFlow, its version and device.
   */
  backend: string;
  /** Shape of one image's features, as {@link featureShape}. */
  rowShape: [number, number, number];
  /** Images a call that keep everything at work; more at once gain nothing. Two calls may overlap: the second begins where the first runs out of work. */
  batch: number;
  /** Images [n, size, size, 3], preprocessed, which must not change until then → features [n, …rowShape]. */
  features(images: Float32Array, n: number): Promise<Float32Array>;
  /** Ends the threads and frees the memory. */
  close(): void;
}
