import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { io, LayersModel, Tensor } from "@tensorflow/tfjs";
import { z } from "zod";
import type { ModelMetadata } from "../../export/tensorflowjs-model.ts";
import { StageError } from "../../runtime/errors.ts";
import { paramsSchema } from "../../stage/params.ts";
import type { Compute } from "../../tensorflow/load.ts";

const metadataSchema = z.object({
  classes: z.array(z.string()).min(2),
  base: paramsSchema.shape.base,
  image: paramsSchema.shape.image,
}) satisfies z.ZodType<ModelMetadata>;

/** A trained top model as it lies on disk. */
export interface ModelFiles extends ModelMetadata {
  artifacts: io.ModelArtifacts;
}

/**
 * Reads the TensorFlow.js model that train-top has written into a folder. Needs no TensorFlow.
 * @throws StageError when there is none, it is damaged, or it does not say how its images became features.
 */
export async function readModel(folder: string): Promise<ModelFiles> {
  const file = join(folder, "model.json");
  const read = (path: string) =>
    readFile(path).catch((cause: Error) => {
      throw new StageError(`${folder}: no trained model: ${cause.message}`, {
        hint: "Train one: `npm start`. Or name the folder of another: --model FOLDER",
        cause,
      });
    });
  const [description, weights] = [await read(file), await read(join(folder, "weights.bin"))];
  try {
    const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(description.toString("utf8"));
    const metadata = metadataSchema.parse(userDefinedMetadata);
    const weightSpecs: io.WeightsManifestEntry[] = weightsManifest[0].weights;
    const values = weightSpecs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    if (weights.length !== 4 * values)
      throw new Error(`weights.bin has ${weights.length} bytes instead of ${4 * values}`);
    return { ...metadata, artifacts: { modelTopology, weightSpecs, weightData: new Uint8Array(weights).buffer } };
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new StageError(`${file}: not a model of this project: ${reason}`, {
      hint: "Write it anew: `dvc repro --force --single-item train-top`.",
      cause,
    });
  }
}

/** A trained top model, ready to predict; and what it takes to make features of images for it. */
export interface LoadedModel extends ModelMetadata {
  /** Features of n images, row by row → for each the probability of every class. */
  predict(features: Float32Array): number[][];
}

/** Makes TensorFlow.js's model of what {@link readModel} has read. */
export async function loadModel({ tf }: Compute, { artifacts, ...metadata }: ModelFiles): Promise<LoadedModel> {
  const model: LayersModel = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  const shape = model.inputs[0]?.shape.slice(1) as number[];
  const rowLength = shape.reduce((a, b) => a * b, 1);
  return {
    ...metadata,
    predict(features) {
      const n = features.length / rowLength;
      const probabilities = tf.tidy(() => (model.predict(tf.tensor(features, [n, ...shape])) as Tensor).dataSync());
      const columns = probabilities.length / n;
      return Array.from({ length: n }, (_, i) => {
        const row = [...probabilities.slice(i * columns, (i + 1) * columns)];
        return columns === 1 ? [1 - (row[0] as number), row[0] as number] : row;
      });
    },
  };
}
