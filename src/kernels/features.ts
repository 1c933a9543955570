/** Shape of one image's features: height, width, channels. */
export type FeatureRow = readonly [height: number, width: number, channels: number];

/** Features of images, row by row. */
export interface Features {
  rows: number;
  shape: FeatureRow;
  /** The values of one image, [h, w, channels] float32; valid until the next call. */
  row(i: number): Float32Array;
}
