import { batchSize, extractBatches } from "../../extract/batches.ts";
import type { ConvolutionalBase } from "../../networks/network.ts";
import { classifier, type SavedModel } from "./load-model.ts";

/** What a model says of an image. */
export interface Classification {
  image: string;
  /** The most probable class and its probability. */
  class: string;
  probability: number;
  /** The probability of each class; they sum to 1. */
  probabilities: Record<string, number>;
}

/**
 * Classifies image files with a trained model, batch by batch, in order.
 * @throws StageError when the model gives no number: its weights are finite, but what they add up to is not.
 * @param refuse told of each file that cannot be decoded, which is then passed over.
 */
export async function* classifyImages(
  base: ConvolutionalBase,
  model: SavedModel,
  files: readonly string[],
  refuse: (error: Error, file: string) => void,
): AsyncGenerator<Classification[]> {
  const { image, classes: classNames } = model;
  const { predict, close } = classifier(model, batchSize(base));
  try {
    for await (const batch of extractBatches(base, files, image, refuse)) {
      const rows = batch.files.length > 0 ? predict(batch.features) : [];
      yield rows.map((probabilities, i) => {
        const highest = probabilities.indexOf(Math.max(...probabilities));
        return {
          image: batch.files[i] as string,
          class: classNames[highest] as string,
          probability: probabilities[highest] as number,
          probabilities: Object.fromEntries(classNames.map((name, c) => [name, probabilities[c] as number])),
        };
      });
    }
  } finally {
    close();
  }
}
