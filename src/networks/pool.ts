import type { ConvolutionalBase } from "./network.ts";

/** What becomes of the cells of an image's features: all are kept, or each channel is their mean. */
export const POOLS = ["none", "avg"] as const;

/** See {@link POOLS}. */
export type Pool = (typeof POOLS)[number];

/** Shape of one image's features [h, w, channels] after pooling: `avg` leaves one cell. */
export const pooledShape = (shape: readonly [number, number, number], pool: Pool): [number, number, number] =>
  pool === "avg" ? [1, 1, shape[2]] : [...shape];

/** A base whose features are pooled; with `none` it is the same one. */
export function withPool(base: ConvolutionalBase, pool: Pool): ConvolutionalBase {
  if (pool === "none") return base;
  const [height, width, channels] = base.rowShape;
  return {
    ...base,
    rowShape: pooledShape(base.rowShape, pool),
    features: async (images, n) => meanOfCells(await base.features(images, n), height * width, channels),
  };
}

/** The mean over the cells of rows [n, cells, channels] → [n, channels]: summed in float64 and in order, so that it is the same everywhere. */
export function meanOfCells(rows: Float32Array, cells: number, channels: number): Float32Array {
  const means = new Float32Array(rows.length / cells);
  const sums = new Float64Array(channels);
  for (let row = 0; row * channels < means.length; row++) {
    sums.fill(0);
    const start = row * cells * channels;
    for (let cell = 0; cell < cells; cell++)
      for (let c = 0; c < channels; c++) sums[c] = (sums[c] as number) + (rows[start + cell * channels + c] as number);
    for (let c = 0; c < channels; c++) means[row * channels + c] = (sums[c] as number) / cells;
  }
  return means;
}
