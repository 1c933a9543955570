import { roundDeep } from "../numbers/round-deep.ts";
import type { LabelRow } from "../records/labels.ts";
import { probabilitiesOf } from "../train/cross-entropy.ts";
import type { TrainResult } from "../train/fit.ts";
import type { LabelledFeatures } from "../train/training-set.ts";
import { type Classified, predictedClasses } from "./classified.ts";
import { type FigureRow, validationFigures } from "./figures.ts";
import { type Memorization, memorization } from "./memorization.ts";
import { type ValidationMetrics, validationMetrics } from "./validation.ts";

/** What a reviewer sees of a trained model beside loss and accuracy. */
export interface Review {
  /** metrics/validation.json */
  validation: ValidationMetrics;
  /** metrics/memorization.json */
  poison: Memorization;
  /** Rows for DVC's figures, by the name of the file. */
  figures: Record<string, FigureRow[]>;
}

/** Reviews a trained model by its logits. @param classes the class names; their order numbers them. */
export function evaluateTraining(
  { model, trainLogits, validationLogits }: TrainResult,
  {
    train,
    validation,
    labels,
    classes,
  }: Record<"train" | "validation", LabelledFeatures> & {
    labels: readonly LabelRow[];
    classes: readonly string[];
  },
): Review {
  const number = new Map(classes.map((name, c) => [name, c]));
  const truth = new Map(labels.map((row) => [row.image, number.get(row.true_label) as number]));
  const trained = { probabilities: probabilitiesOf(trainLogits, model.outputs) };
  const validated: Classified = {
    probabilities: probabilitiesOf(validationLogits, model.outputs),
    classes: validation.classes,
  };
  return roundDeep({
    validation: validationMetrics(validated, classes),
    poison: memorization({
      predicted: predictedClasses(trained),
      given: train.classes,
      truth: train.features.images.map((image) => truth.get(image) as number),
    }),
    figures: validationFigures(validated, classes),
  });
}
