import { brierScore as brierOf } from "../../evaluate/brier.ts";
import {
  calibrationBins as binsOf,
  type CalibrationBin,
  expectedCalibrationError as errorOf,
} from "../../evaluate/calibration.ts";
import { predictedClasses as predictedOf, type Ranking } from "../../evaluate/classified.ts";
import { confusionMatrix as confusionOf } from "../../evaluate/confusion.ts";
import {
  averagePrecision as averagePrecisionOf,
  type PrecisionRecallPoint,
  precisionRecallCurve as precisionRecallOf,
} from "../../evaluate/precision-recall.ts";
import { auroc as areaUnder, type RocPoint, rocCurve as rocOf } from "../../evaluate/roc.ts";
import { validationMetrics as metricsOf } from "../../evaluate/validation.ts";
import type { ValidationMetrics } from "../../records/training/validation-metrics.ts";
import { StageError } from "../../runtime/errors.ts";
import { classified, meanOfRankings, type Probabilities } from "./classified.ts";

/** The most probable class of each thing [n], the first of equals. */
export function predictedClasses(probabilities: Probabilities): number[] {
  return predictedOf(classified(probabilities, new Uint8Array(probabilities.length)));
}

/**
 * The share of things whose most probable class is the true one, 0–1.
 *
 * @example
 * ```ts
 * import { accuracy } from "dvc-poison/metrics";
 *
 * console.log(accuracy([0.9, 0.2, 0.6, 0.4], [1, 0, 0, 1])); // → 0.5
 * ```
 *
 * @throws StageError when probabilities and targets do not fit together.
 */
export function accuracy(probabilities: Probabilities, targets: ArrayLike<number>): number {
  const of = classified(probabilities, targets);
  return predictedOf(of).filter((predicted, i) => predicted === targets[i]).length / targets.length;
}

/**
 * Area under the receiver operating characteristic, 0.5 (chance) to 1: the probability that a thing of the second class scores higher
 * than another, ties counting half. Of more than two classes the mean of one against the rest. Null where only one class is there.
 *
 * @example
 * ```ts
 * import { auroc } from "dvc-poison/metrics";
 *
 * console.log(auroc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])); // → 0.75
 * ```
 *
 * @throws StageError when probabilities and targets do not fit together.
 */
export function auroc(probabilities: Probabilities, targets: ArrayLike<number>): number | null {
  return meanOfRankings(classified(probabilities, targets), areaUnder);
}

/**
 * Average precision, without interpolation as in scikit-learn: share of positives (chance) to 1. Of more than two classes the mean of one
 * against the rest. Null where the second class is not there.
 * @throws StageError when probabilities and targets do not fit together.
 */
export function averagePrecision(probabilities: Probabilities, targets: ArrayLike<number>): number | null {
  return meanOfRankings(classified(probabilities, targets), averagePrecisionOf);
}

/**
 * The receiver operating characteristic of one class against the rest, from (0, 0) to (1, 1), a point a threshold; nothing where one
 * side is empty.
 * @param positive number of the class that is looked for, default 1.
 * @throws StageError when probabilities and targets do not fit together, or there is no such class.
 */
export function rocCurve(probabilities: Probabilities, targets: ArrayLike<number>, positive = 1): RocPoint[] {
  return rocOf(rankingOf(probabilities, targets, positive));
}

/**
 * The precision–recall curve of one class against the rest, by rising recall, a point a threshold; nothing without positives.
 * @param positive number of the class that is looked for, default 1.
 * @throws StageError when probabilities and targets do not fit together, or there is no such class.
 */
export function precisionRecallCurve(
  probabilities: Probabilities,
  targets: ArrayLike<number>,
  positive = 1,
): PrecisionRecallPoint[] {
  return precisionRecallOf(rankingOf(probabilities, targets, positive));
}

/**
 * Brier score: half the mean squared distance between probabilities and truth, 0 (sure and right) to 1 (sure and wrong).
 * https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2
 * @throws StageError when probabilities and targets do not fit together.
 */
export function brierScore(probabilities: Probabilities, targets: ArrayLike<number>): number {
  return brierOf(classified(probabilities, targets));
}

/**
 * Expected calibration error, 0–1: how far confidence and accuracy lie apart, by 15 equal-width bins of confidence, averaged over all
 * things. Guo et al. (2017): https://arxiv.org/abs/1706.04599
 * @throws StageError when probabilities and targets do not fit together.
 */
export function expectedCalibrationError(probabilities: Probabilities, targets: ArrayLike<number>): number {
  return errorOf(binsOf(classified(probabilities, targets)));
}

/**
 * What a reliability diagram shows: the bins of confidence that are not empty, by rising confidence.
 * @throws StageError when probabilities and targets do not fit together.
 */
export function calibrationBins(probabilities: Probabilities, targets: ArrayLike<number>): CalibrationBin[] {
  return binsOf(classified(probabilities, targets));
}

/**
 * How many things of one class were taken for another: counts [classes][classes], by true class, then by predicted class.
 *
 * @example
 * ```ts
 * import { confusionMatrix } from "dvc-poison/metrics";
 *
 * console.log(confusionMatrix([0.9, 0.2, 0.6, 0.4], [1, 0, 0, 1])); // → [ [ 1, 1 ], [ 1, 1 ] ]
 * ```
 *
 * @throws StageError when probabilities and targets do not fit together.
 */
export function confusionMatrix(probabilities: Probabilities, targets: ArrayLike<number>): number[][] {
  return confusionOf(classified(probabilities, targets));
}

/**
 * All metrics of `metrics/validation.json` at once, as the pipeline computes them.
 *
 * @example
 * ```ts
 * import { validationMetrics } from "dvc-poison/metrics";
 *
 * const { brier_score, recall } = validationMetrics([1, 0, 0.5, 1], [1, 0, 0, 1], ["ham", "spam"]);
 * console.log(brier_score, recall); // → 0.0625 { ham: 1, spam: 1 }
 * ```
 *
 * @param classNames in the order that numbers the classes.
 * @throws StageError when probabilities, targets and names do not fit together.
 */
export function validationMetrics(
  probabilities: Probabilities,
  targets: ArrayLike<number>,
  classNames: readonly string[],
): ValidationMetrics {
  const of = classified(probabilities, targets);
  const classes = of.probabilities[0]?.length;
  if (classNames.length !== classes || new Set(classNames).size !== classes)
    throw new StageError(`there are ${classes} classes, but the names are ${classNames.join(", ")}.`);
  return metricsOf(of, classNames);
}

/** The ranking that looks for one class. */
function rankingOf(probabilities: Probabilities, targets: ArrayLike<number>, positive: number): Ranking {
  const of = classified(probabilities, targets);
  const classes = of.probabilities[0]?.length as number;
  if (!Number.isInteger(positive) || positive < 0 || positive >= classes)
    throw new StageError(`positive is ${positive}; it must be a class number, 0 to ${classes - 1}.`);
  return {
    scores: of.probabilities.map((row) => row[positive] as number),
    positives: Array.from(targets, (target) => target === positive),
  };
}
