import type { FeatureRow } from "./features.ts";

/** How an image's cells are seen: all of them, their mean, their maximum by channel. */
export const VIEWS = ["cells", "mean", "max"] as const;
export type View = (typeof VIEWS)[number];

/** Values of an image in a view, of features [h, w, channels]. */
export const widthOf = (view: View, [height, width, channels]: FeatureRow): number =>
  view === "cells" ? height * width * channels : channels;

/** Views that differ: of one cell all are the same. */
export const viewsOf = ([height, width]: FeatureRow): readonly View[] => (height * width === 1 ? ["cells"] : VIEWS);

/**
 * One image in a view: the square root of each value, by which a few large activations count less, then scaled to length 1; zeros stay zeros.
 * @param row [h, w, channels] @param write is called with index and value, in order.
 */
export function writeView(
  view: View,
  row: Float32Array,
  shape: FeatureRow,
  write: (i: number, value: number) => void,
): void {
  const values = view === "cells" ? row : pooled(view, row, shape);
  let square = 0;
  for (const value of values) square += Math.abs(value); // the square of its root
  const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    write(i, (value < 0 ? -Math.sqrt(-value) : Math.sqrt(value)) * scale);
  }
}

function pooled(view: "mean" | "max", row: Float32Array, [height, width, channels]: FeatureRow): Float64Array {
  const cells = height * width;
  const out = new Float64Array(channels).fill(view === "max" ? Number.NEGATIVE_INFINITY : 0);
  for (let cell = 0, i = 0; cell < cells; cell++)
    for (let c = 0; c < channels; c++, i++) {
      const value = row[i] as number;
      const sum = out[c] as number;
      out[c] = view === "max" ? Math.max(sum, value) : sum + value / cells;
    }
  return out;
}
