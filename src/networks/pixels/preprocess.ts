import type { ImageParams } from "../../records/features/image-params.ts";

/** Mean of ImageNet's training images in BGR order, as Keras's `preprocess_input(mode="caffe")` subtracts it. */
export const IMAGENET_MEAN_BGR = [103.939, 116.779, 123.68] as const;

type Mode = ImageParams["preprocess"];

/** A function that writes one image's network input, pixels [n, n, 3] uint8 RGB → float32 of the same shape, at `offset` of `target`. */
export function preprocessor(mode: Mode): (pixels: Uint8Array, target: Float32Array, offset: number) => void {
  // One table of 256 float32 values per output channel: exactly what Keras computes, without arithmetic in the loop.
  const [first, second, third] = [0, 1, 2].map((channel) =>
    Float32Array.from({ length: 256 }, (_, value) => scale(mode, value, channel)),
  ) as [Float32Array, Float32Array, Float32Array];
  const [r, b] = mode === "caffe" ? [2, 0] : [0, 2]; // caffe: BGR
  return (pixels, target, offset) => {
    for (let i = 0; i < pixels.length; i += 3) {
      target[offset + i] = first[pixels[i + r] as number] as number;
      target[offset + i + 1] = second[pixels[i + 1] as number] as number;
      target[offset + i + 2] = third[pixels[i + b] as number] as number;
    }
  };
}

function scale(mode: Mode, value: number, channel: number): number {
  if (mode === "caffe") return Math.fround(value - Math.fround(IMAGENET_MEAN_BGR[channel] as number));
  return Math.fround(value * Math.fround(1 / 255));
}
