import { roundDeep } from "../numbers/round-deep.ts";
import type { LabelRow } from "../records/labels/labels.ts";
import type { Figures } from "../records/training/figures.ts";
import type { Memorization } from "../records/training/memorization.ts";
import type { ValidationMetrics } from "../records/training/validation-metrics.ts";
import { probabilitiesOf } from "../train/cross-entropy.ts";
import type { TrainResult } from "../train/fit.ts";
import type { TrainingSet } from "../train/training-set.ts";
import { type Classified, predictedClasses } from "./classified.ts";
import { validationFigures } from "./figures.ts";
import { memorization } from "./memorization.ts";
import { validationMetrics } from "./validation.ts";

/** What is known of a trained model beside loss and accuracy. */
export interface Evaluation {
  validation: ValidationMetrics;
  memorization: Memorization;
  figures: Omit<Figures, "poison" | "run">;
}

/** Evaluates a trained model by its logits. @param labels the table that the set was labelled by. */
export function evaluateTraining(
  { model, trainLogits, validationLogits }: TrainResult,
  { train, validation, classNames }: Pick<TrainingSet, "train" | "validation" | "classNames">,
  labels: readonly LabelRow[],
): Evaluation {
  const number = new Map(classNames.map((name, c) => [name, c]));
  const truth = new Map(labels.map((row) => [row.image, number.get(row.true_label) as number]));
  const trained = { probabilities: probabilitiesOf(trainLogits, model.outputs) };
  const validated: Classified = {
    probabilities: probabilitiesOf(validationLogits, model.outputs),
    targets: validation.targets,
  };
  return roundDeep({
    validation: validationMetrics(validated, classNames),
    memorization: memorization({
      predicted: predictedClasses(trained),
      given: train.targets,
      truth: train.features.images.map((image) => truth.get(image) as number),
    }),
    figures: validationFigures(validated, classNames),
  });
}
