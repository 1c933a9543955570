import { brierScore } from "./brier.ts";
import { calibrationBins, expectedCalibrationError } from "./calibration.ts";
import { type Classified, type Ranking, rankings } from "./classified.ts";
import { confusionMatrix, precisionOf, recallOf } from "./confusion.ts";
import { averagePrecision } from "./precision-recall.ts";
import { auroc } from "./roc.ts";

/** How well a model knows the validation images, whose labels are true. Two classes: the second by name is the one looked for. */
export interface ValidationMetrics {
  /** Area under the receiver operating characteristic, 0.5 (chance) to 1. More than two classes: mean of one against the rest. */
  auroc: number | null;
  /** Area under the precision–recall curve, share of positives (chance) to 1. More than two classes: mean of one against the rest. */
  average_precision: number | null;
  /** Mean squared error of the probabilities, 0 (best) to 1. */
  brier_score: number;
  /** How far confidence and accuracy lie apart, 0 (best) to 1, by 15 equal-width bins of confidence. */
  expected_calibration_error: number;
  /** By class, the share of its images that are recognized: the accuracy of the class. */
  recall: Record<string, number | null>;
  /** By class, the share of the images taken for it that belong to it. */
  precision: Record<string, number | null>;
}

/** Sums up what a model makes of the validation images. @param names the class names; their order numbers them. */
export function validationMetrics(validated: Classified, names: readonly string[]): ValidationMetrics {
  const ranked = rankings(validated);
  const matrix = confusionMatrix(validated);
  const byName = (values: readonly (number | null)[]) =>
    Object.fromEntries(names.map((name, c) => [name, values[c] ?? null]));
  return {
    auroc: mean(ranked, auroc),
    average_precision: mean(ranked, averagePrecision),
    brier_score: brierScore(validated),
    expected_calibration_error: expectedCalibrationError(calibrationBins(validated)),
    recall: byName(recallOf(matrix)),
    precision: byName(precisionOf(matrix)),
  };
}

/** The mean over the rankings that have one, which are all if each class has an image. */
function mean(ranked: readonly Ranking[], metric: (ranking: Ranking) => number | null): number | null {
  const values = ranked.map(metric).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}
