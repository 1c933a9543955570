import type { Features } from "../kernels/features.ts";
import { createWork, invert } from "../kernels/inverse.ts";
import { type ViewProducts, viewProducts } from "../kernels/view-products.ts";
import { allocatePanels, gram, loadProducts, multiply, PANEL, panelsOf, valuesOf } from "../kernels/wasm/products.ts";

/**
 * The weights by which ridge regression on the views' products, centered on the training images, makes predictions of labels: f(x) = Σ wⱼ tⱼ.
 * @param training [n, h, w, channels]. @param images those that are predicted, [m, h, w, channels]. @param ridge λ. @param threads they change no byte.
 * @returns w of image i, [n], for each i.
 */
export function smootherWeights(
  training: Features,
  images: Features,
  { ridge, threads }: { ridge: number; threads?: number },
): (i: number) => Float32Array {
  const products = center(viewProducts(training, { others: images, threads }));
  const { rows, size } = products.own;
  const space = loadProducts(threads);
  try {
    const { factor } = invert(space, products.own, ridge, createWork(space, rows));
    const triangle = space.allocate(4 * size * size);
    gram(space, factor, triangle);
    // The inverse, whole, in panels: it is its own transpose.
    const inverse = allocatePanels(space, size, size);
    const left = allocatePanels(space, images.rows, size);
    const out = space.allocate(4 * panelsOf(images.rows) * PANEL * size);
    const lower = space.floats(triangle, size * size);
    const panels = valuesOf(space, inverse);
    const place = (i: number, j: number) => (i >> 3) * PANEL * size + j * PANEL + (i & 7);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j <= i; j++) {
        const value = lower[i * size + j] as number;
        panels[place(i, j)] = value;
        panels[place(j, i)] = value;
      }
    const rowsOfImages = valuesOf(space, left);
    for (let i = 0; i < images.rows; i++)
      for (let j = 0; j < rows; j++) rowsOfImages[place(i, j)] = products.others[i * size + j] as number;
    multiply(space, left, inverse, out);
    const weights = space.floats(out, panelsOf(images.rows) * PANEL * size).slice();
    return (i) => weights.subarray(i * size, i * size + rows);
  } finally {
    space.close();
  }
}

/** Takes the training images' mean away, of both sides, in place. */
function center({ own, others }: ViewProducts): { own: ViewProducts["own"]; others: Float32Array } {
  const { values, size, rows } = own;
  const means = new Float64Array(rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j <= i; j++) {
      const value = (values[i * size + j] as number) / rows;
      means[i] = (means[i] as number) + value;
      if (i !== j) means[j] = (means[j] as number) + value;
    }
  const all = means.reduce((a, b) => a + b, 0) / rows;
  for (let i = 0; i < rows; i++)
    for (let j = 0, at = i * size; j <= i; j++, at++)
      values[at] = (values[at] as number) - (means[i] as number) - (means[j] as number) + all;
  const cross = others as Float32Array;
  for (let at = 0; at < cross.length; at += size) {
    let mean = 0;
    for (let j = 0; j < rows; j++) mean += (cross[at + j] as number) / rows;
    for (let j = 0; j < rows; j++) cross[at + j] = (cross[at + j] as number) - mean - (means[j] as number) + all;
  }
  return { own, others: cross };
}
