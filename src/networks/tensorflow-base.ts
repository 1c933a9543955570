import type { Compute } from "../tensorflow/load.ts";
import type { ConvolutionalBase } from "./network.ts";
import type { ConvolutionWeights } from "./weights.ts";

/** Images per call. On CPUs more gains no speed; on GPUs it does. 16 images of 150 px take about 0.3 GB. */
const BATCH = { cpu: 16, gpu: 128 };

/** The network on TensorFlow; bias and ReLU are fused into each convolution. @param blocks convolutions before each pooling */
export function tensorflowBase(
  { tf, device, name }: Compute,
  weights: readonly ConvolutionWeights[],
  blocks: readonly number[],
  size: number,
): ConvolutionalBase {
  const layers = weights.map(({ filter, bias, shape }) => ({
    filter: tf.tensor4d(filter, shape),
    bias: tf.tensor1d(bias),
  }));
  const channels = weights[0]?.shape[2] as number;
  const side = Math.floor(size / 2 ** blocks.length);
  return {
    name,
    backend: name,
    rowShape: [side, side, weights.at(-1)?.bias.length as number],
    batch: BATCH[device],
    async features(images, n) {
      const features = tf.tidy(() => {
        let x = tf.tensor4d(images.subarray(0, n * size * size * channels), [n, size, size, channels]);
        let layer = 0;
        for (const convolutions of blocks) {
          for (let i = 0; i < convolutions; i++) {
            const { filter, bias } = layers[layer++] as (typeof layers)[number];
            const y = tf.fused.conv2d({ x, filter, bias, strides: 1, pad: "same", activation: "relu" }); // [n, h, w, c]
            x.dispose();
            x = y;
          }
          const pooled = tf.maxPool(x, 2, 2, "valid"); // [n, h/2, w/2, c]
          x.dispose();
          x = pooled;
        }
        return x;
      });
      const rows = await features.data<"float32">();
      features.dispose();
      return rows;
    },
    close: () => {
      for (const { filter, bias } of layers) tf.dispose([filter, bias]);
    },
  };
}
