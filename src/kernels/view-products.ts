import type { Features } from "./features.ts";
import { type View, viewsOf, widthOf, writeView } from "./views.ts";
import {
  allocatePanels,
  gram,
  loadProducts,
  type MatrixSpace,
  multiply,
  PANEL,
  type Panels,
  panelsOf,
  valuesOf,
} from "./wasm/products.ts";

/** A symmetric matrix, its lower triangle in rows of `size` float32; `size` is the number of rows, rounded up to a panel. */
export interface Symmetric {
  values: Float32Array;
  size: number;
  rows: number;
}

/** Products of images with images. */
export interface ViewProducts {
  /** Of each pair of images. */
  own: Symmetric;
  /** Of other images with these, [others, size]; nothing where none were given. */
  others: Float32Array | undefined;
}

/**
 * How images go together: the mean over the views of the products of their values, each view scaled to a mean diagonal of 1.
 * @param features [n, h, w, channels]. @param options.others features of the same shape. @param options.threads of the kernel; they change no byte.
 */
export function viewProducts(
  features: Features,
  { others, threads }: { others?: Features | undefined; threads?: number | undefined } = {},
): ViewProducts {
  const { rows, shape } = features;
  const size = panelsOf(rows) * PANEL;
  const own = { values: new Float32Array(size * size), size, rows };
  const height = others ? panelsOf(others.rows) * PANEL : 0;
  const cross = others && new Float32Array(height * size);
  const views = viewsOf(shape);
  for (const view of views) {
    const space = loadProducts(threads); // a memory of its own, so that that of the widest view is given back
    try {
      const panels = layOut(space, features, view);
      const out = space.allocate(4 * size * size);
      gram(space, panels, out);
      const scale = addScaled(own, space.floats(out, size * size), 1 / views.length);
      if (others === undefined || cross === undefined) continue;
      const theirs = layOut(space, others, view);
      const between = space.allocate(4 * height * size);
      multiply(space, theirs, panels, between);
      const products = space.floats(between, height * size);
      for (let i = 0; i < products.length; i++) cross[i] = (cross[i] as number) + scale * (products[i] as number);
    } finally {
      space.close();
    }
  }
  return { own, others: cross };
}

function layOut(space: MatrixSpace, { rows, shape, row }: Features, view: View): Panels {
  const width = widthOf(view, shape);
  const panels = allocatePanels(space, rows, width);
  const values = valuesOf(space, panels);
  for (let i = 0; i < rows; i++) {
    const base = (i >> 3) * width * PANEL + (i & 7);
    writeView(view, row(i), shape, (k, value) => {
      values[base + k * PANEL] = value;
    });
  }
  return panels;
}

/** Adds products, scaled to a mean diagonal of 1. @returns the scale. */
function addScaled({ values, rows, size }: Symmetric, products: Float32Array, share: number): number {
  let trace = 0;
  for (let i = 0; i < rows; i++) trace += products[i * size + i] as number;
  const scale = trace > 0 ? (share * rows) / trace : 0;
  for (let i = 0; i < rows; i++)
    for (let j = 0, at = i * size; j <= i; j++, at++)
      values[at] = (values[at] as number) + scale * (products[at] as number);
  return scale;
}
