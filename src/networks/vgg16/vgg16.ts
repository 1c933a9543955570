import type { Compute } from "../../tensorflow/load.ts";
import type { ConvolutionalBase, Network } from "../network.ts";
import { type NetworkWeights, tensorsOf } from "../weights.ts";
import table from "./digests.json" with { type: "json" };

/** VGG16 of Simonyan and Zisserman (2015), trained on ImageNet, without its top: `keras.applications.VGG16(include_top=False)`. */
export const vgg16: Network = {
  describe: "VGG16, trained on ImageNet (https://arxiv.org/abs/1409.1556)",
  featureShape,
  preprocess: "caffe",
  tensors: tensorsOf(table.tensors),
  build: buildVgg16,
};

/** Convolutions before each of the five poolings (configuration D of https://arxiv.org/abs/1409.1556). */
const BLOCKS = [2, 2, 3, 3, 3];

/** Shape of one image's features: five poolings halve the size each time, `[4, 4, 512]` for 150 px. */
function featureShape(size: number): [number, number, number] {
  const side = Math.floor(size / 2 ** BLOCKS.length);
  return [side, side, 512];
}

/** Builds VGG16 without its top, as `keras.applications.VGG16(include_top=False)`; bias and ReLU are fused into each convolution. */
function buildVgg16({ tf }: Compute, weights: NetworkWeights): ConvolutionalBase {
  const layers = weights.layers.map(({ filter, bias, shape }) => ({
    filter: tf.tensor4d(filter, shape),
    bias: tf.tensor1d(bias),
  }));
  return {
    featureShape,
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
