import type { ValidationMetrics } from "../records/training/validation-metrics.ts";
import { brierScore } from "./brier.ts";
import { calibrationBins, expectedCalibrationError } from "./calibration.ts";
import { type Classified, type Ranking, rankings } from "./classified.ts";
import { confusionMatrix, precisionOf, recallOf } from "./confusion.ts";
import { averagePrecision } from "./precision-recall.ts";
import { auroc } from "./roc.ts";

/** Sums up what a model makes of the validation images. */
export function validationMetrics(validated: Classified, classNames: readonly string[]): ValidationMetrics {
  const ranked = rankings(validated);
  const matrix = confusionMatrix(validated);
  const byName = (values: readonly (number | null)[]) =>
    Object.fromEntries(classNames.map((name, c) => [name, values[c] ?? null]));
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
