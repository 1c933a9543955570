import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { io, LayersModel, Tensor } from "@tensorflow/tfjs";
import { NETWORKS, networkName } from "../../networks/index.ts";
import { anew } from "../../records/format/text.ts";
import { type ModelMetadata, modelFile, modelShape, weightCount } from "../../records/training/model.ts";
import { StageError } from "../../runtime/errors.ts";
import type { Compute } from "../../tensorflow/load.ts";

/** A trained top model as it lies on disk. */
export interface ModelFiles extends ModelMetadata {
  artifacts: io.ModelArtifacts;
}

/**
 * Reads the TensorFlow.js model that train-top has written into a folder. Needs no TensorFlow.
 * @throws StageError when there is none, it is damaged, its parts don't fit together, or its training diverged.
 */
export async function readModel(folder: string): Promise<ModelFiles> {
  const [file, weights] = [join(folder, "model.json"), join(folder, "weights.bin")];
  const read = (path: string) =>
    readFile(path).catch((cause: Error) => {
      throw new StageError(`${folder}: no trained model: ${cause.message}`, {
        hint: "Train one: `npm start`. Or name the folder of another: --model FOLDER",
        cause,
      });
    });
  const refuse = (what: string) => new StageError(what, { hint: anew("train-top") });
  await read(file);
  const description = await modelFile.read(file);
  const { base, image } = description.userDefinedMetadata;
  const { input } = modelShape(description);
  const expected = NETWORKS[networkName(base, file)].featureShape(image.size);
  if (input.join() !== expected.join())
    throw refuse(
      `${file}: the model takes features [${input.join(", ")}]; ${base} makes [${expected.join(", ")}] of ${image.size} px.`,
    );
  const bytes = new Uint8Array(await read(weights));
  const size = 4 * weightCount(description);
  if (bytes.length !== size) throw refuse(`${weights}: it has ${bytes.length} bytes instead of ${size}.`);
  if (!new Float32Array(bytes.buffer).every(Number.isFinite))
    throw refuse(`${weights}: some weights are no numbers: the training diverged.`);
  const { userDefinedMetadata, modelTopology, weightsManifest } = description;
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  return { ...userDefinedMetadata, artifacts: { modelTopology, weightSpecs, weightData: bytes.buffer } };
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
