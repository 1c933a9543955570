import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { NETWORKS, networkName } from "../../networks/index.ts";
import { featureShape } from "../../networks/network.ts";
import { pooledShape } from "../../networks/pool.ts";
import { anew } from "../../records/format/text.ts";
import { type ModelMetadata, modelFile, modelShape, weightCount } from "../../records/training/model.ts";
import { StageError, throwSystemError } from "../../runtime/errors.ts";
import { commandLine } from "../../runtime/installation.mjs";
import { probabilitiesOf } from "../../train/cross-entropy.ts";
import { scaleToLength } from "../../train/standardize.ts";
import { type TopModel, type TopWeights, WEIGHT_NAMES } from "../../train/top-model.ts";
import { wasmBackend } from "../../train/wasm-backend.ts";

/** A trained top model, and what it takes to make features of images for it. */
export interface SavedModel extends ModelMetadata {
  /** The file of the weights, for messages. */
  file: string;
  model: TopModel;
  weights: TopWeights;
}

/**
 * Reads the TensorFlow.js model that train-top has written into a folder.
 * @throws StageError when there is none, it is damaged, its parts don't fit together, or its training diverged.
 */
export async function readModel(folder: string): Promise<SavedModel> {
  const [file, weights] = [join(folder, "model.json"), join(folder, "weights.bin")];
  const read = (path: string) =>
    readFile(path).catch((cause: Error) => {
      throwSystemError(cause, path);
      throw new StageError(`${folder}: no trained model: ${cause.message}`, {
        hint: `Train one: \`${commandLine("start")}\`. Or name the folder of another: --model FOLDER`,
        cause,
      });
    });
  const refuse = (what: string) => new StageError(what, { hint: anew("train-top") });
  await read(file);
  const description = await modelFile.read(file);
  const { base, image, pool = "none" } = description.userDefinedMetadata;
  const { input, outputs, unitLength } = modelShape(description);
  const expected = pooledShape(featureShape(NETWORKS[networkName(base, file)], image.size), pool);
  if (input.join() !== expected.join())
    throw refuse(
      `${file}: the model takes features [${input.join(", ")}]; ${base} makes [${expected.join(", ")}] of ${image.size} px${pool === "none" ? "" : `, pooled by ${pool}`}.`,
    );
  const bytes = new Uint8Array(await read(weights));
  const size = 4 * weightCount(description);
  if (bytes.length !== size) throw refuse(`${weights}: it has ${bytes.length} bytes instead of ${size}.`);
  if (!new Float32Array(bytes.buffer).every(Number.isFinite))
    throw refuse(`${weights}: some weights are no numbers: the training diverged.`);
  const tensors = description.weightsManifest.flatMap((group) => group.weights);
  let at = 0;
  const values = tensors.map(({ shape }) => {
    const length = shape.reduce((a, b) => a * b);
    at += 4 * length;
    return new Float32Array(bytes.buffer, at - 4 * length, length);
  });
  const own = values.slice(-WEIGHT_NAMES.length); // after those that scale
  const stored = Object.fromEntries(WEIGHT_NAMES.map((name, i) => [name, own[i]])) as unknown as TopWeights;
  return {
    ...description.userDefinedMetadata,
    file: weights,
    model: {
      inputs: input.reduce((a, b) => a * b),
      hidden: stored.hiddenBias.length,
      outputs,
      ...(unitLength && { unitLength }),
    },
    weights: stored,
  };
}

/** Says how probable each class is. */
export interface Classifier {
  /**
   * Features of images, row by row → for each the probability of every class.
   * @throws StageError when there is none: the weights are finite, but what they add up to is no number.
   */
  predict(features: Float32Array): number[][];
  /** Ends the threads. */
  close(): void;
}

/** Makes a classifier of what {@link readModel} has read, which computes what training's evaluation did. @param capacity the most images a call. */
export function classifier({ file, model, weights }: SavedModel, capacity: number): Classifier {
  const trained = wasmBackend(model, weights, { optimizer: "sgd", learning_rate: 0 }, capacity);
  return {
    predict(features) {
      const rows = features.slice();
      if (model.unitLength) scaleToLength(rows, model.inputs);
      const logits = trained.logits(rows);
      // Training's evaluation holds all classes to be equally likely then; nobody wants that for an answer.
      if (logits.some((z) => (model.outputs === 1 ? Number.isNaN(z) : !Number.isFinite(z))))
        throw new StageError(`${file}: the weights are too large, and give no probability: the training diverged.`, {
          hint: `Set a smaller train.learning_rate and train anew: \`${commandLine("start")}\`.`,
        });
      return probabilitiesOf(logits, model.outputs);
    },
    close: trained.dispose,
  };
}
