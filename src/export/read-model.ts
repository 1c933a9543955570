import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { anew } from "../records/format/text.ts";
import { type AnyModelMetadata, anyModelFile, modelShape, weightCount } from "../records/training/model.ts";
import { StageError, throwSystemError } from "../runtime/errors.ts";
import { type TopWeights, WEIGHT_NAMES } from "../train/top-model.ts";
import type { TrainedTop } from "./top-layers.ts";

/** A top model as its files tell it. */
export interface StoredTop extends TrainedTop, AnyModelMetadata {
  /** Shape of one row of features, e.g. [4, 4, 512]. */
  featureShape: number[];
}

/**
 * Reads the TensorFlow.js model of a folder: `model.json` and `weights.bin`.
 * @throws StageError when there is none, it is damaged, or some weights are no numbers: the training diverged.
 */
export async function readTop(folder: string): Promise<StoredTop> {
  const [file, binary] = [join(folder, "model.json"), join(folder, "weights.bin")];
  const description = await anyModelFile.read(file);
  const refuse = (what: string, cause?: unknown) =>
    new StageError(`${binary}: ${what}`, { hint: anew("train-top"), cause });
  const bytes = new Uint8Array(
    await readFile(binary).catch((cause: Error) => {
      throwSystemError(cause, binary);
      throw refuse(`cannot be read: ${cause.message}`, cause);
    }),
  );
  const size = 4 * weightCount(description);
  if (bytes.length !== size) throw refuse(`it has ${bytes.length} bytes instead of ${size}.`);
  if (!new Float32Array(bytes.buffer).every(Number.isFinite))
    throw refuse("some weights are no numbers: the training diverged.");
  const tensors = description.weightsManifest.flatMap((group) => group.weights);
  let at = 0;
  const values = tensors.map(({ shape }) => {
    const length = shape.reduce((a, b) => a * b);
    at += 4 * length;
    return new Float32Array(bytes.buffer, at - 4 * length, length);
  });
  const own = values.slice(-WEIGHT_NAMES.length); // after those that scale
  const weights = Object.fromEntries(WEIGHT_NAMES.map((name, i) => [name, own[i]])) as unknown as TopWeights;
  const { input, outputs, unitLength } = modelShape(description);
  const inputs = input.reduce((a, b) => a * b);
  return {
    ...description.userDefinedMetadata,
    featureShape: input,
    model: { inputs, hidden: weights.hiddenBias.length, outputs, ...(unitLength && { unitLength }) },
    weights,
  };
}
