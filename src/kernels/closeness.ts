import type { Features } from "./features.ts";
import { type Symmetric, viewProducts } from "./view-products.ts";

/** Added to each entry: a constant function costs the ridge little. */
const OFFSET = 0.1;

/**
 * How close images are: exp(−D / median D) + 0.1, where D is the squared distance in the mean of the views' products.
 * @param features [n, h, w, channels]. @param threads of the kernel; they change no byte.
 */
export function closeness(features: Features, threads?: number): Symmetric {
  const { own } = viewProducts(features, { threads });
  const { values, size, rows } = own;
  const diagonal = Float32Array.from({ length: rows }, (_, i) => values[i * size + i] as number);
  const distance = (i: number, j: number) =>
    Math.max(0, (diagonal[i] as number) + (diagonal[j] as number) - 2 * (values[i * size + j] as number));
  const all = new Float32Array((rows * (rows - 1)) / 2);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < i; j++, at++) all[at] = distance(i, j);
  all.sort();
  const median = (all[all.length >> 1] as number) || 1;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j <= i; j++) values[i * size + j] = (i === j ? 1 : Math.exp(-distance(i, j) / median)) + OFFSET;
  return own;
}
