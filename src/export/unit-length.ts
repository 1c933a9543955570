import type { Layer } from "./layers.ts";

/**
 * The layers with stock layers of TensorFlow.js, which has no UnitNormalization, in the place of that one. Layer normalization takes the mean
 * away and divides by the deviation: of a row x beside -x, whose mean is 0 and whose deviation is |x| / √width, it makes √width x / |x|. So one
 * convolution puts -x there, and another takes x alone and divides by √width.
 */
export function withoutUnitNormalization(layers: readonly Layer[]): readonly Layer[] {
  const at = layers.findIndex(({ class_name }) => class_name === "UnitNormalization");
  if (at < 0) return layers;
  const { name } = layers[at] as Layer;
  const [width] = (layers[at] as Layer).input as [number];
  const { input } = layers[0] as Layer; // of Flatten, if there is one: a reshape does both
  const convolve = (suffix: string, kernel: number[], [channels, filters]: [number, number]): Layer => ({
    class_name: "Conv1D",
    name: `${name}_${suffix}`,
    input: [width, channels],
    config: { filters, kernel_size: [1], use_bias: false },
    weights: [{ name: "kernel", values: Float32Array.from(kernel), shape: [1, channels, filters] }],
  });
  return [
    { class_name: "Reshape", name: `${name}_reshape`, input, config: { target_shape: [width, 1] }, weights: [] },
    convolve("mirror", [1, -1], [1, 2]),
    {
      class_name: "LayerNormalization",
      name,
      input: [width, 2],
      config: { axis: [1, 2], epsilon: 1e-24, center: false, scale: false },
      weights: [],
    },
    convolve("select", [1 / Math.sqrt(width), 0], [2, 1]),
    { class_name: "Flatten", name: `${name}_flatten`, input: [width, 1], config: {}, weights: [] },
    ...layers.slice(at + 1),
  ];
}
