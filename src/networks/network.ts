import type { Tensor4D } from "@tensorflow/tfjs";
import type { PREPROCESSINGS } from "../records/features/image-params.ts";
import type { Compute } from "../tensorflow/load.ts";
import type { NetworkWeights, TensorSpec } from "./weights.ts";

/** A network that makes features of images: `base` in params.yaml names it. */
export interface Network {
  /** One sentence for people, with where it comes from. */
  describe: string;
  /** Shape of one image's features, `[4, 4, 512]` for 150 px. @param size width and height of an image, px. */
  featureShape(size: number): [number, number, number];
  /** The preprocessing that it was trained with; any other may be asked for. */
  preprocess: (typeof PREPROCESSINGS)[number];
  /** Its weights, in the order in which an image passes through them: kernel and bias of each layer. */
  tensors: readonly TensorSpec[];
  /** Makes it ready to run on TensorFlow. */
  build(compute: Compute, weights: NetworkWeights): ConvolutionalBase;
}

/** A network without its top, ready to run. */
export interface ConvolutionalBase {
  /** As {@link Network.featureShape}. */
  featureShape(size: number): [number, number, number];
  /** Images [n, size, size, 3], preprocessed → features [n, …featureShape]. The caller disposes both. */
  features(images: Tensor4D): Tensor4D;
  dispose(): void;
}
