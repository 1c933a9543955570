import type { Tensor4D } from "@tensorflow/tfjs";
import type { Compute } from "../../tensorflow/load.ts";
import type { Vgg16Weights } from "./weights.ts";

/** Convolutions before each of the five poolings (configuration D of https://arxiv.org/abs/1409.1556). */
const BLOCKS = [2, 2, 3, 3, 3];

/** Shape of one image's features: five poolings halve the size each time, `[4, 4, 512]` for 150 px. */
export function featureShape(size: number): [number, number, number] {
  const side = Math.floor(size / 2 ** BLOCKS.length);
  return [side, side, 512];
}

/** The convolutional base of VGG16. */
export interface ConvolutionalBase {
  /** Images [n, size, size, 3], preprocessed → features [n, size/32, size/32, 512]. The caller disposes both. */
  features(images: Tensor4D): Tensor4D;
  dispose(): void;
}

/** Builds VGG16 without its top, as `keras.applications.VGG16(include_top=False)`; bias and ReLU are fused into each convolution. */
export function buildVgg16({ tf }: Compute, weights: Vgg16Weights): ConvolutionalBase {
  const layers = weights.layers.map(({ filter, bias, shape }) => ({
    filter: tf.tensor4d(filter, shape),
    bias: tf.tensor1d(bias),
  }));
  return {
    features: (images) =>
      tf.tidy(() => {
        let x = images;
        let layer = 0;
        for (const convolutions of BLOCKS) {
          for (let i = 0; i < convolutions; i++) {
            const { filter, bias } = layers[layer++] as (typeof layers)[number];
            const y = tf.fused.conv2d({ x, filter, bias, strides: 1, pad: "same", activation: "relu" }); // [n, h, w, c]
            if (x !== images) x.dispose();
            x = y;
          }
          const pooled = tf.maxPool(x, 2, 2, "valid"); // [n, h/2, w/2, c]
          x.dispose();
          x = pooled;
        }
        return x;
      }),
    dispose: () => {
      for (const { filter, bias } of layers) tf.dispose([filter, bias]);
    },
  };
}
