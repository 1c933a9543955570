import { StageError } from "../../runtime/errors.ts";
import type { LabelledFeatures } from "../../train/training-set.ts";
import { assertShape } from "../records/npy.ts";

/** Features with the class of each row: all in memory. */
export interface LabelledTable {
  /** [n, …] float32 in C order, and its shape: what `readNpy` and `extractFeatures` give. */
  features: { shape: readonly number[]; values: Float32Array };
  /** Class number of each row [n], from 0: what training is to believe. */
  targets: ArrayLike<number>;
}

/**
 * A table as the training loop reads it.
 * @param name what messages call it.
 * @throws StageError when shape, values and targets do not fit together, a value is no number, or a target no class.
 */
export function labelledFeatures(
  name: string,
  { features, targets }: LabelledTable,
  numClasses: number,
): LabelledFeatures {
  const { shape, values } = features;
  const refuse = (what: string) => new StageError(`${name}: ${what}.`);
  assertShape(shape, values);
  const [n, ...rowShape] = shape as [number, ...number[]];
  if (targets.length !== n) throw refuse(`there are ${targets.length} targets for ${n} rows of features`);
  const stray = Array.from(targets).findIndex((t) => !(Number.isInteger(t) && t >= 0 && t < numClasses));
  if (stray >= 0)
    throw refuse(`targets[${stray}] is ${targets[stray]}; it must be a class number, 0 to ${numClasses - 1}`);
  const fault = values.findIndex((value) => !Number.isFinite(value));
  const rowLength = rowShape.reduce((a, b) => a * b, 1);
  if (fault >= 0) throw refuse(`row ${Math.floor(fault / rowLength)} holds ${values[fault]}, which is no number`);
  return {
    targets: Uint16Array.from(targets),
    features: {
      images: Array.from({ length: n }, (_, i) => String(i)),
      rowShape,
      rowLength,
      read(rows, target) {
        for (let i = 0; i < rows.length; i++) {
          const row = rows[i] as number;
          target.set(values.subarray(row * rowLength, (row + 1) * rowLength), i * rowLength);
        }
      },
      close: async () => {},
    },
  };
}
