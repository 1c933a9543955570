import { roundDeep } from "../numbers/round-deep.ts";
import type { Prediction } from "../records/training/predictions.ts";
import { probabilitiesOf } from "../train/cross-entropy.ts";
import type { TrainResult } from "../train/fit.ts";
import type { TrainingSet } from "../train/training-set.ts";

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
    const entries = classNames.map((name, c) => [name, roundDeep(probabilities[c] as number)]);
    return { ...row, probabilities: Object.fromEntries(entries) };
  });
}
