import { IMAGENET_MEAN_BGR } from "../networks/pixels/preprocess.ts";
import type { Pool } from "../networks/pool.ts";
import type { ConvolutionWeights, NetworkWeights } from "../networks/weights.ts";
import type { ImageParams } from "../records/features/image-params.ts";
import { DATA_FORMAT, type Layer } from "./layers.ts";

/** The layers before the top model, image [size, size, 3] RGB 0–255 → features: preprocessing and VGG16 without its top, frozen, pooled. */
export function baseLayers(base: NetworkWeights, { size, preprocess }: ImageParams, pool: Pool = "none"): Layer[] {
  let side = size;
  const blocks = base.layers.flatMap((layer, i) => {
    const [block] = layer.name.split("_") as [string]; // block1_conv2 is of block1
    const convolution = convolve(layer, side, { padding: "same", activation: "relu" });
    if (base.layers[i + 1]?.name.startsWith(block)) return [convolution];
    const pooling: Layer = {
      class_name: "MaxPooling2D",
      name: `${block}_pool`,
      input: [side, side, layer.shape[3]],
      config: { pool_size: [2, 2], strides: [2, 2], data_format: DATA_FORMAT },
      weights: [],
    };
    side = Math.floor(side / 2);
    return [convolution, pooling];
  });
  const channels = base.layers.at(-1)?.shape[3] as number;
  const mean: Layer = {
    class_name: "GlobalAveragePooling2D",
    name: "pool",
    input: [side, side, channels],
    config: { data_format: DATA_FORMAT, keepdims: true },
    weights: [],
  };
  return [preprocessing[preprocess](size), ...blocks, ...(pool === "avg" ? [mean] : [])];
}

/** Keras's own layers, so that the file loads without custom objects; both compute what networks/pixels/preprocess.ts does, bit for bit. */
const preprocessing: Record<ImageParams["preprocess"], (size: number) => Layer> = {
  rescale: (size) => ({
    class_name: "Rescaling",
    name: "rescale",
    input: [size, size, 3],
    config: { scale: 1 / 255, offset: 0 },
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
): Layer {
  const [height, width, channels, filters] = shape;
  return {
    class_name: "Conv2D",
    name,
    input: [side, side, channels],
    config: { trainable: false, filters, kernel_size: [height, width], data_format: DATA_FORMAT, ...config },
    weights: [
      { name: "kernel", values: filter, shape },
      { name: "bias", values: bias, shape: [filters] },
    ],
  };
}
