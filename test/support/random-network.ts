import type { ConvolutionLayer } from "../../src/networks/convolution/network.ts";

/** A small network, and images for it. */
export interface Sample {
  layers: ConvolutionLayer[];
  blocks: number[];
  size: number;
  channels: number;
  n: number;
  images: Float32Array;
}

/** Numbers in [-1, 1), the same in every run (a linear congruential generator, Numerical Recipes' constants). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A network of random weights, scaled so that activations keep their size. @param widths channels out of each convolution */
export function randomNetwork(size: number, channels: number, blocks: number[], widths: number[], n: number): Sample {
  const next = numbers(size * 1000 + channels);
  const fill = (length: number, scale: number) => Float32Array.from({ length }, () => scale * next());
  const layers = widths.map((width, i) => {
    const before = widths[i - 1] ?? channels;
    return { filter: fill(9 * before * width, Math.sqrt(6 / (9 * before))), bias: fill(width, 0.2) };
  });
  return { layers, blocks, size, channels, n, images: fill(n * size * size * channels, 1) };
}

/** The features of all images, by the definition, in float64. */
export function definition({ layers, blocks, size, channels, n, images }: Sample): Float64Array {
  const rows: Float64Array[] = [];
  for (let image = 0; image < n; image++) {
    const length = size * size * channels;
    let x: Float64Array = Float64Array.from(images.subarray(image * length, (image + 1) * length));
    let [side, depth, layer] = [size, channels, 0];
    for (const convolutions of blocks) {
      for (let i = 0; i < convolutions; i++) {
        const { filter, bias } = layers[layer++] as ConvolutionLayer;
        x = convolve(x, side, depth, filter, bias);
        depth = bias.length;
      }
      x = pool(x, side, depth);
      side = Math.floor(side / 2);
    }
    rows.push(x);
  }
  const all = new Float64Array(rows.reduce((sum, row) => sum + row.length, 0));
  for (const [i, row] of rows.entries()) all.set(row, i * row.length);
  return all;
}

/** One convolution with its bias and ReLU: x [side, side, depth] → [side, side, width]. */
function convolve(x: Float64Array, side: number, depth: number, filter: Float32Array, bias: Float32Array) {
  const width = bias.length;
  const y = new Float64Array(side * side * width);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const at = (row * side + column) * width;
      for (let o = 0; o < width; o++) y[at + o] = bias[o] as number;
      for (let tap = 0; tap < 9; tap++) {
        const [r, c] = [row + Math.floor(tap / 3) - 1, column + (tap % 3) - 1];
        if (r < 0 || c < 0 || r >= side || c >= side) continue;
        for (let i = 0; i < depth; i++) {
          const value = x[(r * side + c) * depth + i] as number;
          for (let o = 0; o < width; o++)
            (y[at + o] as number) += value * (filter[(tap * depth + i) * width + o] as number);
        }
      }
      for (let o = 0; o < width; o++) y[at + o] = Math.max(0, y[at + o] as number);
    }
  return y;
}

/** The largest of every 2 × 2 pixels; an odd last row or column is dropped. */
function pool(x: Float64Array, side: number, depth: number): Float64Array<ArrayBuffer> {
  const half = Math.floor(side / 2);
  return Float64Array.from({ length: half * half * depth }, (_, i) => {
    const [pixel, o] = [Math.floor(i / depth), i % depth];
    const first = (2 * Math.floor(pixel / half) * side + 2 * (pixel % half)) * depth + o;
    return Math.max(...[0, 1, side, side + 1].map((offset) => x[first + offset * depth] as number));
  });
}
