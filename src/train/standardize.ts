import type { FeatureReader } from "../records/features/features.ts";
import type { TopModel, TopWeights } from "./top-model.ts";

/** How features are scaled before the top model sees them. */
export const STANDARDIZATIONS = ["none", "l2", "zscore"] as const;

/** See {@link STANDARDIZATIONS}. */
export type Standardization = (typeof STANDARDIZATIONS)[number];

/** A scaling of rows of features, and how it goes into a model, which then takes the features as they are. */
export interface Scaling {
  /** Scales whole rows in place. */
  apply(rows: Float32Array): void;
  /** Of weights for scaled rows, the model and the weights that give the same logits, but for rounding, for rows as they are. */
  fold(model: TopModel, weights: TopWeights): { model: TopModel; weights: TopWeights };
}

/** A deviation of less than this share of a feature's largest magnitude is rounding: such a feature counts as constant. */
const LEAST_DEVIATION = 1e-4;

/** Keras's floor of a length: keras.layers.UnitNormalization. */
const LEAST_LENGTH = 1e-12;

/** Rows that are read at once, and so many reads between two turns of the event loop. */
const READ = 64;
const READS_PER_TURN = 8;

/**
 * The scaling of a name; `zscore` measures the training rows, which are read once.
 * `l2` makes each row √width long, so that the mean square of its values is 1; zeros stay zeros. `zscore` makes each feature's mean 0 and its
 * deviation 1 over the training rows; a feature that is constant there is 0 in all images.
 * @returns nothing for `none`.
 */
export async function scalingOf(name: Standardization, train: FeatureReader): Promise<Scaling | undefined> {
  if (name === "none") return undefined;
  return name === "l2" ? unitMeanSquare(train.rowLength) : zScores(await moments(train));
}

/** Features that are scaled as they are read. */
export const scaledReader = (features: FeatureReader, scaling: Scaling | undefined): FeatureReader =>
  scaling === undefined
    ? features
    : {
        ...features,
        read(rows, target) {
          features.read(rows, target);
          scaling.apply(target);
        },
      };

/** Divides each row [n, width] by its Euclidean length, in place; zeros stay zeros. @param length that it is to have. */
export function scaleToLength(rows: Float32Array, width: number, length = 1): void {
  for (let start = 0; start < rows.length; start += width) {
    const row = rows.subarray(start, start + width);
    let squares = 0;
    for (let i = 0; i < width; i++) squares += (row[i] as number) ** 2;
    const factor = length / Math.max(Math.sqrt(squares), LEAST_LENGTH);
    for (let i = 0; i < width; i++) row[i] = (row[i] as number) * factor;
  }
}

/** Rows of length √width for training; the model's own rows have length 1, as Keras's layer makes them, and the first kernel has the factor. */
function unitMeanSquare(width: number): Scaling {
  const length = Math.sqrt(width);
  return {
    apply: (rows) => scaleToLength(rows, width, length),
    fold: (model, weights) => ({
      model: { ...model, unitLength: true },
      weights: { ...weights, hiddenKernel: weights.hiddenKernel.map((weight) => weight * length) },
    }),
  };
}

/** Mean and 1 / deviation of each feature; 0 for a constant one. */
interface Moments {
  means: Float64Array;
  inverses: Float64Array;
}

/** (x - μ) / σ; kernel W / σ, bias b - Σ μ W / σ. */
function zScores({ means, inverses }: Moments): Scaling {
  const width = means.length;
  return {
    apply(rows) {
      for (let start = 0; start < rows.length; start += width)
        for (let i = 0; i < width; i++)
          rows[start + i] = ((rows[start + i] as number) - (means[i] as number)) * (inverses[i] as number);
    },
    fold(model, weights) {
      const units = model.hidden;
      const bias = Float64Array.from(weights.hiddenBias);
      const hiddenKernel = weights.hiddenKernel.map(
        (weight, at) => weight * (inverses[Math.floor(at / units)] as number),
      );
      // By the kernel as it was rounded, so that a mean image gives exactly the old bias.
      for (const [at, weight] of hiddenKernel.entries())
        bias[at % units] = (bias[at % units] as number) - (means[Math.floor(at / units)] as number) * weight;
      return { model, weights: { ...weights, hiddenKernel, hiddenBias: Float32Array.from(bias) } };
    },
  };
}

/** In one pass over all rows in float64, in their order, after Welford (1962), https://doi.org/10.1080/00401706.1962.10490022 */
async function moments(features: FeatureReader): Promise<Moments> {
  const { rowLength: width, images } = features;
  const [means, squares, largest] = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
  const values = new Float32Array(READ * width);
  for (let start = 0, reads = 1; start < images.length; start += READ, reads++) {
    const rows = Array.from({ length: Math.min(READ, images.length - start) }, (_, i) => start + i);
    const read = values.subarray(0, rows.length * width);
    features.read(rows, read);
    for (const [b, row] of rows.entries())
      for (let i = 0; i < width; i++) {
        const x = read[b * width + i] as number;
        const off = x - (means[i] as number);
        means[i] = (means[i] as number) + off / (row + 1);
        squares[i] = (squares[i] as number) + off * (x - (means[i] as number));
        largest[i] = Math.max(largest[i] as number, Math.abs(x));
      }
    if (reads % READS_PER_TURN === 0) await new Promise(setImmediate);
  }
  const inverses = squares.map((sum, i) => {
    const deviation = Math.sqrt(sum / images.length);
    return deviation > LEAST_DEVIATION * (largest[i] as number) ? 1 / deviation : 0;
  });
  return { means, inverses };
}
