import { roundDeep } from "../numbers/round-deep.ts";
import { MOST_CLASSES } from "../records/training/many-classes.ts";
import type { Prediction } from "../records/training/predictions.ts";
import { probabilitiesOf } from "../train/cross-entropy.ts";
import type { TrainResult } from "../train/fit.ts";
import type { TrainingSet } from "../train/training-set.ts";

/** Of many classes so many most probable ones stand in a row. */
const MOST_PROBABLE = 5;

/** What a trained model makes of the validation images, one row each, in the order of their features. */
export function predictionRows(
  { validationLogits, model }: Pick<TrainResult, "validationLogits" | "model">,
  { validation, classNames }: Pick<TrainingSet, "validation" | "classNames">,
): Prediction[] {
  return probabilitiesOf(validationLogits, model.outputs).map((probabilities, i) => {
    const predicted = probabilities.indexOf(Math.max(...probabilities));
    const row = {
      image: validation.features.images[i] as string,
      label: classNames[validation.targets[i] as number] as string,
      predicted: classNames[predicted] as string,
      probability: roundDeep(probabilities[classNames.length === 2 ? 1 : predicted] as number),
    };
    if (classNames.length === 2) return row;
    const named = namedClasses(probabilities, validation.targets[i] as number);
    const entries = named.map((c) => [classNames[c], roundDeep(probabilities[c] as number)]);
    return { ...row, probabilities: Object.fromEntries(entries) };
  });
}

/** The classes whose probability a row holds: all; of more than {@link MOST_CLASSES}, the most probable ones and the true one. */
function namedClasses(probabilities: readonly number[], target: number): number[] {
  const all = [...probabilities.keys()];
  if (all.length <= MOST_CLASSES) return all;
  const best = all.sort((a, b) => (probabilities[b] as number) - (probabilities[a] as number)).slice(0, MOST_PROBABLE);
  return [...new Set([...best, target])].sort((a, b) => a - b);
}
