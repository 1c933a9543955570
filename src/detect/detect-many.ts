import { createHash } from "node:crypto";
import type { Features } from "../kernels/features.ts";
import { createWork, invert } from "../kernels/inverse.ts";
import { openLandmarks, transposed } from "../kernels/landmarks.ts";
import { allocatePanels, gram, loadProducts, multiply, PANEL, panelsOf, valuesOf } from "../kernels/wasm/products.ts";
import { contradictions } from "./copies.ts";
import { conclude, type Detection, RIDGES, type Search, searching } from "./detect.ts";
import { solve } from "./leave-out.ts";

/** Images through which all are seen. */
const LANDMARKS = 1000;
/** Rows at once. */
const BLOCK = 1024;

/**
 * As {@link detect}, for many images: time grows with their number, not with its cube. Images are seen pooled, and through landmarks, every so-manieth of
 * them; the classifier that leaves images out is ridge regression on these coordinates. Copies are images of equal features.
 * @param landmarks how many.
 */
export function detectMany(
  features: Features,
  labels: ArrayLike<number>,
  {
    numClasses,
    groups = [],
    threads,
    landmarks = LANDMARKS,
  }: { numClasses: number; groups?: readonly (readonly number[])[]; threads?: number; landmarks?: number },
): Detection {
  const { rows } = features;
  const copies = equalRows(features, groups);
  const space = loadProducts(threads);
  try {
    const chosen = Array.from({ length: Math.min(rows, landmarks) }, (_, i) =>
      Math.floor((i * rows) / Math.min(rows, landmarks)),
    );
    const through = openLandmarks(space, features, chosen, BLOCK);
    const { width } = through;
    const all = new Float32Array(rows * width);
    const columns = allocatePanels(space, width, BLOCK);
    const triangle = space.allocate(4 * width * width);
    for (let from = 0; from < rows; from += BLOCK) {
      const to = Math.min(from + BLOCK, rows);
      const block = through.coordinates(from, to);
      all.set(block, from * width);
      const values = valuesOf(space, columns).fill(0);
      for (let i = 0; i < to - from; i++)
        for (let c = 0; c < width; c++)
          values[(c >> 3) * PANEL * BLOCK + i * PANEL + (c & 7)] = block[i * width + c] as number;
      gram(space, columns, triangle, { add: from > 0 });
    }
    const products = { values: space.floats(triangle, width * width).slice(), size: width, rows: width };
    const work = createWork(space, width);
    const panels = allocatePanels(space, BLOCK, width);
    const out = space.allocate(4 * panelsOf(BLOCK) * PANEL * width);
    const classifiers = RIDGES.map((ridge) => {
      const inverse = invert(space, products, ridge, work);
      const root = transposed(space, inverse.factor);
      const leverage = new Float64Array(rows);
      const kept = new Map<number, Float32Array>(copies.flat().map((i) => [i, new Float32Array(0)]));
      for (let from = 0; from < rows; from += BLOCK) {
        const to = Math.min(from + BLOCK, rows);
        const values = valuesOf(space, panels).fill(0);
        for (let i = 0; i < to - from; i++)
          for (let c = 0; c < width; c++)
            values[(i >> 3) * PANEL * width + c * PANEL + (i & 7)] = all[(from + i) * width + c] as number;
        multiply(space, panels, root, out);
        const rotated = space.floats(out, (to - from) * width);
        for (let i = 0; i < to - from; i++) {
          let sum = 0;
          for (let c = 0, at = i * width; c < width; c++, at++) sum += (rotated[at] as number) ** 2;
          leverage[from + i] = sum;
          if (kept.has(from + i)) kept.set(from + i, rotated.slice(i * width, (i + 1) * width));
        }
      }
      return (targets: Float64Array) => {
        const beta = inverse.times(project(all, targets, width));
        const residual = targets.map((t, i) => {
          let sum = 0;
          for (let c = 0, at = i * width; c < width; c++, at++) sum += (all[at] as number) * (beta[c] as number);
          return t - sum;
        });
        const scores = targets.map((t, i) => t - (residual[i] as number) / (1 - (leverage[i] as number)));
        for (const group of copies) {
          const share = (i: number, j: number) => dot(kept.get(i) as Float32Array, kept.get(j) as Float32Array);
          const left = solve(
            group.map((i) => group.map((j) => (i === j ? 1 : 0) - share(i, j))),
            group.map((i) => residual[i] as number),
          );
          for (const [k, i] of group.entries()) scores[i] = (targets[i] as number) - (left[k] as number);
        }
        return scores;
      };
    });
    const best = searching(labels, numClasses, (search: Search, round) => {
      for (const scoresOf of classifiers) search.look(scoresOf, round);
    });
    return { ...conclude(best, labels, numClasses), copies, contradictions: contradictions(copies, labels) };
  } finally {
    space.close();
  }
}

/** Φᵀ t. */
function project(all: Float32Array, targets: Float64Array, width: number): Float64Array {
  const out = new Float64Array(width);
  for (let i = 0, at = 0; i < targets.length; i++)
    for (let c = 0; c < width; c++, at++) out[c] = (out[c] as number) + (all[at] as number) * (targets[i] as number);
  return out;
}

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** Groups of images with the same features, and those that are known. */
function equalRows(features: Features, known: readonly (readonly number[])[]): number[][] {
  const found = new Map<string, number[]>();
  const taken = new Set(known.flat());
  for (let i = 0; i < features.rows; i++) {
    const row = features.row(i);
    const key = createHash("sha256")
      .update(new Uint8Array(row.buffer, row.byteOffset, row.byteLength))
      .digest("base64");
    if (!taken.has(i)) found.set(key, [...(found.get(key) ?? []), i]);
  }
  return [...known.map((group) => [...group]), ...found.values()].filter((group) => group.length > 1);
}
