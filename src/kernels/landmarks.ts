import type { Features } from "./features.ts";
import { createWork, invert } from "./inverse.ts";
import { type View, widthOf, writeView } from "./views.ts";
import {
  allocatePanels,
  gram,
  type MatrixSpace,
  multiply,
  PANEL,
  type Panels,
  panelsOf,
  valuesOf,
} from "./wasm/products.ts";

/** Many images are seen pooled: an image then has twice as many values as channels, however large it is. */
const POOLED: readonly View[] = ["mean", "max"];
const OFFSET = 0.1;
/** Added to the landmarks' closeness to themselves, so that near copies among them can be told apart in float32. */
const JITTER = 1e-3;

/** Images in the coordinates that landmarks span: products of them are how close the images are, as far as the landmarks tell (Williams and Seeger 2001). */
export interface LandmarkSpace {
  /** Coordinates, a multiple of 8. */
  width: number;
  /** Those of rows from … to of the features, [to − from, width] row-major; valid until the next call. */
  coordinates(from: number, to: number): Float32Array;
}

/**
 * Opens it: exp(−D / median D) + 0.1 between images and landmarks, D the mean squared distance in two pooled views, times the inverse root of that between
 * landmarks.
 * @param landmarks rows. @param block rows that are asked for at once, at most.
 */
export function openLandmarks(
  space: MatrixSpace,
  features: Features,
  landmarks: readonly number[],
  block: number,
): LandmarkSpace {
  const width = panelsOf(landmarks.length) * PANEL;
  const views = POOLED.map((view) => layOut(space, features, view, landmarks, landmarks.length));
  const blocks = POOLED.map((view) => allocatePanels(space, block, widthOf(view, features.shape)));
  const size = Math.max(width, panelsOf(block) * PANEL);
  const products = space.allocate(4 * size * width);
  const sum = new Float32Array(size * width);
  const norms = new Float64Array(landmarks.length);

  for (const panels of views) {
    gram(space, panels, products);
    const values = space.floats(products, width * width);
    for (let i = 0; i < landmarks.length; i++) {
      norms[i] = (norms[i] as number) + (values[i * width + i] as number) / 2;
      for (let j = 0, at = i * width; j <= i; j++, at++) sum[at] = (sum[at] as number) + (values[at] as number) / 2;
    }
  }
  const distances = new Float32Array((landmarks.length * (landmarks.length - 1)) / 2);
  const apart = (i: number, j: number) =>
    Math.max(0, (norms[i] as number) + (norms[j] as number) - 2 * (sum[i * width + j] as number));
  for (let i = 0, at = 0; i < landmarks.length; i++) for (let j = 0; j < i; j++, at++) distances[at] = apart(i, j);
  distances.sort();
  const median = (distances[distances.length >> 1] as number) || 1;
  const own = { values: new Float32Array(width * width), size: width, rows: landmarks.length };
  for (let i = 0; i < landmarks.length; i++)
    for (let j = 0; j <= i; j++) own.values[i * width + j] = (i === j ? 1 : Math.exp(-apart(i, j) / median)) + OFFSET;

  const { factor } = invert(space, own, JITTER, createWork(space, landmarks.length));
  const root = transposed(space, factor);
  const close = allocatePanels(space, block, width);
  const out = space.allocate(4 * panelsOf(block) * PANEL * width);
  return {
    width,
    coordinates(from, to) {
      const rows = Array.from({ length: to - from }, (_, i) => from + i);
      sum.fill(0);
      const theirs = new Float64Array(rows.length);
      for (const [v, view] of POOLED.entries()) {
        fill(space, blocks[v] as Panels, features, view, rows, theirs);
        multiply(space, blocks[v] as Panels, views[v] as Panels, products);
        const values = space.floats(products, panelsOf(block) * PANEL * width);
        for (let i = 0; i < rows.length * width; i++) sum[i] = (sum[i] as number) + (values[i] as number) / 2;
      }
      const panels = valuesOf(space, close);
      for (let i = 0; i < rows.length; i++) {
        const base = (i >> 3) * PANEL * width + (i & 7);
        for (let j = 0; j < landmarks.length; j++) {
          const d = Math.max(0, (theirs[i] as number) + (norms[j] as number) - 2 * (sum[i * width + j] as number));
          panels[base + j * PANEL] = Math.exp(-d / median) + OFFSET;
        }
      }
      multiply(space, close, root, out);
      return space.floats(out, rows.length * width);
    },
  };
}

function layOut(space: MatrixSpace, features: Features, view: View, rows: readonly number[], count: number): Panels {
  const panels = allocatePanels(space, count, widthOf(view, features.shape));
  fill(space, panels, features, view, rows);
  return panels;
}

/** Writes images into panels. @param squares gets half the squared length of each, added up over the views. */
function fill(
  space: MatrixSpace,
  panels: Panels,
  features: Features,
  view: View,
  rows: readonly number[],
  squares?: Float64Array,
): void {
  const values = valuesOf(space, panels);
  for (const [i, row] of rows.entries()) {
    const base = (i >> 3) * PANEL * panels.width + (i & 7);
    let square = 0;
    writeView(view, features.row(row), features.shape, (k, value) => {
      values[base + k * PANEL] = value;
      square += value * value;
    });
    if (squares) squares[i] = (squares[i] as number) + square / 2;
  }
}

/** A square matrix in panels, its columns as rows. */
export function transposed(space: MatrixSpace, matrix: Panels): Panels {
  const { width } = matrix;
  const out = allocatePanels(space, width, width);
  const [from, to] = [valuesOf(space, matrix), valuesOf(space, out)];
  const place = (i: number, j: number) => (i >> 3) * PANEL * width + j * PANEL + (i & 7);
  for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) to[place(j, i)] = from[place(i, j)] as number;
  return out;
}
