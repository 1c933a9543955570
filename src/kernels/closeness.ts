import type { Symmetric } from "./view-products.ts";

/** Added to each entry: a constant function costs the ridge little. */
const OFFSET = 0.1;

/** How close images are, in the place of their products: exp(−D / median D) + 0.1, where D is the squared distance. */
export function closeness(products: Symmetric): Symmetric {
  const { values, size, rows } = products;
  const diagonal = Float32Array.from({ length: rows }, (_, i) => values[i * size + i] as number);
  const distance = (i: number, j: number) =>
    Math.max(0, (diagonal[i] as number) + (diagonal[j] as number) - 2 * (values[i * size + j] as number));
  const all = new Float32Array((rows * (rows - 1)) / 2);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < i; j++, at++) all[at] = distance(i, j);
  all.sort();
  const median = (all[all.length >> 1] as number) || 1;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j <= i; j++) values[i * size + j] = (i === j ? 1 : Math.exp(-distance(i, j) / median)) + OFFSET;
  return products;
}
