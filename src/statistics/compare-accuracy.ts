import type { Prediction } from "../records/training/predictions.ts";

/** How the accuracies of two models differ on the same images: head's minus base's, with a 95 % interval, all shares 0–1. */
export interface AccuracyComparison {
  difference: number;
  interval: [number, number];
  images: number;
  /** Right by base, wrong by head; and the other way round. */
  lost: number;
  gained: number;
  /** Exact McNemar test. */
  p: number;
}

/** The normal distribution's 97.5 % quantile. */
const Z = 1.959964;

/** Compares two models by their predictions, image by image. @returns nothing when the images or their true labels are not the same. */
export function compareAccuracy(
  base: readonly Prediction[],
  head: readonly Prediction[],
): AccuracyComparison | undefined {
  const before = new Map(base.map((row) => [row.image, row]));
  const same = base.length === head.length && head.every(({ image, label }) => before.get(image)?.label === label);
  if (!same) return undefined;
  const wasRight = (row: Prediction) => isRight(before.get(row.image) as Prediction);
  const lost = head.filter((row) => wasRight(row) && !isRight(row)).length;
  const gained = head.filter((row) => !wasRight(row) && isRight(row)).length;
  const images = head.length;
  // Bonett and Price (2012), https://doi.org/10.3102/1076998611411915
  const [down, up] = [(lost + 1) / (images + 2), (gained + 1) / (images + 2)];
  const half = Z * Math.sqrt((down + up - (up - down) ** 2) / (images + 2));
  return {
    images,
    lost,
    gained,
    difference: (gained - lost) / images,
    interval: [up - down - half, up - down + half],
    p: mcNemar(lost, gained),
  };
}

/**
 * Exact McNemar test: the probability of a split as uneven as this, or more, if an image that only one model gets right were as
 * likely to be either's. https://doi.org/10.1007/BF02295996
 */
export function mcNemar(lost: number, gained: number): number {
  const n = lost + gained;
  let term = -n * Math.LN2; // logarithm of the binomial probability of k of n, from k = 0
  let sum = 0;
  for (let k = 0; k <= Math.min(lost, gained); k++) {
    sum += Math.exp(term);
    term += Math.log((n - k) / (k + 1));
  }
  return Math.min(1, 2 * sum);
}

const isRight = ({ label, predicted }: Prediction): boolean => label === predicted;
