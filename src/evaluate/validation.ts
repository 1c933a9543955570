import type { ValidationMetrics } from "../records/training/validation-metrics.ts";
import { brierScore } from "./brier.ts";
import { calibrationBins, expectedCalibrationError } from "./calibration.ts";
import { type Classified, eachRanking } from "./classified.ts";
import { confusionCells, precisionOf, recallOf } from "./confusion.ts";
import { averagePrecision } from "./precision-recall.ts";
import { auroc } from "./roc.ts";

/** Sums up what a model makes of the validation images. */
export function validationMetrics(validated: Classified, classNames: readonly string[]): ValidationMetrics {
  const areas: (number | null)[] = [];
  const precisions: (number | null)[] = [];
  for (const ranking of eachRanking(validated)) {
    areas.push(auroc(ranking));
    precisions.push(averagePrecision(ranking));
  }
  const cells = confusionCells(validated);
  const byName = (values: readonly (number | null)[]) =>
    Object.fromEntries(classNames.map((name, c) => [name, values[c] ?? null]));
  return {
    auroc: mean(areas),
    average_precision: mean(precisions),
    brier_score: brierScore(validated),
    expected_calibration_error: expectedCalibrationError(calibrationBins(validated)),
    recall: byName(recallOf(cells, classNames.length)),
    precision: byName(precisionOf(cells, classNames.length)),
  };
}

/** The mean over the rankings that have one, which are all if each class has an image. */
function mean(metrics: readonly (number | null)[]): number | null {
  const values = metrics.filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}
