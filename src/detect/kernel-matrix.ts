import type { Features } from "./detect.ts";
import { viewsOf, widthOf, writeView } from "./views.ts";
import { allocatePanels, gram, loadProducts, PANEL, panelsOf, valuesOf } from "./wasm/products.ts";

/** Added to each entry: a constant function costs the ridge little. */
const OFFSET = 0.1;

/** A symmetric matrix, its lower triangle in rows of `size` float32; `size` is the number of rows, rounded up to a panel. */
export interface Symmetric {
  values: Float32Array;
  size: number;
  rows: number;
}

/**
 * How alike images are: exp(−D / median D) + 0.1, where D is the squared distance in the mean of the views' products, each scaled to a mean diagonal of 1.
 * @param features [n, h, w, channels]. @param threads of the kernel; they change no byte.
 */
export function kernelMatrix(features: Features, threads?: number): Symmetric {
  const { rows, shape } = features;
  const size = panelsOf(rows) * PANEL;
  const sum = new Float32Array(size * size);
  const views = viewsOf(shape);
  for (const view of views) {
    const space = loadProducts(threads); // a memory of its own, so that that of the widest view is given back
    try {
      const width = widthOf(view, shape);
      const panels = allocatePanels(space, rows, width);
      const out = space.allocate(4 * size * size);
      const values = valuesOf(space, panels);
      for (let row = 0; row < rows; row++) {
        const base = (row >> 3) * width * PANEL + (row & 7);
        writeView(view, features.row(row), shape, (i, value) => {
          values[base + i * PANEL] = value;
        });
      }
      gram(space, panels, out);
      addScaled(sum, space.floats(out, size * size), { rows, size, share: 1 / views.length });
    } finally {
      space.close();
    }
  }
  return { values: spread({ values: sum, size, rows }), size, rows };
}

/** Adds products, scaled to a mean diagonal of 1. */
function addScaled(
  sum: Float32Array,
  products: Float32Array,
  { rows, size, share }: { rows: number; size: number; share: number },
): void {
  let trace = 0;
  for (let i = 0; i < rows; i++) trace += products[i * size + i] as number;
  const scale = trace > 0 ? (share * rows) / trace : 0;
  for (let i = 0; i < rows; i++)
    for (let j = 0, at = i * size; j <= i; j++, at++) sum[at] = (sum[at] as number) + scale * (products[at] as number);
}

/** Turns products into closeness, in place. */
function spread({ values, size, rows }: Symmetric): Float32Array {
  const diagonal = Float32Array.from({ length: rows }, (_, i) => values[i * size + i] as number);
  const distance = (i: number, j: number) =>
    Math.max(0, (diagonal[i] as number) + (diagonal[j] as number) - 2 * (values[i * size + j] as number));
  const all = new Float32Array((rows * (rows - 1)) / 2);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < i; j++, at++) all[at] = distance(i, j);
  all.sort();
  const median = (all[all.length >> 1] as number) || 1;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j <= i; j++) values[i * size + j] = (i === j ? 1 : Math.exp(-distance(i, j) / median)) + OFFSET;
  return values;
}
