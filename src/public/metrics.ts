/**
 * Metrics and tests on your own predictions, of images or anything else: plain arrays of probabilities and class numbers. They are the
 * functions by which the pipeline writes `metrics/validation.json` and `memorization.json`, and by which sweep and report compare.
 *
 * @module metrics
 */
export type { CalibrationBin } from "../evaluate/calibration.ts";
export type { PrecisionRecallPoint } from "../evaluate/precision-recall.ts";
export type { RocPoint } from "../evaluate/roc.ts";
export type { Memorization } from "../records/training/memorization.ts";
export type { ValidationMetrics } from "../records/training/validation-metrics.ts";
export { mcNemar } from "../statistics/compare-accuracy.ts";
export { type Estimate, estimate, holm, pairedTTest } from "../statistics/statistics.ts";
export {
  accuracy,
  auroc,
  averagePrecision,
  brierScore,
  calibrationBins,
  confusionMatrix,
  expectedCalibrationError,
  precisionRecallCurve,
  predictedClasses,
  rocCurve,
  validationMetrics,
} from "./metrics/classification.ts";
export type { Probabilities } from "./metrics/classified.ts";
export { compareAccuracy, memorization, type PairedComparison } from "./metrics/comparison.ts";
