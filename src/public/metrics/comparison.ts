import { memorization as memorizationOf } from "../../evaluate/memorization.ts";
import type { Memorization } from "../../records/training/memorization.ts";
import type { Prediction } from "../../records/training/predictions.ts";
import { type AccuracyComparison, compareAccuracy as compare } from "../../statistics/compare-accuracy.ts";
import { assertAsLong, assertClasses } from "./classified.ts";

/**
 * What training made of the labels that it was given, right and wrong ones, by the classes that the trained model predicts for its own
 * training data. Null where there are no labels of the kind.
 *
 * @example
 * ```ts
 * import { memorization } from "dvc-poison/metrics";
 *
 * const shares = memorization({ predicted: [1, 0, 0, 1], given: [1, 1, 0, 1], truth: [0, 0, 0, 1] });
 * console.log(shares); // → { wrong_labels_memorized: 0.5, true_labels_learned: 1 }
 * ```
 *
 * @param classes class numbers [n] each: what the model predicts, what training was told, what is true.
 * @throws StageError when the three are not of one length, or hold what is no class number.
 */
export function memorization(classes: {
  predicted: ArrayLike<number>;
  given: ArrayLike<number>;
  truth: ArrayLike<number>;
}): Memorization {
  const { predicted, given, truth } = classes;
  assertAsLong("given labels", given, "predictions", predicted);
  assertAsLong("true labels", truth, "predictions", predicted);
  for (const [name, values] of Object.entries({ predicted, given, truth })) assertClasses(name, values);
  return memorizationOf(classes);
}

/**
 * Compares two models on the same things: the difference of their accuracies with a 95 % interval (Bonett and Price 2012,
 * https://doi.org/10.3102/1076998611411915), and the exact McNemar test.
 *
 * @example
 * ```ts
 * import { compareAccuracy } from "dvc-poison/metrics";
 *
 * const before = [1, 1, 1, 1, 0];
 * const after = [1, 0, 0, 0, 0];
 * const { lost, gained, p } = compareAccuracy([1, 1, 1, 1, 0], before, after);
 * console.log(lost, gained, p.toFixed(4)); // → 3 0 0.2500
 * ```
 *
 * @param targets true class numbers [n]. @param before the first model's predicted classes [n]. @param after the second model's.
 * @throws StageError when the three are not of one length, or hold what is no class number.
 */
export function compareAccuracy(
  targets: ArrayLike<number>,
  before: ArrayLike<number>,
  after: ArrayLike<number>,
): PairedComparison {
  assertAsLong("predictions before", before, "targets", targets);
  assertAsLong("predictions after", after, "targets", targets);
  for (const [name, values] of Object.entries({ targets, before, after })) assertClasses(name, values);
  const rows = (predicted: ArrayLike<number>): Prediction[] =>
    Array.from(predicted, (value, i) => ({
      image: String(i),
      label: String(targets[i]),
      predicted: String(value),
      probability: 1,
    }));
  return compare(rows(before), rows(after)) as AccuracyComparison; // the same things, by their numbers
}

/** How the accuracies of two models on the same things differ, shares 0–1. */
export interface PairedComparison {
  /** How many things. */
  images: number;
  /** Right by the first model, wrong by the second. */
  lost: number;
  /** Wrong by the first model, right by the second. */
  gained: number;
  /** The second model's accuracy minus the first one's. */
  difference: number;
  /** 95 % interval of the difference. */
  interval: [number, number];
  /** Of the exact McNemar test: how likely a split as uneven as this were if neither model was better. */
  p: number;
}
