import type { ImageParams } from "../networks/pixels/image-params.ts";
import { IMAGENET_MEAN_BGR } from "../networks/pixels/preprocess.ts";
import type { ConvolutionWeights, NetworkWeights } from "../networks/weights.ts";
import { DATA_FORMAT, type KerasLayer } from "./keras-layers.ts";

/** The layers before the top model, image [size, size, 3] RGB 0–255 → features: preprocessing and VGG16 without its top, frozen. */
export function baseKerasLayers(base: NetworkWeights, { size, preprocess }: ImageParams): KerasLayer[] {
  let side = size;
  const blocks = base.layers.flatMap((layer, i) => {
    const [block] = layer.name.split("_") as [string]; // block1_conv2 is of block1
    const convolution = convolve(layer, side, { padding: "same", activation: "relu" });
    if (base.layers[i + 1]?.name.startsWith(block)) return [convolution];
    const pooling: KerasLayer = {
      class_name: "MaxPooling2D",
      config: { name: `${block}_pool`, pool_size: [2, 2], strides: [2, 2], data_format: DATA_FORMAT },
      input: [side, side, layer.shape[3]],
      weights: [],
    };
    side = Math.floor(side / 2);
    return [convolution, pooling];
  });
  return [preprocessing[preprocess](size), ...blocks];
}

/** Keras's own layers, so that the file loads without custom objects; both compute what images/preprocess.ts does, bit for bit. */
const preprocessing: Record<ImageParams["preprocess"], (size: number) => KerasLayer> = {
  rescale: (size) => ({
    class_name: "Rescaling",
    config: { name: "rescale", scale: 1 / 255, offset: 0 },
    input: [size, size, 3],
    weights: [],
  }),
  // RGB → BGR minus the mean, as a convolution of single pixels: the filter permutes the channels, the bias is the negative mean.
  caffe: (size) => {
    const filter = Float32Array.of(0, 0, 1, 0, 1, 0, 1, 0, 0); // [1, 1, RGB, BGR]
    const bias = Float32Array.from(IMAGENET_MEAN_BGR, (mean) => -mean);
    return convolve({ name: "caffe", filter, shape: [1, 1, 3, 3], bias }, size, { activation: "linear" });
  },
};

function convolve(
  { name, filter, shape, bias }: ConvolutionWeights,
  side: number,
  config: Record<string, unknown>,
): KerasLayer {
  const [height, width, channels, filters] = shape;
  return {
    class_name: "Conv2D",
    config: { name, trainable: false, filters, kernel_size: [height, width], data_format: DATA_FORMAT, ...config },
    input: [side, side, channels],
    weights: [
      { values: filter, shape },
      { values: bias, shape: [filters] },
    ],
  };
}
